package typescript

import (
	"bytes"
	_ "embed" // the template
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/lintel-id/lintel/clients/generator/form"
)

//go:embed module.ts.tmpl
var module string

// How an operation is carried out, as bits of its data; src/core/operation.ts says the same.
const (
	mayRepeat  = 1 // asking twice is asking once
	takesKey   = 2 // an Idempotency-Key makes it so
	takesToken = 4 // a session's token goes along, or a back end's key
	answers    = 8 // a body is due where all is well
)

// Module is the TypeScript of a part of the contract; core is where it finds the types of
// an operation.
func Module(d *form.Document, core string) ([]byte, error) {
	made, err := template.New("module").Funcs(template.FuncMap{
		"shape": shape, "comment": comment, "input": input, "result": result, "data": data,
		"operationComment": operationComment, "lower": func(name string) string { return strings.ToLower(name[:1]) + name[1:] },
	}).Parse(module)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = made.Execute(&out, struct {
		*form.Document

		Core string
		Tags []string
	}{d, core, tags(d)})
	return out.Bytes(), err
}

// tags are the names of the discriminators of unions that the server may add to.
func tags(d *form.Document) (found []string) {
	for _, t := range d.Types {
		if t.Kind == form.Union && t.FromServer && !slices.Contains(found, t.Tag) {
			found = append(found, t.Tag)
		}
	}
	return found
}

func shape(s any) string {
	switch s := s.(type) {
	case form.Shape:
		return spell(s)
	case *form.Shape:
		return spell(*s)
	}
	return "never"
}

func spell(s form.Shape) string {
	var made string
	switch s.Kind {
	case form.String, form.Time:
		made = "string"
	case form.Int32, form.Int64:
		made = "number"
	case form.Boolean:
		made = "boolean"
		if len(s.Values) > 0 {
			made = strings.Join(s.Values, " | ")
		}
	case form.Named:
		made = s.Name
	case form.Map:
		made = "{ readonly [name: string]: unknown }"
	case form.Open:
		made = quoted(s.Values) + " | (string & {})"
	case form.Closed:
		made = quoted(s.Values)
	case form.List:
		made = "readonly " + spell(*s.Of) + "[]"
		if s.Of.Kind == form.Open || s.Of.Kind == form.Closed || s.Of.Nullable {
			made = "readonly (" + spell(*s.Of) + ")[]"
		}
	case form.Object, form.Union: // types, which stand where they are by their names
	}
	if s.Nullable {
		made += " | null"
	}
	return made
}

func quoted(values []string) string {
	made := make([]string, len(values))
	for i, value := range values {
		made[i] = strconv.Quote(value)
	}
	return strings.Join(made, " | ")
}

func comment(indent, text string) string {
	text = strings.ReplaceAll(strings.TrimSpace(text), "*/", "*∕")
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	if len(lines) == 1 {
		return indent + "/** " + text + " */\n"
	}
	var out strings.Builder
	out.WriteString(indent + "/**\n")
	for _, line := range lines {
		out.WriteString(strings.TrimRight(indent+" * "+line, " ") + "\n")
	}
	out.WriteString(indent + " */\n")
	return out.String()
}

func operationComment(o form.Operation) string {
	return comment("", o.Summary+".\n\n"+o.About()+"\n\n`"+o.Method+" "+o.Path+"`")
}

// input are the parameters by their names, a header's in small letters, and the body.
func input(o form.Operation) string {
	var members []string
	for _, p := range o.Parameters {
		members = append(members, member(inputName(p), p.Required, spell(p.Shape)))
	}
	if o.Credential == form.FlowToken {
		members = append(members, member("flow_token", true, "string"))
	}
	if o.Body != nil {
		members = append(members, member("body", o.Body.Required, spell(o.Body.Shape)))
	}
	if len(members) == 0 {
		return "{}"
	}
	return "{ " + strings.Join(members, "; ") + " }"
}

func member(name string, required bool, shape string) string {
	if required {
		return "readonly " + name + ": " + shape
	}
	return "readonly " + name + "?: " + shape
}

func inputName(p form.Parameter) string {
	return strings.ReplaceAll(strings.ToLower(p.Name), "-", "_")
}

func result(o form.Operation) string {
	if o.Result == nil {
		return "void"
	}
	return spell(*o.Result)
}

// data is [method, path, bits, headers]; what of the input is in none of these is asked for
// in the query.
func data(o form.Operation) string {
	bits := 0
	if o.Retry != form.Never {
		bits |= mayRepeat
	}
	if o.Keyed {
		bits |= takesKey
	}
	if o.TakesToken() {
		bits |= takesToken
	}
	if o.Result != nil {
		bits |= answers
	}
	made := fmt.Sprintf("[%q, %q, %d", o.Method, o.Path, bits)
	var headers []string
	for _, p := range o.Parameters {
		if p.In == "header" {
			headers = append(headers, fmt.Sprintf("%s: %q", inputName(p), p.Name))
		}
	}
	if o.Credential == form.FlowToken {
		headers = append(headers, `flow_token: "Lintel-Flow"`)
	}
	if len(headers) > 0 {
		made += ", { " + strings.Join(headers, ", ") + " }"
	}
	return made + "]"
}
