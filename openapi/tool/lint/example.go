package lint

import (
	"encoding/json"
	"maps"
	"net/mail"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// exampleRules keep the examples, which become docs, tests and a stub server, true.
func exampleRules() []Rule {
	return []Rule{
		{ID: "example", Reason: "Nobody should have to guess what a body looks like.", check: checkExample},
		{ID: "example-valid", Reason: "An example that the server would refuse, or never answer, teaches a mistake.", check: checkExampleValid},
	}
}

func checkExample(c *contract, report func(string, string, ...any)) {
	bundle.Walk(c.tree, func(pointer string, node object) {
		if !strings.Contains(pointer, "/content/") || node["schema"] == nil {
			return
		}
		if node["example"] == nil && len(at(node, "examples")) == 0 {
			report(pointer, "the body needs an example")
		}
	})
}

// formats are those that the validator does not know by itself.
var formats = map[string]openapi3.StringFormatValidator{
	"email": openapi3.NewCallbackValidator(func(s string) error {
		_, err := mail.ParseAddress(s)
		return err
	}),
	"uri": openapi3.NewCallbackValidator(func(s string) error {
		u, err := url.Parse(s)
		if err == nil && !u.IsAbs() {
			return &url.Error{Op: "parse", URL: s, Err: url.InvalidHostError(s)}
		}
		return err
	}),
	"uuid": openapi3.NewRegexpFormatValidator(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`),
}

func checkExampleValid(c *contract, report func(string, string, ...any)) {
	var pointers []string
	nodes, guests := map[string]object{}, object{}
	bundle.Walk(c.tree, func(pointer string, node object) {
		if len(examplesOf(node)) == 0 {
			return
		}
		schema, has := node["schema"].(object)
		if !has {
			schema = node
		}
		pointers, nodes[pointer] = append(pointers, pointer), node
		guests["Guest"+number(len(pointers))] = schema
	})
	schemas, err := c.host(guests)
	if err != nil {
		return // the rule valid says so
	}
	for i, pointer := range pointers {
		schema := schemas["Guest"+number(i+1)]
		examples := examplesOf(nodes[pointer])
		for _, step := range keys(examples) {
			err := schema.Value.VisitJSON(plain(examples[step]),
				openapi3.WithStringFormatValidators(formats), openapi3.EnableFormatValidation())
			if err != nil {
				report(pointer+"/"+step, "%s", firstLine(err))
			}
		}
	}
}

// host loads schemas as guests of the contract's own, so that their references lead
// somewhere, in the form in which the running server validates.
func (c *contract) host(guests object) (openapi3.Schemas, error) {
	schemas := maps.Clone(at(c.tree, "components", "schemas"))
	maps.Copy(schemas, guests)
	tree, err := bundle.Older(object{
		"openapi": "3.1.0", "info": object{"title": "examples", "version": "1"}, "paths": object{},
		"components": object{"schemas": schemas},
	})
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, err
	}
	return doc.Components.Schemas, nil
}

func examplesOf(node object) map[string]any {
	found := map[string]any{}
	if example, has := node["example"]; has {
		found["example"] = example
	}
	for name, entry := range at(node, "examples") {
		example, _ := entry.(object)
		found["examples/"+bundle.Escape(name)] = example["value"]
	}
	for i, example := range list(node, "examples") {
		found["examples/"+number(i)] = example
	}
	return found
}

// plain gives a value with the number type that the validator expects.
func plain(value any) any {
	data, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		return nil
	}
	return out
}
