package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// eventKeywords are all that an event's schema is made of; the comparison between
// releases knows each of them.
var eventKeywords = []string{
	"type", "description", "properties", "required", "additionalProperties", "items", bundle.ExtensibleEnum,
	"format", "pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum",
}

var eventTypes = []string{"object", "array", "string", "integer", "boolean"}

func checkEventSchema(c *contract, report func(string, string, ...any)) {
	for _, event := range c.bundle.Events {
		if !isType(event.Data, "object") || event.Personal != nil && !isType(event.Personal, "object") {
			report(event.Source, "data and personal are objects")
		}
		eachPart(event, func(pointer, _ string, node object) {
			for _, fault := range eventSchemaFaults(node) {
				report(pointer, "%s", fault)
			}
		})
	}
}

func eventSchemaFaults(node object) (faults []string) {
	for _, keyword := range keys(node) {
		if !slices.Contains(eventKeywords, keyword) {
			faults = append(faults, keyword+" is not used here")
		}
	}
	of := types(node)
	if len(of) != 1 || !slices.Contains(eventTypes, of[0]) {
		return append(faults, "type is one of "+strings.Join(eventTypes, ", ")+", or a list of one and 'null'")
	}
	properties := at(node, "properties")
	switch of[0] {
	case "object":
		if closed := node["additionalProperties"]; closed != false && (closed != true || len(properties) > 0) {
			faults = append(faults, "an object is closed, or an open map without members of its own")
		}
		for _, name := range strs(list(node, "required")) {
			if properties[name] == nil {
				faults = append(faults, name+" is required and not described")
			}
		}
	case "array":
		if _, has := node["items"].(object); !has {
			faults = append(faults, "an array says what its items are")
		}
	}
	return faults
}

func checkEventExample(c *contract, report func(string, string, ...any)) {
	for _, event := range c.bundle.Events {
		if err := fits(event.Data, event.Example.Data); err != nil {
			report(event.Source+"/example/data", "%s", err)
		}
		if event.Personal == nil {
			continue
		}
		if err := fits(event.Personal, event.Example.Personal); err != nil {
			report(event.Source+"/example/personal", "%s", err)
		}
	}
}

// fits tells whether a value follows a schema.
//
// Spec: JSON Schema 2020-12.
func fits(schema, value object) error {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource("event.json", plain(schema)); err != nil {
		return err
	}
	compiled, err := compiler.Compile("event.json")
	if err != nil {
		return err
	}
	if err := compiled.Validate(plain(value)); err != nil {
		lines := strings.Split(err.Error(), "\n")
		return fmt.Errorf("%s", strings.TrimPrefix(lines[len(lines)-1], "- "))
	}
	return nil
}
