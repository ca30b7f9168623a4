package golang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/clients/generator/form"
)

// jsonBody is the content type that the wire package needs no words for.
const jsonBody = "application/json"

// flowID is the parameter that a flow's token belongs to.
const flowID = "flow_id"

// What starts a flow names in its member accepts the kinds of the union Step.
const (
	acceptsField = "accepts"
	stepUnion    = "Step"
)

// method is an operation as Go writes it.
type method struct {
	Name      string
	Comment   string
	Signature string // the arguments after ctx, each with a comma before it
	Operation string // how it is carried out
	Given     string // reads the options, where arguments stand among them
	Request   string // the call of the wire package
	Result    string // empty where there is nothing to read
	Params    *params
	All       *all
}

// params are the parameters of an operation beside path and body.
type params struct {
	Name, Comment string
	Required      bool // so that they are an argument, and no option
}

// all is how the items of a list are read across its pages.
type all struct{ Name, Item, Arguments string }

// written collects a method's pieces while its parameters are read.
type written struct {
	signature, arguments, wire, path []string
	operation                        []string
}

func (w *written) argument(name, kind string) {
	w.signature = append(w.signature, name+" "+kind)
	w.arguments = append(w.arguments, name)
}

func (s *speller) method(o form.Operation) (method, error) {
	made := method{Name: Exported(o.ID)}
	w := &written{operation: []string{fmt.Sprintf("Name: %q", o.ID)}}
	if err := s.path(o, w); err != nil {
		return made, err
	}
	s.beside(o, w, &made)
	request, err := s.body(o, w)
	if err != nil {
		return made, err
	}
	if s.accepts(o) {
		field := variable(o.Body.Shape.Name) + "." + Exported(acceptsField)
		filled := "if " + field + " == nil {\n" + field + " = " + stepUnion + "Types()\n}"
		made.Given = strings.TrimPrefix(made.Given+"\n"+filled, "\n")
	}
	w.manners(o)
	made.Comment = describe(made, o)
	if s.accepts(o) {
		made.Comment += "\n\nWithout " + Exported(acceptsField) + ", the server is told of all [" + stepUnion + "Types]."
	}
	made.Operation = strings.Join(w.operation, ", ")
	made.Request = "wire.New" + made.Name + request + "(" + strings.Join(append([]string{"call.Server()"}, w.wire...), ", ") + ")"
	for _, argument := range w.signature {
		made.Signature += ", " + argument
	}
	err = s.answer(o, w, &made)
	return made, err
}

// beside spells the parameters of the query and the header. A header that has to be there,
// such as If-Match, is an argument; whatever else has to be makes all of them one.
func (s *speller) beside(o form.Operation, w *written, made *method) {
	var arguments []form.Parameter
	optional, required := false, false
	for _, p := range o.Parameters {
		_, err := s.text(p.Shape)
		switch {
		case p.In == "path":
		case p.Required && p.In == "header" && err == nil:
			arguments = append(arguments, p)
		case p.Required:
			required = true
		default:
			optional = true
		}
	}
	name := made.Name + "Params"
	switch {
	case required:
		made.Params = &params{Name: name, Required: true, Comment: name + " are the parameters of [Client." + made.Name + "]."}
		w.argument("params", name)
		w.wire = append(w.wire, "(*wire."+name+")(&params)")
		return
	case optional:
		made.Params = &params{Name: name, Comment: name + " may be given to [Client." + made.Name + "] as one of its options."}
	}
	var filled, set []string
	for _, p := range arguments {
		field, argument := Exported(p.Name), unexported(p.Name)
		kind, _ := s.text(p.Shape)
		w.argument(argument, kind)
		filled, set = append(filled, field+": "+argument), append(set, "params."+field+" = "+argument)
	}
	switch {
	case optional && len(arguments) > 0:
		made.Params.Comment += " What is an argument there is taken from there."
		made.Given = "params := exchange.Value(exchange.Given[" + name + "](call))\n" + strings.Join(set, "\n")
		w.wire = append(w.wire, "(*wire."+name+")(&params)")
	case optional:
		w.wire = append(w.wire, "(*wire."+name+")(exchange.Given["+name+"](call))")
	case len(arguments) > 0:
		w.wire = append(w.wire, "&wire."+name+"{"+strings.Join(filled, ", ")+"}")
	case o.Keyed:
		w.wire = append(w.wire, "nil")
	}
}

// path spells what stands in the path. The id of a flow and the token that opens it are one
// argument: two texts side by side get mixed up, and a token in an address gets logged.
func (s *speller) path(o form.Operation, w *written) error {
	opened := false
	for _, p := range o.Parameters {
		if p.In != "path" {
			continue
		}
		name, value := unexported(p.Name), unexported(p.Name)
		if o.Credential == form.FlowToken && p.Name == flowID {
			opened, value = true, "flow.ID"
			w.argument("flow", "FlowAccess")
		} else {
			kind, err := s.text(p.Shape)
			if err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			w.argument(name, kind)
		}
		w.wire = append(w.wire, value)
		w.path = append(w.path, fmt.Sprintf("{Name: %q, Value: %s}", p.Name, value))
	}
	switch {
	case opened:
		w.operation = append(w.operation, "Flow: flow.Token")
	case o.Credential == form.FlowToken:
		w.argument("flowToken", "string")
		w.operation = append(w.operation, "Flow: flowToken")
	}
	if len(w.path) > 0 {
		w.operation = append(w.operation, "Path: []exchange.Segment{"+strings.Join(w.path, ", ")+"}")
	}
	return nil
}

// text spells a parameter that is a text.
func (s *speller) text(shape form.Shape) (string, error) {
	if shape.Kind == form.Named {
		if t := s.Type(shape.Name); t != nil && t.Kind == form.String {
			return shape.Name, nil
		}
	}
	if shape.Kind == form.String {
		return "string", nil
	}
	return "", fmt.Errorf("%w: what stands in a path is a text", form.ErrContract)
}

// body spells the last argument and tells how the wire package calls that sort of request.
func (s *speller) body(o form.Operation, w *written) (string, error) {
	request := "Request"
	if o.Body == nil {
		return request, nil
	}
	if !o.Body.Required || o.Body.Shape.Kind != form.Named {
		return "", fmt.Errorf("%w: a body is required, and a component", form.ErrContract)
	}
	if o.Body.ContentType != jsonBody {
		request += "With" + Exported(strings.ReplaceAll(o.Body.ContentType, "+", " plus ")) + "Body"
	}
	name, kind := variable(o.Body.Shape.Name), o.Body.Shape.Name
	if t := s.Type(kind); t != nil && t.Kind == form.Union {
		w.argument(name, "*"+kind)
		w.wire = append(w.wire, "exchange.Value("+name+")")
		return request, nil
	}
	w.argument(name, kind)
	w.wire = append(w.wire, name)
	return request, nil
}

// accepts says whether the body names which kinds of step can be shown. Where the caller
// leaves that out it is filled in: a server then knows what an older program cannot show.
func (s *speller) accepts(o form.Operation) bool {
	if o.Body == nil {
		return false
	}
	body, steps := s.Type(o.Body.Shape.Name), s.Type(stepUnion)
	return body != nil && steps != nil && steps.Kind == form.Union && steps.FromServer &&
		slices.ContainsFunc(body.Fields, func(f form.Field) bool { return f.Name == acceptsField && !f.Required })
}

func (w *written) manners(o form.Operation) {
	if o.Retry != form.Never {
		w.operation = append(w.operation, "Repeats: true")
	}
	if o.Keyed {
		w.operation = append(w.operation, "Keyed: true")
	}
	if o.TakesToken() {
		w.operation = append(w.operation, "Token: true")
	}
}

// answer spells what is read, and for a page how all of them are.
func (s *speller) answer(o form.Operation, w *written, made *method) error {
	if o.Result == nil {
		return nil
	}
	if o.Result.Kind != form.Named {
		return fmt.Errorf("%w: an answer is a component", form.ErrContract)
	}
	made.Result = o.Result.Name
	if !o.Pages {
		return nil
	}
	page := s.Type(o.Result.Name)
	items := slices.IndexFunc(page.Fields, func(f form.Field) bool { return f.Name == "items" })
	if items < 0 || page.Fields[items].Shape.Kind != form.List || page.Fields[items].Shape.Of.Kind != form.Named {
		return fmt.Errorf("%w: a page has items, and they are components", form.ErrContract)
	}
	if made.Params == nil || made.Params.Required {
		return fmt.Errorf("%w: what is read by pages has a cursor, and needs no parameter beside it", form.ErrContract)
	}
	made.All = &all{Name: "All" + strings.TrimPrefix(made.Name, "List"), Item: page.Fields[items].Shape.Of.Name}
	for _, argument := range w.arguments {
		made.All.Arguments += ", " + argument
	}
	return nil
}

func describe(m method, o form.Operation) string {
	text := fmt.Sprintf("%s asks to %s: `%s %s`.", m.Name, lower(o.Summary), o.Method, o.Path)
	if about := o.About(); about != "" {
		text += "\n\n" + about
	}
	if m.Params != nil && !m.Params.Required {
		text += "\n\nIts optional parameters are [" + m.Params.Name + "]."
	}
	return text
}
