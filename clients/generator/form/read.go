package form

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// ErrContract says that the document holds what a client cannot be made of.
var ErrContract = errors.New("the contract")

const schemas = "#/components/schemas/"

// Read makes the form of a document.
func Read(document []byte) (*Document, error) {
	parsed, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	made := &Document{Title: parsed.Info.Title, Version: parsed.Info.Version}
	for path, item := range parsed.Paths.Map() {
		for method, operation := range item.Operations() {
			if onlyRedirects(operation.Responses) {
				continue
			}
			one, err := readOperation(method, path, item, operation)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			made.Operations = append(made.Operations, one)
		}
	}
	slices.SortFunc(made.Operations, func(a, b Operation) int { return cmp.Compare(a.ID, b.ID) })
	for _, name := range slices.Sorted(maps.Keys(parsed.Components.Schemas)) {
		one, err := readType(name, parsed.Components.Schemas[name].Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made.Types = append(made.Types, one)
	}
	if err := made.plain(); err != nil {
		return nil, err
	}
	if err := made.direct(); err != nil {
		return nil, err
	}
	return made, nil
}

func readOperation(method, path string, item *openapi3.PathItem, o *openapi3.Operation) (Operation, error) {
	made := Operation{
		ID: o.OperationID, Summary: o.Summary, Description: strings.TrimSpace(o.Description), Method: method, Path: path,
		Surface: Surface(extension(o.Extensions, "x-surface")), Retry: Retry(extension(o.Extensions, "x-retry")),
		Pages: extension(o.Extensions, "x-pagination") == "cursor", Credential: credential(o.Security),
		Scope: extension(o.Extensions, "x-scope"),
	}
	if len(o.Tags) != 1 || made.Surface == "" || made.Retry == "" {
		return made, fmt.Errorf("%w: it needs one tag, x-surface and x-retry", ErrContract)
	}
	made.Tag = o.Tags[0]
	for _, ref := range slices.Concat(item.Parameters, o.Parameters) {
		p := ref.Value
		if p.In == openapi3.ParameterInHeader && p.Name == "Idempotency-Key" {
			made.Keyed = true
			continue
		}
		shape, err := readShape(p.Schema)
		if err != nil {
			return made, fmt.Errorf("%s: %w", p.Name, err)
		}
		made.Parameters = append(made.Parameters, Parameter{
			Name: p.Name, In: p.In, Description: strings.TrimSpace(p.Description), Required: p.Required, Shape: shape,
		})
	}
	slices.SortFunc(made.Parameters, func(a, b Parameter) int {
		return cmp.Or(cmp.Compare(place(path, a), place(path, b)), cmp.Compare(a.Name, b.Name))
	})
	if err := made.readBody(o.RequestBody); err != nil {
		return made, err
	}
	err := made.readAnswer(o.Responses)
	return made, err
}

// place sorts path parameters by where they stand in the path, and before all others.
func place(path string, p Parameter) int {
	if at := strings.Index(path, "{"+p.Name+"}"); p.In == openapi3.ParameterInPath && at >= 0 {
		return at
	}
	return len(path)
}

func extension(all map[string]any, name string) string {
	text, _ := all[name].(string)
	return text
}

// credential reads the alternatives: cookie and bearer are the two of a session.
func credential(requirements *openapi3.SecurityRequirements) Credential {
	found, optional := NoCredential, false
	if requirements == nil {
		return found
	}
	for _, one := range *requirements {
		if len(one) == 0 {
			optional = true
		}
		for scheme := range one {
			switch scheme {
			case "flowToken":
				found = FlowToken
			case "managementKey", "operatorKey":
				found = ManagementKey
			default:
				found = SessionNeeded
			}
		}
	}
	if found == SessionNeeded && optional {
		return MaybeSession
	}
	return found
}

func (o *Operation) readBody(ref *openapi3.RequestBodyRef) error {
	if ref == nil {
		return nil
	}
	contentType, media, err := only(ref.Value.Content)
	if err != nil {
		return err
	}
	shape, err := readShape(media.Schema)
	if err != nil {
		return err
	}
	o.Body = &Body{ContentType: contentType, Required: ref.Value.Required, Shape: shape}
	return nil
}

// readAnswer reads the one status of success; all others are problems.
func (o *Operation) readAnswer(answers *openapi3.Responses) error {
	for status, ref := range answers.Map() {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		if o.Status != 0 {
			return fmt.Errorf("%w: it has two statuses of success", ErrContract)
		}
		o.Status, _ = strconv.Atoi(status)
		if len(ref.Value.Content) == 0 {
			continue
		}
		_, media, err := only(ref.Value.Content)
		if err != nil {
			return err
		}
		shape, err := readShape(media.Schema)
		if err != nil {
			return err
		}
		o.Result = &shape
	}
	if o.Status == 0 {
		return fmt.Errorf("%w: it has no status of success", ErrContract)
	}
	return nil
}

// onlyRedirects finds what leads a browser elsewhere, which is for browsers and no method of
// a client.
func onlyRedirects(answers *openapi3.Responses) bool {
	redirects := false
	for status := range answers.Map() {
		if strings.HasPrefix(status, "2") {
			return false
		}
		redirects = redirects || strings.HasPrefix(status, "3")
	}
	return redirects
}

func only(content openapi3.Content) (string, *openapi3.MediaType, error) {
	if len(content) != 1 {
		return "", nil, fmt.Errorf("%w: a body has one content type, not %d", ErrContract, len(content))
	}
	for contentType, media := range content {
		return contentType, media, nil
	}
	panic("unreachable")
}
