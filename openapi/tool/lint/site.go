package lint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// place is how a schema stands in the document.
type place int

const (
	component place = iota // with a name of its own
	property               // a member of an object
	item                   // the items of a list
	member                 // one of allOf, oneOf, anyOf
	value                  // the values of a map
	body                   // a media type
	parameterOrHeader
)

// site is one schema, wherever it stands.
type site struct {
	pointer string
	place   place
	node    object
	// name is that of the component or property.
	name string
	// owner is the component it belongs to, as a reference; empty inside an operation.
	owner string
	// parent is the object around a property.
	parent object
}

func (c *contract) findSchemas() {
	bundle.Walk(c.tree, func(pointer string, node object) {
		if schema, has := node["schema"].(object); has {
			place := parameterOrHeader
			if strings.Contains(pointer, "/content/") {
				place = body
			}
			c.addSchema(site{pointer: pointer + "/schema", place: place, node: schema, name: text(node, "name"), owner: ownerOf(pointer)})
		}
	})
	schemas := at(c.tree, "components", "schemas")
	for _, name := range keys(schemas) {
		pointer := "/components/schemas/" + name
		c.addSchema(site{pointer: pointer, place: component, node: at(schemas, name), name: name, owner: "#" + pointer})
	}
}

// addSchema notes a schema and those inside it.
func (c *contract) addSchema(s site) {
	c.schemas = append(c.schemas, s)
	inside := func(step string, node any, place place, name string) {
		if schema, is := node.(object); is {
			c.addSchema(site{pointer: s.pointer + "/" + step, place: place, node: schema, name: name, owner: s.owner, parent: s.node})
		}
	}
	properties := at(s.node, "properties")
	for _, name := range keys(properties) {
		inside("properties/"+bundle.Escape(name), properties[name], property, name)
	}
	inside("items", s.node["items"], item, s.name)
	inside("additionalProperties", s.node["additionalProperties"], value, s.name)
	for _, group := range []string{"allOf", "oneOf", "anyOf"} {
		for i, node := range list(s.node, group) {
			inside(group+"/"+number(i), node, member, s.name)
		}
	}
}

func ownerOf(pointer string) string {
	segments := strings.SplitN(pointer, "/", 5)
	if len(segments) < 4 || segments[1] != "components" {
		return ""
	}
	return "#" + strings.Join(segments[:4], "/")
}

// inRequest tells whether callers send what the schema describes.
func (c *contract) inRequest(s site) bool {
	if s.owner == "" {
		return strings.Contains(s.pointer, "/requestBody/") || strings.Contains(s.pointer, "/parameters/")
	}
	return c.requests[s.owner] || strings.HasPrefix(s.owner, "#/components/parameters/")
}

// inResponse tells whether callers receive what the schema describes.
func (c *contract) inResponse(s site) bool {
	if s.owner == "" {
		return strings.Contains(s.pointer, "/responses/")
	}
	return c.responses[s.owner]
}

// types are the types a schema allows, without null.
func types(node object) []string {
	if one := text(node, "type"); one != "" {
		return []string{one}
	}
	return slices.DeleteFunc(strs(list(node, "type")), func(t string) bool { return t == "null" })
}

func isType(node object, name string) bool { return slices.Contains(types(node), name) }

func nullable(node object) bool { return slices.Contains(strs(list(node, "type")), "null") }

func isObject(node object) bool {
	_, has := node["properties"]
	return has || isType(node, "object")
}

func number(i int) string { return strconv.Itoa(i) }
