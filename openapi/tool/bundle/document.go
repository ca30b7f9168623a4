package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Tree gives the document as plain maps and lists. Numbers keep their digits.
func (b *Bundle) Tree() (map[string]any, error) {
	data, err := json.Marshal(b.Doc)
	if err != nil {
		return nil, fmt.Errorf("write the document: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var tree map[string]any
	if err := decoder.Decode(&tree); err != nil {
		return nil, fmt.Errorf("read the document back: %w", err)
	}
	return tree, nil
}

// JSON writes a tree with sorted members, so that equal contracts are equal bytes.
func JSON(tree any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(tree); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// YAML writes a tree with sorted members, for people who read.
func YAML(tree any) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(plainNumbers(tree)); err != nil {
		return nil, err
	}
	if err := encoder.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// plainNumbers turns JSON numbers, which YAML would quote, into Go numbers.
func plainNumbers(node any) any {
	switch value := node.(type) {
	case map[string]any:
		out := make(map[string]any, len(value))
		for key, member := range value {
			out[key] = plainNumbers(member)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = plainNumbers(item)
		}
		return out
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole
		}
		fraction, err := value.Float64()
		if err != nil {
			return value.String()
		}
		return fraction
	default:
		return node
	}
}

// named are the members whose own members are names and not keywords.
var named = map[string]bool{
	"paths": true, "webhooks": true, "responses": true, "content": true, "headers": true,
	"properties": true, "schemas": true, "parameters": true, "requestBodies": true,
	"securitySchemes": true, "callbacks": true, "links": true, "encoding": true,
	"variables": true, "pathItems": true, "patternProperties": true, "$defs": true,
}

// opaque are the members that hold values and never a schema.
var opaque = map[string]bool{
	"example": true, "examples": true, "default": true, "enum": true, "const": true,
	"mapping": true, "scopes": true, "security": true, "required": true,
}

// Walk visits every object of a document that is a keyword object, with its JSON Pointer,
// parents first. It does not enter examples, defaults, enumerations or extensions.
func Walk(tree any, visit func(pointer string, object map[string]any)) {
	walk("", tree, false, visit)
}

func walk(pointer string, node any, names bool, visit func(string, map[string]any)) {
	switch value := node.(type) {
	case map[string]any:
		if !names {
			visit(pointer, value)
		}
		for _, key := range sortedKeys(value) {
			if !names && (opaque[key] || strings.HasPrefix(key, "x-")) {
				continue
			}
			walk(pointer+"/"+Escape(key), value[key], !names && named[key], visit)
		}
	case []any:
		for i, item := range value {
			walk(fmt.Sprintf("%s/%d", pointer, i), item, false, visit)
		}
	}
}

// Escape makes a name a segment of a JSON Pointer.
//
// Spec: RFC 6901 §3.
func Escape(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// Unescape gives the name back that a segment of a JSON Pointer stands for.
//
// Spec: RFC 6901 §4.
func Unescape(segment string) string {
	return strings.ReplaceAll(strings.ReplaceAll(segment, "~1", "/"), "~0", "~")
}
