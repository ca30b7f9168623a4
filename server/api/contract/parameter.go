package contract

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// Values gives what was sent for a parameter: nothing, one value, or more where it
// was repeated. In is path, query or header.
type Values func(in, name string) []string

type parameter struct {
	in, name string
	required bool
	kind     string // string, integer or boolean
	schema   *openapi3.Schema
}

var errParameter = errors.New("a parameter is a string, an integer or a boolean in the path, the query or a header")

func compileParameter(p *openapi3.Parameter) (parameter, error) {
	if p.Schema == nil || p.Schema.Value.Type == nil {
		return parameter{}, errParameter
	}
	compiled := parameter{
		in: p.In, name: p.Name, required: p.Required, schema: p.Schema.Value,
	}
	for _, kind := range []string{openapi3.TypeString, openapi3.TypeInteger, openapi3.TypeBoolean} {
		if p.Schema.Value.Type.Is(kind) {
			compiled.kind = kind
		}
	}
	if compiled.kind == "" {
		return parameter{}, errParameter
	}
	switch p.In {
	case openapi3.ParameterInPath, openapi3.ParameterInQuery, openapi3.ParameterInHeader:
		return compiled, nil
	}
	return parameter{}, errParameter
}

// HasParameters tells whether there are parameters to check, and HasQuery whether the
// query is part of it. Whoever manages is told of every parameter that there is not: a
// filter that was mistyped would find all.
func (o *Operation) HasParameters() bool { return len(o.parameters) > 0 || o.Managed() }

// HasQuery tells whether the query has to be read.
func (o *Operation) HasQuery() bool { return o.query || o.Managed() }

// CheckQuery tells which names of a management operation's query the document does not
// have. What pages are called with besides, such as by those who count visits, is nobody's
// business on the other surfaces.
func (o *Operation) CheckQuery(query map[string][]string) []fault.Field {
	if !o.Managed() {
		return nil
	}
	var fields []fault.Field
	for _, name := range slices.Sorted(maps.Keys(query)) {
		known := slices.ContainsFunc(o.parameters, func(p parameter) bool { return p.in == openapi3.ParameterInQuery && p.name == name })
		if known {
			continue
		}
		if len(fields) == maxFields {
			break
		}
		pointer := "#query/" + name
		if len(name) > maxNameInPointer || !utf8.ValidString(name) {
			pointer = "#query" // the caller's own text is not repeated at any length
		}
		fields = append(fields, fault.Field{Pointer: pointer, Code: "unknown", Detail: "The operation has no such parameter."})
	}
	return fields
}

// CheckParameters tells what is wrong with the parameters that the document names.
func (o *Operation) CheckParameters(values Values) []fault.Field {
	var fields []fault.Field
	for _, p := range o.parameters {
		pointer := "#" + p.in + "/" + p.name
		sent := values(p.in, p.name)
		switch {
		case len(sent) > 1:
			fields = append(fields, fault.Field{Pointer: pointer, Code: "duplicate", Detail: "Send this once."})
		case len(sent) == 1:
			fields = append(fields, o.checkParameter(p, pointer, sent[0])...)
		case p.required:
			fields = append(fields, fault.Field{Pointer: pointer, Code: "required", Detail: "This is required."})
		}
	}
	return fields
}

func (o *Operation) checkParameter(p parameter, pointer, text string) []fault.Field {
	switch p.kind {
	case openapi3.TypeString:
		return check(p.schema, text, pointer, o.options)
	case openapi3.TypeBoolean:
		if text != "true" && text != "false" {
			return []fault.Field{{Pointer: pointer, Code: "type", Detail: "This has to be true or false."}}
		}
		return nil
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(number, 10) != text {
		return []fault.Field{{Pointer: pointer, Code: "type", Detail: "This has to be a whole number."}}
	}
	if p.schema.Format == "int32" && int64(int32(number)) != number {
		return []fault.Field{{Pointer: pointer, Code: "maximum", Detail: "This number is larger than any that is read here."}}
	}
	return check(p.schema, number, pointer, o.options)
}

// CheckBody tells what is wrong with a body: a value as encoding/json reads it,
// with json.Number for numbers.
func (o *Operation) CheckBody(value any) []fault.Field {
	if o.body == nil {
		return nil
	}
	return check(o.body, value, "", o.options)
}
