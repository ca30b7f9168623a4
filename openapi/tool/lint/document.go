package lint

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// documentRules keep the document as a whole readable by every tool.
func documentRules() []Rule {
	return []Rule{
		{ID: "version", Reason: "Tools read the version first: the contract is OpenAPI 3.1.0.", check: checkVersion},
		{ID: "common-subset", Reason: "The 3.0.3 copy is mechanical only while the contract keeps to what both versions say.", check: checkKeywords},
		{ID: "ref-alone", Reason: "OpenAPI 3.0 ignores what stands beside a reference.", check: checkRefAlone},
		{ID: "valid", Reason: "Both forms of the document pass a validator, or no tool can be trusted with them.", check: checkValid},
		{ID: "used", Reason: "What nothing refers to is not in the document, and whoever wrote it believes that it is.", check: checkUsed},
		{ID: "nameplate", Reason: "A capability is one file of its tag's name, so that nobody has to search.", check: checkNameplate},
	}
}

func checkVersion(c *contract, report func(string, string, ...any)) {
	if version := text(c.tree, "openapi"); version != "3.1.0" {
		report("/openapi", "it is %q and has to be 3.1.0", version)
	}
}

var forbiddenKeywords = []string{
	"const", "patternProperties", "if", "then", "else", "dependentRequired", "dependentSchemas",
	"contains", "minContains", "maxContains", "unevaluatedProperties", "unevaluatedItems", "anyOf",
	"not", "prefixItems", "propertyNames", "contentMediaType", "contentSchema",
	"$defs", "$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "nullable", "readOnly", "writeOnly",
}

func checkKeywords(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		for _, keyword := range forbiddenKeywords {
			if _, has := s.node[keyword]; has {
				report(s.pointer, "%s is not used here", keyword)
			}
		}
		_, several := s.node["type"].([]any)
		if several && (len(types(s.node)) != 1 || !nullable(s.node)) {
			report(s.pointer, "type is one type, or a list of one type and 'null'")
		}
	}
}

func checkRefAlone(c *contract, report func(string, string, ...any)) {
	for _, file := range keys(c.bundle.Files) {
		bundle.Walk(c.bundle.Files[file], func(pointer string, node object) {
			if _, isRef := node["$ref"].(string); isRef && len(node) > 1 {
				report(file+"#"+pointer, "$ref stands alone; put the rest into the component")
			}
		})
	}
}

func checkValid(c *contract, report func(string, string, ...any)) {
	ctx := context.Background()
	if err := c.bundle.Doc.Validate(ctx, openapi3.DisableExamplesValidation()); err != nil {
		report("", "as 3.1.0: %s", firstLine(err))
	}
	older, err := c.older()
	if err == nil {
		err = older.Validate(ctx, openapi3.DisableExamplesValidation())
	}
	if err != nil {
		report("", "as 3.0.3: %s", firstLine(err))
	}
}

// older loads the 3.0.3 copy, the form in which requests are validated when the server runs.
func (c *contract) older() (*openapi3.T, error) {
	tree, err := bundle.Older(c.tree)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(bytes.TrimSpace(data))
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func checkUsed(c *contract, report func(string, string, ...any)) {
	reached := map[string]bool{}
	for _, source := range c.bundle.Sources {
		file, fragment, _ := strings.Cut(source, "#")
		reached[file+"#"+fragment] = true
	}
	for _, file := range keys(c.bundle.Files) {
		declared, _ := c.bundle.Files[file].(object)
		if !strings.Contains(file, "/") {
			continue
		}
		for _, name := range keys(declared) {
			escaped := file + "#/" + bundle.Escape(name)
			if !reached[escaped] && !reached[file+"#/"+name] {
				report(escaped, "nothing refers to it")
			}
		}
	}
	mentioned := c.mentioned()
	for _, group := range []string{"parameters", "responses", "headers", "requestBodies"} {
		for _, name := range keys(at(c.tree, "components", group)) {
			ref := "#/components/" + group + "/" + name
			if !mentioned[ref] {
				report(strings.TrimPrefix(ref, "#"), "nothing refers to it")
			}
		}
	}
}

// mentioned holds every reference of the document.
func (c *contract) mentioned() map[string]bool {
	found := map[string]bool{}
	bundle.Walk(c.tree, func(_ string, node object) {
		if ref, isRef := node["$ref"].(string); isRef {
			found[ref] = true
		}
	})
	return found
}

func checkNameplate(c *contract, report func(string, string, ...any)) {
	declared := map[string]bool{}
	for _, entry := range list(c.tree, "tags") {
		tag, _ := entry.(object)
		declared[text(tag, "name")] = true
		if text(tag, "description") == "" {
			report("/tags", "the tag %q needs a description", text(tag, "name"))
		}
	}
	for _, o := range c.operations {
		file, _, _ := strings.Cut(c.bundle.Sources["paths/"+o.path], "#")
		if tag := o.tag(); tag != "" && file != "paths/"+tag+".yaml" {
			report(o.pointer, "its tag is %s, so it belongs into paths/%s.yaml", tag, tag)
		}
		if tag := o.tag(); tag != "" && !declared[tag] {
			report(o.pointer, "the tag %s is not listed in openapi.yaml", tag)
		}
	}
	for _, file := range keys(c.bundle.Files) {
		tag := strings.TrimSuffix(strings.TrimPrefix(file, "paths/"), ".yaml")
		used := slices.ContainsFunc(c.operations, func(o operation) bool { return o.tag() == tag })
		if strings.HasPrefix(file, "paths/") && !used {
			report(file+"#", "no operation has its tag")
		}
	}
}
