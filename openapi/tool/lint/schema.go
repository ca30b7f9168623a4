package lint

import (
	"slices"
	"strings"
)

// schemaRules keep objects named, closed where they are read and open where they are written.
func schemaRules() []Rule {
	return []Rule{
		{ID: "named-object", Reason: "Each object becomes a type, and a type needs a name that a person chose.", check: checkNamedObject},
		{ID: "all-of", Reason: "Composition is a base and what is added to it; generators disagree about everything else.", check: checkAllOf},
		{ID: "closed-request", Reason: "A misspelt member is an error, and an open map says that it is one.", check: checkClosedRequest},
		{ID: "open-response", Reason: "A member that is added later must not break a client that validates.", check: checkOpenResponse},
		{ID: "required-or-nullable", Reason: "Absent and null are two things only in a merge patch.", check: checkRequiredOrNullable},
		{ID: "bounded-request", Reason: "Whatever a stranger sends has a bound.", check: checkBoundedRequest},
		{ID: "secret", Reason: "The log redactor knows secrets by their mark.", check: checkSecret},
	}
}

func checkNamedObject(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		inAllOf := s.place == member && strings.Contains(s.pointer, "/allOf/")
		if s.place != component && !inAllOf && (isObject(s.node) || s.node["oneOf"] != nil || s.node["allOf"] != nil) {
			report(s.pointer, "an object stands in schemas/ under a name of its own")
		}
	}
}

func checkAllOf(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		members, has := s.node["allOf"].([]any)
		if !has {
			continue
		}
		var base, extra object
		if len(members) == 2 {
			base, _ = members[0].(object)
			extra, _ = members[1].(object)
		}
		if base["$ref"] == nil || !isObject(extra) {
			report(s.pointer, "allOf is a reference to the base and one object with what is added")
		}
	}
}

// checkClosedRequest leaves verbatim objects open: their standard adds members, and who
// brings one has not misspelt it.
func checkClosedRequest(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		_, stated := s.node["additionalProperties"]
		if isObject(s.node) && s.place == component && !stated && !verbatim(s.node) && (c.inRequest(s) || len(at(s.node, "properties")) == 0) {
			report(s.pointer, "additionalProperties has to be stated: false for a closed object, else an open map")
		}
	}
}

func checkOpenResponse(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		if isObject(s.node) && s.node["additionalProperties"] == false && c.inResponse(s) {
			report(s.pointer, "what is answered stays open; use another schema for what is asked")
		}
	}
}

func checkRequiredOrNullable(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		required := strs(list(s.node, "required"))
		properties := at(s.node, "properties")
		for _, name := range keys(properties) {
			optional := !slices.Contains(required, name)
			if optional && nullable(c.follow(at(properties, name))) && !strings.HasSuffix(s.name, "Update") && !verbatim(s.node) {
				report(s.pointer+"/properties/"+name, "optional and nullable at once is for merge patches only")
			}
		}
		for _, name := range required {
			if properties != nil && properties[name] == nil {
				report(s.pointer, "%s is required and not described", name)
			}
		}
	}
}

func checkBoundedRequest(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		if !c.inRequest(s) {
			continue
		}
		bounded := func(keyword string) bool { return s.node[keyword] != nil || s.node["enum"] != nil }
		switch {
		case isType(s.node, "string") && !bounded("maxLength") && s.node["format"] == nil:
			report(s.pointer, "a string that is sent needs maxLength")
		case isType(s.node, "array") && !bounded("maxItems"):
			report(s.pointer, "a list that is sent needs maxItems")
		case isObject(s.node) && s.node["additionalProperties"] != nil && s.node["additionalProperties"] != false && !bounded("maxProperties"):
			report(s.pointer, "an open map that is sent needs maxProperties")
		}
	}
}

// secretWords end the names of properties that open something.
var secretWords = []string{"password", "secret", "token", "private_key", "recovery_codes", "api_key"}

func checkSecret(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		if s.place != property || !isType(c.follow(s.node), "string") && !isType(c.follow(s.node), "array") {
			continue
		}
		carries := slices.ContainsFunc(secretWords, func(word string) bool {
			return s.name == word || strings.HasSuffix(s.name, "_"+word)
		})
		if carries && s.node["x-secret"] == nil && c.follow(s.node)["x-secret"] == nil {
			report(s.pointer, "it carries a secret: x-secret says true, or false where it does not")
		}
	}
}
