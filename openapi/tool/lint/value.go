package lint

import (
	"regexp"
	"slices"
	"strings"
)

// valueRules give every value one form.
func valueRules() []Rule {
	return []Rule{
		{ID: "named-enum", Reason: "A set of values becomes a type, and a type needs a name that a person chose.", check: checkNamedEnum},
		{ID: "open-set", Reason: "A value that is added later must not break a shipped app: answers hold open sets.", check: checkOpenSet},
		{ID: "closed-set", Reason: "Callers may send only what the server knows: requests hold closed sets.", check: checkClosedSet},
		{ID: "integer", Reason: "Languages need the width of a number, and fractions do not survive the way.", check: checkInteger},
		{ID: "time", Reason: "A moment is RFC 3339 in UTC and its name says so.", check: checkTime},
		{ID: "duration", Reason: "A number of seconds says seconds in its name.", check: checkDuration},
		{ID: "id", Reason: "An id is typed by its prefix, so that none is taken for another.", check: checkID},
	}
}

func checkNamedEnum(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		if s.place != component && len(list(s.node, "enum")) > 1 {
			report(s.pointer, "an enum of several values stands in schemas/ under a name of its own")
		}
	}
}

func checkOpenSet(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		if len(list(s.node, "enum")) > 1 && c.inResponse(s) {
			report(s.pointer, "what is answered is an open set: x-extensible-enum")
		}
	}
}

func checkClosedSet(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		if s.node["x-extensible-enum"] == nil {
			continue
		}
		if c.inRequest(s) {
			report(s.pointer, "what is sent is a closed set: enum")
		}
		if !isType(s.node, "string") {
			report(s.pointer, "an open set is one of strings")
		}
	}
}

func checkInteger(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		if format := text(s.node, "format"); isType(s.node, "integer") && format != "int32" && format != "int64" {
			report(s.pointer, "an integer is int32 or int64")
		}
		if isType(s.node, "number") {
			report(s.pointer, "fractions are not used; write an integer with its unit, or a string")
		}
	}
}

func checkTime(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		named := strings.HasSuffix(s.name, "_at") || strings.HasSuffix(s.name, "_time")
		moment := text(s.node, "format") == "date-time"
		if isType(s.node, "boolean") {
			named = false // whether there is a moment, in the words of a standard: require_auth_time
		}
		if s.place != property || !named && !moment {
			continue
		}
		if named != moment {
			report(s.pointer, "a name in _at or _time and the format date-time go together")
		}
		if example := text(s.node, "example"); example != "" && !strings.HasSuffix(example, "Z") {
			report(s.pointer, "the example is not in UTC")
		}
	}
}

var durationName = regexp.MustCompile(`(^|_)(age|ttl|timeout|duration|lifetime|after|wait|idle)$`)

// standardNames are durations that a standard has named without their unit.
// Spec: OpenID Connect Dynamic Client Registration 1.0 §2.
func standardNames() []string { return []string{"default_max_age"} }

func checkDuration(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		ours := !verbatim(s.parent) && !slices.Contains(standardNames(), s.name)
		if s.place == property && isType(s.node, "integer") && durationName.MatchString(s.name) && ours {
			report(s.pointer, "a duration in seconds is called %s_seconds", s.name)
		}
	}
}

// localIDs are ids that name a thing only inside another one.
var localIDs = []string{"StepID"}

var idForm = regexp.MustCompile(`^\^[a-z]+_(\[[A-Za-z0-9-]+\])(\+|\{\d+\})\$$`)

func checkID(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		named := strings.HasSuffix(s.name, "ID") || strings.HasSuffix(s.name, "Id")
		if s.place == component && named && !slices.Contains(localIDs, s.name) &&
			(!isType(s.node, "string") || !idForm.MatchString(text(s.node, "pattern"))) {
			report(s.pointer, "an id is a string with a pattern like ^usr_[0-9a-z]{26}$")
		}
	}
	for _, o := range c.operations {
		for _, p := range o.parameters {
			ref := text(at(p.node, "schema"), "$ref")
			if strings.HasSuffix(text(p.node, "name"), "_id") && text(p.node, "in") == "path" &&
				!strings.HasSuffix(ref, "ID") && !strings.HasSuffix(ref, "Id") {
				report(p.pointer, "%s refers to the schema of its id", text(p.node, "name"))
			}
		}
	}
}
