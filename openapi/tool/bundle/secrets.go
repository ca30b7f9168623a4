package bundle

import (
	"maps"
	"slices"
	"strings"
)

// Secret marks a property, parameter or header whose value must never be written down.
const Secret = "x-secret"

// SecretFields lists the names that carry secrets anywhere in the document, for the log
// redactor: marked properties and parameters, and what the security schemes read.
func SecretFields(tree map[string]any) []string {
	found := map[string]bool{}
	components, _ := tree["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	isSecret := func(node any) bool { return marked(node, schemas) }
	Walk(tree, func(_ string, object map[string]any) {
		for _, group := range []string{"properties", "headers"} {
			members, _ := object[group].(map[string]any)
			for name, member := range members {
				if isSecret(member) {
					found[name] = true
				}
			}
		}
		if name, isText := object["name"].(string); isText && isSecret(object) {
			found[name] = true
		}
	})
	schemes, _ := components["securitySchemes"].(map[string]any)
	for _, scheme := range schemes {
		for _, name := range schemeCarriers(scheme) {
			found[name] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// marked looks at the object itself, at its schema, and at the component it refers to.
func marked(node any, schemas map[string]any) bool {
	object, _ := node.(map[string]any)
	if object[Secret] == true {
		return true
	}
	if ref, isRef := object["$ref"].(string); isRef {
		target, _ := schemas[ref[strings.LastIndex(ref, "/")+1:]].(map[string]any)
		return target[Secret] == true
	}
	if schema, has := object["schema"].(map[string]any); has {
		return marked(schema, schemas)
	}
	return false
}

func schemeCarriers(node any) []string {
	scheme, _ := node.(map[string]any)
	name, _ := scheme["name"].(string)
	switch {
	case scheme["type"] != "apiKey":
		return []string{"Authorization"}
	case scheme["in"] == "cookie":
		return []string{name, "Cookie", "Set-Cookie"}
	default:
		return []string{name}
	}
}
