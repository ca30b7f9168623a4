package bundle

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Older gives the 3.0.3 copy of a 3.1.0 tree, for tools that stopped there. The contract
// keeps to what both versions can say, so that every change is mechanical.
func Older(tree map[string]any) (map[string]any, error) {
	older, ok := clone(tree).(map[string]any)
	if !ok {
		return nil, errors.New("the document is not an object")
	}
	older["openapi"] = "3.0.3"
	delete(older, "jsonSchemaDialect")
	if hooks, has := older["webhooks"]; has {
		older["x-webhooks"] = hooks
		delete(older, "webhooks")
	}
	olderLicence(older)
	var faults []error
	Walk(older, func(pointer string, object map[string]any) {
		if err := olderObject(object); err != nil {
			faults = append(faults, fmt.Errorf("#%s: %w", pointer, err))
		}
	})
	return older, errors.Join(faults...)
}

func olderLicence(tree map[string]any) {
	info, _ := tree["info"].(map[string]any)
	delete(info, "summary")
	licence, _ := info["license"].(map[string]any)
	if identifier, has := licence["identifier"]; has {
		delete(licence, "identifier")
		licence["url"] = fmt.Sprintf("https://spdx.org/licenses/%v.html", identifier)
	}
}

func olderObject(object map[string]any) error {
	if ref, has := object["$ref"]; has && len(object) > 1 {
		clear(object)
		object["$ref"] = ref
		return nil
	}
	if examples, isList := object["examples"].([]any); isList {
		delete(object, "examples")
		if _, has := object["example"]; !has && len(examples) > 0 {
			object["example"] = examples[0]
		}
	}
	if value, has := object["const"]; has {
		delete(object, "const")
		object["enum"] = []any{value}
	}
	if object["contentEncoding"] == "base64" {
		delete(object, "contentEncoding")
		object["format"] = "byte"
	}
	olderBound(object, "exclusiveMinimum", "minimum")
	olderBound(object, "exclusiveMaximum", "maximum")
	return olderType(object)
}

func olderBound(object map[string]any, exclusive, bound string) {
	value, has := object[exclusive]
	if _, flag := value.(bool); !has || flag {
		return
	}
	object[bound] = value
	object[exclusive] = true
}

// olderType writes type: [X, 'null'] as a nullable X.
func olderType(object map[string]any) error {
	types, isList := object["type"].([]any)
	if !isList {
		return nil
	}
	rest := slices.DeleteFunc(slices.Clone(types), func(t any) bool { return t == "null" })
	if len(rest) != 1 {
		return fmt.Errorf("type %v has no equal in 3.0", types)
	}
	object["type"] = rest[0]
	if len(rest) == len(types) {
		return nil
	}
	object["nullable"] = true
	if values, has := object["enum"].([]any); has && !slices.Contains(values, nil) {
		object["enum"] = append(slices.Clone(values), nil)
	}
	return nil
}

func clone(node any) any {
	switch value := node.(type) {
	case map[string]any:
		out := make(map[string]any, len(value))
		for key, member := range value {
			out[key] = clone(member)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = clone(item)
		}
		return out
	default:
		return node
	}
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
