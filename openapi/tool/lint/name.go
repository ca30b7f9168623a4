package lint

import (
	"regexp"
	"slices"
	"strings"
)

// nameRules keep names usable in every language.
func nameRules() []Rule {
	return []Rule{
		{ID: "schema-name", Reason: "A schema becomes a type in seven languages: it must not be a word that one of them, or a generator, has taken.", check: checkSchemaName},
		{ID: "schema-name-unique", Reason: "Some languages and file systems fold case.", check: checkSchemaNameUnique},
		{ID: "property-name", Reason: "Members are snake_case; only objects that another standard defines keep its names.", check: checkPropertyName},
	}
}

var (
	reservedNames    = []string{"Error", "Type", "Protocol", "Result", "Data", "Date", "Client", "Configuration"}
	reservedSuffixes = []string{"Request", "Response", "Params", "Result", "Body", "Error", "Data", "HTTPResponse", "RequestBody", "RequestObject", "ResponseObject"}
	schemaNameForm   = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	propertyNameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
)

func checkSchemaName(c *contract, report func(string, string, ...any)) {
	taken := map[string]string{}
	for _, o := range c.operations {
		for _, suffix := range reservedSuffixes {
			taken[strings.ToLower(o.text("operationId")+suffix)] = o.text("operationId")
		}
	}
	for _, s := range c.schemas {
		if s.place != component {
			continue
		}
		if !schemaNameForm.MatchString(s.name) {
			report(s.pointer, "a schema's name is PascalCase")
		}
		if slices.ContainsFunc(reservedNames, func(name string) bool { return strings.EqualFold(name, s.name) }) {
			report(s.pointer, "%s is a word that languages keep for themselves", s.name)
		}
		if operation, clash := taken[strings.ToLower(s.name)]; clash {
			report(s.pointer, "generators make a type of this name from the operation %s", operation)
		}
	}
}

func checkSchemaNameUnique(c *contract, report func(string, string, ...any)) {
	seen := map[string]string{}
	for _, s := range c.schemas {
		if s.place != component {
			continue
		}
		folded := strings.ToLower(s.name)
		if other, clash := seen[folded]; clash {
			report(s.pointer, "%s and %s differ only in case", other, s.name)
		}
		seen[folded] = s.name
	}
}

// verbatim tells the objects that another standard defines, and that say which one does:
// they keep its names and its manners.
func verbatim(node object) bool { return node["x-verbatim"] != nil }

func checkPropertyName(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		if verbatim(s.node) {
			continue
		}
		for _, name := range keys(at(s.node, "properties")) {
			if !propertyNameForm.MatchString(name) {
				report(s.pointer+"/properties/"+name, "a member's name is snake_case")
			}
		}
	}
}
