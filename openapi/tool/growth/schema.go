package growth

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

type object = map[string]any

// compare holds a schema against what it was. A producer may promise more than before,
// never less: a consumer was written against the earlier promise.
func compare(pointer string, before, after object, report func(pointer, message string)) {
	compareTypes(pointer, before, after, report)
	compareMembers(pointer, before, after, report)
	comparePromises(pointer, before, after, report)
	if items, had := before["items"].(object); had {
		still, _ := after["items"].(object)
		compare(pointer+"/items", items, still, report)
	}
}

func compareTypes(pointer string, before, after object, report func(string, string)) {
	allowed := strs(before["type"])
	for _, one := range strs(after["type"]) {
		if !slices.Contains(allowed, one) {
			report(pointer, fmt.Sprintf("it may be %s and was always %v", one, allowed))
		}
	}
}

func compareMembers(pointer string, before, after object, report func(string, string)) {
	was, _ := before["properties"].(object)
	is, _ := after["properties"].(object)
	required := strs(after["required"])
	for _, name := range slices.Sorted(maps.Keys(was)) {
		member := pointer + "/properties/" + bundle.Escape(name)
		one, still := is[name].(object)
		if !still {
			report(member, "it is gone")
			continue
		}
		if slices.Contains(strs(before["required"]), name) && !slices.Contains(required, name) {
			report(member, "it was always there and may now be missing")
		}
		earlier, _ := was[name].(object)
		compare(member, earlier, one, report)
	}
	if before["additionalProperties"] == true && len(is) > 0 {
		report(pointer, "it was an open map and has members of its own")
	}
}

// comparePromises looks at what is said about values. A set of values is open: it may
// grow, and what was in it stays in the log.
func comparePromises(pointer string, before, after object, report func(string, string)) {
	for _, value := range strs(before[bundle.ExtensibleEnum]) {
		if !slices.Contains(strs(after[bundle.ExtensibleEnum]), value) {
			report(pointer, value+" is no longer among its values")
		}
	}
	for _, keyword := range []string{"format", "pattern"} {
		if before[keyword] != nil && before[keyword] != after[keyword] {
			report(pointer, fmt.Sprintf("its %s was %v and is %v", keyword, before[keyword], after[keyword]))
		}
	}
	for _, bound := range []struct {
		keyword string
		sign    float64
	}{{"maximum", 1}, {"maxLength", 1}, {"maxItems", 1}, {"minimum", -1}, {"minLength", -1}, {"minItems", -1}} {
		was, had := before[bound.keyword].(float64)
		is, has := after[bound.keyword].(float64)
		if had && (!has || is*bound.sign > was*bound.sign) {
			report(pointer, fmt.Sprintf("its %s was %v and is %v", bound.keyword, before[bound.keyword], after[bound.keyword]))
		}
	}
}

// strs is a list of texts, or one text as a list.
func strs(value any) []string {
	if one, is := value.(string); is {
		return []string{one}
	}
	var out []string
	list, _ := value.([]any)
	for _, one := range list {
		if text, is := one.(string); is {
			out = append(out, text)
		}
	}
	return out
}
