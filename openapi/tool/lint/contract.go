package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// contract is the joined document in the views that the rules share.
type contract struct {
	bundle     *bundle.Bundle
	tree       object
	operations []operation
	schemas    []site
	// requests and responses hold the component schemas that a body or parameter of that
	// direction can reach.
	requests, responses map[string]bool
}

// object is a JSON object of the document.
type object = map[string]any

// operation is one method of one path.
type operation struct {
	path, method, pointer string
	node                  object
	parameters            []parameter
}

// parameter is a parameter of an operation with its reference followed.
type parameter struct {
	pointer string
	node    object
}

func newContract(b *bundle.Bundle) (*contract, error) {
	tree, err := b.Tree()
	if err != nil {
		return nil, err
	}
	c := &contract{bundle: b, tree: tree, requests: map[string]bool{}, responses: map[string]bool{}}
	c.findOperations()
	c.findSchemas()
	for _, o := range c.operations {
		c.reach(o.node["requestBody"], c.requests)
		c.reach(o.node["responses"], c.responses)
		for _, p := range o.parameters {
			c.reach(p.node, c.requests)
		}
	}
	return c, nil
}

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

func (c *contract) findOperations() {
	paths := at(c.tree, "paths")
	for _, path := range keys(paths) {
		item := at(paths, path)
		for _, method := range methods {
			node, has := item[method].(object)
			if !has {
				continue
			}
			base := "/paths/" + bundle.Escape(path)
			o := operation{path: path, method: method, pointer: base + "/" + method, node: node}
			o.parameters = append(c.parametersOf(base, item), c.parametersOf(o.pointer, node)...)
			c.operations = append(c.operations, o)
		}
	}
}

func (c *contract) parametersOf(pointer string, node object) []parameter {
	var found []parameter
	for i, item := range list(node, "parameters") {
		entry, _ := item.(object)
		found = append(found, parameter{pointer: pointer + "/parameters/" + number(i), node: c.follow(entry)})
	}
	return found
}

// follow gives what a reference stands for, or the object itself.
func (c *contract) follow(node object) object {
	for range 10 {
		ref, isRef := node["$ref"].(string)
		if !isRef {
			return node
		}
		node = c.target(ref)
	}
	return node
}

func (c *contract) target(ref string) object {
	node := c.tree
	for segment := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		node = at(node, bundle.Unescape(segment))
	}
	return node
}

// reach notes every component schema that can be met from a node.
func (c *contract) reach(node any, seen map[string]bool) {
	bundle.Walk(node, func(_ string, o object) {
		ref, isRef := o["$ref"].(string)
		if !isRef || seen[ref] {
			return
		}
		seen[ref] = true
		c.reach(c.target(ref), seen)
	})
}

// where turns a pointer into the joined document into a source file and a pointer there.
func (c *contract) where(pointer string) string {
	segments := strings.SplitN(strings.TrimPrefix(pointer, "/"), "/", 4)
	var source string
	var rest []string
	switch {
	case len(segments) >= 2 && segments[0] == "paths":
		source, rest = c.bundle.Sources["paths/"+bundle.Unescape(segments[1])], segments[2:]
	case len(segments) >= 3 && segments[0] == "components":
		source, rest = c.bundle.Sources[segments[1]+"/"+bundle.Unescape(segments[2])], segments[3:]
	case strings.Contains(pointer, "#"):
		return pointer
	}
	if source == "" {
		return "openapi.yaml#" + pointer
	}
	return strings.Join(append([]string{source}, rest...), "/")
}

func (o operation) text(key string) string { return text(o.node, key) }

func (o operation) tag() string {
	tags := list(o.node, "tags")
	if len(tags) != 1 {
		return ""
	}
	tag, _ := tags[0].(string)
	return tag
}

func (o operation) has(name, in string) bool {
	return slices.ContainsFunc(o.parameters, func(p parameter) bool {
		return text(p.node, "name") == name && text(p.node, "in") == in
	})
}

// successes are the statuses below 400.
func (o operation) successes() []string {
	return slices.DeleteFunc(keys(at(o.node, "responses")), isError)
}

func isError(status string) bool {
	return status == "default" || strings.HasPrefix(status, "4") || strings.HasPrefix(status, "5")
}

// isProtocol tells the operations whose forms a standard has fixed.
func (o operation) isProtocol() bool { return o.text("x-surface") == "protocol" }

func at(node object, path ...string) object {
	for _, key := range path {
		node, _ = node[key].(object)
	}
	return node
}

func text(node object, key string) string {
	value, _ := node[key].(string)
	return value
}

func list(node object, key string) []any {
	value, _ := node[key].([]any)
	return value
}

func strs(values []any) []string {
	var out []string
	for _, value := range values {
		if s, ok := value.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
