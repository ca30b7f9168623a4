package lint

import (
	"maps"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// pluralForms are all that a language can have. Spec: UTS #35, part 3, §5.
var pluralForms = []string{"zero", "one", "two", "few", "many", "other"}

func checkLocalePlural(c *contract, report func(string, string, ...any)) {
	source, _ := c.source()
	for _, locale := range c.bundle.Locales {
		tag, err := language.Parse(locale.Tag)
		if err != nil {
			continue // locale-tag tells
		}
		counted, err := countedBy(tag)
		if err != nil {
			report("locales/"+locale.Tag+".yaml#", "%s", err)
			continue
		}
		eachText(locale, func(where, part, key string, text bundle.Text) {
			if text["other"] == "" {
				report(where, "the form other is missing")
				return
			}
			if len(text) == 1 && len(source.Texts[part][key]) <= 1 {
				return // one sentence for all numbers
			}
			if !slices.Contains(namesIn(text["other"]), "{count}") {
				report(where, "only a text with {count} has plural forms")
			}
			checkForms(counted, text, func(says string, of ...any) { report(where, says, of...) })
		})
	}
}

// checkForms holds the forms of one text against those that its language counts in.
func checkForms(counted map[string]int, text bundle.Text, report func(string, ...any)) {
	for _, form := range slices.Sorted(maps.Keys(text)) {
		switch {
		case !slices.Contains(pluralForms, form):
			report("%s is not a plural form", form)
		case counted[form] == 0:
			report("the language has no number that is %s", form)
		case counted[form] > 1 && !slices.Contains(namesIn(text[form]), "{count}"):
			report("%s stands for several numbers and has no {count}", form)
		}
	}
	for form := range counted {
		if text[form] == "" {
			report("the form %s is missing", form)
		}
	}
}

// countedBy are the forms that a language counts in, each with how many of our numbers
// it stands for, by the library that chooses it when the server runs.
func countedBy(tag language.Tag) (map[string]int, error) {
	numbers := []any{"1000", "10000", "1000000", "2000000", "0.5", "1.5", "2.5"}
	for n := range 201 {
		numbers = append(numbers, n)
	}
	texts := i18n.NewBundle(tag)
	err := texts.AddMessages(tag, &i18n.Message{ID: "form", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"})
	if err != nil {
		return nil, err
	}
	counted := map[string]int{}
	localizer := i18n.NewLocalizer(texts, tag.String())
	for _, number := range numbers {
		form, err := localizer.Localize(&i18n.LocalizeConfig{MessageID: "form", PluralCount: number})
		if err != nil {
			return nil, err
		}
		counted[form]++
	}
	return counted, nil
}
