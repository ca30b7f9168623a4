package contract

import (
	"errors"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// The names of the ways to authenticate, as the document has them.
const (
	SessionCookie = "sessionCookie"
	SessionToken  = "sessionToken"
	FlowToken     = "flowToken"
	ManagementKey = "managementKey"
	OperatorKey   = "operatorKey"
)

// Operation is one operation of the document.
type Operation struct {
	ID     string
	Method string
	Path   string // as the document writes it
	// ContentType is of the body it reads; empty when it reads none.
	ContentType string
	// Public operations are for anybody and look at no credential.
	Public bool
	// Optional operations take a session and do without.
	Optional bool
	// Session and Flow say which credentials are looked at.
	Session, Flow bool
	// Scope is what an API key has to be good for; empty where none is looked at.
	Scope string
	// Operator operations are answered to an operator key only.
	Operator bool
	// Keyed operations take an Idempotency-Key.
	Keyed bool
	// Fresh operations need a recent proof.
	Fresh bool
	// Guests need none for the operation: their session is all that there is to show.
	Guests bool
	// Safe operations only read.
	Safe bool
	// Unlimited operations are answered as often as anybody asks.
	Unlimited bool
	// Test operations are for tests; Withheld ones are not served here.
	Test, Withheld bool
	// Waits is how many seconds a caller may ask it to take; mostly 0.
	Waits int

	body       *openapi3.Schema
	parameters []parameter
	query      bool // whether any parameter is of the query
	options    []openapi3.SchemaValidationOption
}

// Signed tells whether the operation is answered to a session, or a key, only.
func (o *Operation) Signed() bool { return o.Session && !o.Optional || o.Managed() }

// Managed tells whether the operation is answered to an API key or an operator key only.
func (o *Operation) Managed() bool { return o.Scope != "" || o.Operator }

var (
	errScheme = errors.New("an unknown way to authenticate")
	errScope  = errors.New("an API key is asked for with x-scope, an operator key without, and either with nothing beside it")
	errBody   = errors.New("a body has to be required and of one content type with a schema")
)

func (c *Contract) compile(doc *openapi3.T, method, template string, item *openapi3.PathItem, operation *openapi3.Operation) (*Operation, error) {
	o := &Operation{
		ID: operation.OperationID, Method: method, Path: template, Safe: isSafe(method), options: c.options,
		Fresh:     operation.Extensions["x-fresh-authentication"] == true,
		Guests:    operation.Extensions["x-guest-authentication"] == true,
		Test:      operation.Extensions["x-surface"] == "test",
		Unlimited: operation.Extensions["x-rate-limit"] == "none",
	}
	if err := o.secure(doc, operation); err != nil {
		return nil, err
	}
	if operation.RequestBody != nil {
		body := operation.RequestBody.Value
		if !body.Required || len(body.Content) != 1 {
			return nil, errBody
		}
		for contentType, media := range body.Content {
			if media.Schema == nil {
				return nil, errBody
			}
			o.ContentType, o.body = contentType, media.Schema.Value
		}
	}
	for _, list := range []openapi3.Parameters{item.Parameters, operation.Parameters} {
		for _, ref := range list {
			compiled, err := compileParameter(ref.Value)
			if err != nil {
				return nil, fmt.Errorf("parameter %s: %w", ref.Value.Name, err)
			}
			o.parameters = append(o.parameters, compiled)
			o.query = o.query || compiled.in == openapi3.ParameterInQuery
			o.Keyed = o.Keyed || compiled.name == "Idempotency-Key"
			if compiled.name == "wait" && compiled.schema.Max != nil {
				o.Waits = int(*compiled.schema.Max)
			}
		}
	}
	return o, nil
}

// secure reads the alternatives. What it does not know is refused at the start, so
// that nothing is open by a slip of the pen.
func (o *Operation) secure(doc *openapi3.T, operation *openapi3.Operation) error {
	o.Scope, _ = operation.Extensions["x-scope"].(string)
	managed := false
	requirements := doc.Security
	if operation.Security != nil {
		requirements = *operation.Security
	}
	for _, alternative := range requirements {
		if len(alternative) > 1 {
			return errScheme
		}
		o.Optional = o.Optional || len(alternative) == 0
		for name := range alternative {
			switch name {
			case SessionCookie, SessionToken:
				o.Session = true
			case FlowToken:
				o.Flow = true
			case ManagementKey:
				managed = true
			case OperatorKey:
				o.Operator = true
			default:
				return errScheme
			}
		}
	}
	if managed != (o.Scope != "") || managed && o.Operator || o.Managed() && len(requirements) != 1 {
		return errScope
	}
	o.Public = !o.Session && !o.Flow && !o.Managed()
	if o.Session && o.Flow || o.Optional && o.Flow || o.Public && operation.Security == nil {
		return errScheme
	}
	return nil
}
