package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// eventRules keep the catalogue of events one that consumers can build on for years.
func eventRules() []Rule {
	return []Rule{
		{ID: "event-name", Reason: "An event is a noun and what became of it, so that its name reads as news.", check: checkEventName},
		{ID: "event-prose", Reason: "Whoever chooses what to follow reads one sentence and the members.", check: checkEventProse},
		{ID: "event-schema", Reason: "What is comparable between releases is a small part of JSON Schema.", check: checkEventSchema},
		{ID: "event-personal", Reason: "What is erased with a person's key must not stand in clear beside it.", check: checkEventPersonal},
		{ID: "event-secret", Reason: "The log is read by many and kept for ever.", check: checkEventSecret},
		{ID: "event-example", Reason: "An example that breaks its schema teaches a mistake.", check: checkEventExample},
	}
}

var (
	eventForm = regexp.MustCompile(`^[a-z]+\.([a-z]+)((_[a-z]+)*)$`)
	// irregular are past forms that do not end in -ed.
	irregular = []string{
		"begun", "chosen", "forgotten", "given", "left", "lost", "made", "sent", "set", "spent", "taken", "undone", "withdrawn", "withheld",
	}
)

func checkEventName(c *contract, report func(string, string, ...any)) {
	for _, event := range c.bundle.Events {
		if !eventForm.MatchString(event.Type) {
			report(event.Source+"/type", "%s is not of the form noun.verb_in_past", event.Type)
			continue
		}
		_, verb, _ := strings.Cut(event.Type, ".")
		past := func(word string) bool { return strings.HasSuffix(word, "ed") || slices.Contains(irregular, word) }
		if !slices.ContainsFunc(strings.Split(verb, "_"), past) {
			report(event.Source+"/type", "%s does not say in the past what happened", event.Type)
		}
	}
}

func checkEventProse(c *contract, report func(string, string, ...any)) {
	for _, event := range c.bundle.Events {
		if !sentence(event.Description) {
			report(event.Source+"/description", "one sentence, with a full stop at its end")
		}
		eachPart(event, func(pointer, name string, node object) {
			if name != "" && !sentence(text(node, "description")) {
				report(pointer+"/description", "one sentence about %s, with a full stop at its end", name)
			}
		})
	}
}

func sentence(said string) bool {
	return strings.HasSuffix(said, ".") && !strings.Contains(said, ". ") && !strings.Contains(said, "\n") &&
		said[:1] == strings.ToUpper(said[:1])
}

func checkEventPersonal(c *contract, report func(string, string, ...any)) {
	personal := map[string]string{}
	for _, event := range c.bundle.Events {
		for name := range at(event.Personal, "properties") {
			personal[name] = event.Type
		}
	}
	for _, event := range c.bundle.Events {
		schemaParts(event.Source+"/data", "", event.Data, func(pointer, name string, _ object) {
			if other := personal[name]; other != "" {
				report(pointer, "%s is personal in %s", name, other)
			}
		})
	}
}

func checkEventSecret(c *contract, report func(string, string, ...any)) {
	secrets := bundle.SecretFields(c.tree)
	for _, event := range c.bundle.Events {
		eachPart(event, func(pointer, name string, node object) {
			if slices.Contains(secrets, name) || node[bundle.Secret] != nil {
				report(pointer, "an event carries no secret, not even a sealed one")
			}
		})
	}
}

// eachPart visits the schemas of an event with all that they hold.
func eachPart(event bundle.Event, visit func(pointer, name string, node object)) {
	schemaParts(event.Source+"/data", "", event.Data, visit)
	if event.Personal != nil {
		schemaParts(event.Source+"/personal", "", event.Personal, visit)
	}
}

// schemaParts visits a schema, its members, by name, and its items, without one.
func schemaParts(pointer, name string, node object, visit func(pointer, name string, node object)) {
	visit(pointer, name, node)
	properties := at(node, "properties")
	for _, member := range keys(properties) {
		schemaParts(pointer+"/properties/"+bundle.Escape(member), member, at(properties, member), visit)
	}
	if items, has := node["items"].(object); has {
		schemaParts(pointer+"/items", "", items, visit)
	}
}
