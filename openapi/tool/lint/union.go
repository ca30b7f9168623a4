package lint

import (
	"slices"
	"strings"
)

// unionRules make a union a sealed type in every language.
func unionRules() []Rule {
	return []Rule{
		{ID: "union", Reason: "Generators choose the variant by one member: a discriminator with a full mapping.", check: checkUnion},
		{ID: "union-variant", Reason: "A variant says which one it is, in a required member with one value.", check: checkVariants},
	}
}

func checkUnion(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		members, has := s.node["oneOf"].([]any)
		if !has {
			continue
		}
		mapping := at(s.node, "discriminator", "mapping")
		if text(at(s.node, "discriminator"), "propertyName") == "" || len(mapping) == 0 {
			report(s.pointer, "oneOf needs a discriminator with a mapping")
			continue
		}
		var variants, mapped []string
		for _, entry := range members {
			variant, _ := entry.(object)
			ref := text(variant, "$ref")
			if ref == "" {
				report(s.pointer, "each variant is a reference")
			}
			variants = append(variants, ref)
		}
		for _, key := range keys(mapping) {
			mapped = append(mapped, text(mapping, key))
		}
		slices.Sort(variants)
		slices.Sort(mapped)
		if !slices.Equal(variants, mapped) {
			report(s.pointer, "the mapping names each variant exactly once")
		}
	}
}

func checkVariants(c *contract, report func(string, string, ...any)) {
	for _, s := range c.schemas {
		discriminator := at(s.node, "discriminator")
		name := text(discriminator, "propertyName")
		mapping := at(discriminator, "mapping")
		for _, key := range keys(mapping) {
			variant := c.target(text(mapping, key))
			values := list(at(variant, "properties", name), "enum")
			if !slices.Contains(strs(list(variant, "required")), name) || len(values) != 1 || values[0] != key {
				report(s.pointer, "%s has to require %s with the one value %q",
					strings.TrimPrefix(text(mapping, key), "#/components/schemas/"), name, key)
			}
		}
	}
}
