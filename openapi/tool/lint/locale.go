package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// localeRules let a translator work with one file and nothing else.
func localeRules() []Rule {
	return []Rule{
		{ID: "locale-tag", Reason: "A file is found by the tag of its language, and offered by the name that its readers know.", check: checkLocaleTag},
		{ID: "locale-keys", Reason: "Every language says all that English says, and nothing that nobody asks for.", check: checkLocaleKeys},
		{ID: "locale-names", Reason: "A number that is filled in is filled in everywhere.", check: checkLocaleNames},
		{ID: "locale-plain", Reason: "A text is shown as it is, so it is one clean line without markup.", check: checkLocalePlain},
		{ID: "locale-sentence", Reason: "Sentences end like sentences, and titles do not.", check: checkLocaleSentence},
		{ID: "locale-plural", Reason: "A text that counts has every form that its language counts in.", check: checkLocalePlural},
	}
}

// eachText visits every text with its place.
func eachText(locale bundle.Locale, visit func(where, part, key string, text bundle.Text)) {
	for part, texts := range locale.Texts {
		for key, text := range texts {
			visit(localePlace(locale, part, key), part, key, text)
		}
	}
}

func localePlace(locale bundle.Locale, part, key string) string {
	if locale.Tag == bundle.SourceLanguage && (part == "titles" || part == "descriptions") {
		return "problems.yaml#/" + key
	}
	return "locales/" + locale.Tag + ".yaml#/" + part + "/" + key
}

func (c *contract) source() (bundle.Locale, bool) {
	at := slices.IndexFunc(c.bundle.Locales, func(l bundle.Locale) bool { return l.Tag == bundle.SourceLanguage })
	if at < 0 {
		return bundle.Locale{}, false
	}
	return c.bundle.Locales[at], true
}

func checkLocaleTag(c *contract, report func(string, string, ...any)) {
	for _, locale := range c.bundle.Locales {
		where := "locales/" + locale.Tag + ".yaml#"
		tag, err := language.Parse(locale.Tag)
		if err != nil || tag.String() != locale.Tag {
			report(where, "the file is not called by a BCP 47 tag in its usual spelling")
		}
		if strings.TrimSpace(locale.Name) == "" {
			report(where+"/name", "the language has no name")
		}
	}
	if _, has := c.source(); !has {
		report("locales#", "%s.yaml, from which the others are translated, is missing", bundle.SourceLanguage)
	}
}

func checkLocaleKeys(c *contract, report func(string, string, ...any)) {
	source, _ := c.source()
	for _, problem := range c.bundle.Problems {
		if _, has := source.Texts["details"][problem.Code]; !has {
			report(localePlace(source, "details", problem.Code), "missing")
		}
	}
	for _, locale := range c.bundle.Locales {
		eachText(locale, func(where, part, key string, _ bundle.Text) {
			if _, has := source.Texts[part][key]; !has {
				report(where, "English has no such text")
			}
		})
		eachText(source, func(_, part, key string, _ bundle.Text) {
			if _, has := locale.Texts[part][key]; !has {
				report(localePlace(locale, part, key), "missing")
			}
		})
	}
}

var filledIn = regexp.MustCompile(`\{([a-z_]*)\}`)

func namesIn(text string) []string {
	found := filledIn.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func checkLocaleNames(c *contract, report func(string, string, ...any)) {
	source, _ := c.source()
	for _, locale := range c.bundle.Locales {
		eachText(locale, func(where, part, key string, text bundle.Text) {
			wanted := namesIn(source.Texts[part][key]["other"])
			for form, sentence := range text {
				given := namesIn(sentence)
				if strings.ContainsAny(filledIn.ReplaceAllString(sentence, ""), "{}") {
					report(where, "a name stands in {…} and is lower-case letters and _")
				}
				// A form for one number alone may spell it out.
				if form == "other" && !slices.Equal(given, wanted) || !subset(given, wanted) {
					report(where, "%s fills in %v where English fills in %v", form, given, wanted)
				}
			}
		})
	}
}

func subset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(one string) bool { return !slices.Contains(all, one) })
}

var markup = regexp.MustCompile(`<[^ ]|&[#\w]+;|\p{C}`)

func checkLocalePlain(c *contract, report func(string, string, ...any)) {
	for _, locale := range c.bundle.Locales {
		eachText(locale, func(where, _, _ string, text bundle.Text) {
			for form, sentence := range text {
				switch {
				case strings.TrimSpace(sentence) == "":
					report(where, "%s is empty", form)
				case strings.Join(strings.Fields(sentence), " ") != sentence:
					report(where, "%s has spaces at its ends, two in a row, or lines", form)
				case markup.MatchString(sentence):
					report(where, "%s has markup or characters that nobody sees", form)
				case !norm.NFC.IsNormalString(sentence):
					report(where, "%s is not in the composed form, NFC", form)
				}
			}
		})
	}
}

// sentenceEnds are the full stop, the question and the exclamation mark of the scripts.
const sentenceEnds = ".!?。！？।؟۔։።៕။"

func checkLocaleSentence(c *contract, report func(string, string, ...any)) {
	for _, locale := range c.bundle.Locales {
		eachText(locale, func(where, part, _ string, text bundle.Text) {
			label := part == "titles" || part == "pages"
			for form, sentence := range text {
				trimmed := strings.TrimRight(sentence, sentenceEnds)
				if label == (trimmed != sentence) {
					report(where, "%s: sentences end with a full stop, and titles and labels do not", form)
				}
			}
		})
	}
}

func checkLocalePlural(c *contract, report func(string, string, ...any)) {
	for _, locale := range c.bundle.Locales {
		tag, err := language.Parse(locale.Tag)
		if err != nil {
			continue // locale-tag tells
		}
		eachText(locale, func(where, _, key string, text bundle.Text) {
			if text["other"] == "" {
				report(where, "the form other is missing")
				return
			}
			for form := range text {
				if !slices.Contains([]string{"zero", "one", "two", "few", "many", "other"}, form) {
					report(where, "%s is not a plural form", form)
				}
			}
			if len(text) == 1 {
				return // one sentence for all numbers
			}
			if !slices.Contains(namesIn(text["other"]), "{count}") {
				report(where, "only a text with {count} has plural forms")
			}
			if err := counts(tag, key, text); err != nil {
				report(where, "%s", err)
			}
		})
	}
}

// counts says a text for numbers of every sort, with the library that does it when
// the server runs.
func counts(tag language.Tag, key string, text bundle.Text) error {
	texts := i18n.NewBundle(tag)
	err := texts.AddMessages(tag, &i18n.Message{
		ID: key, Zero: text["zero"], One: text["one"], Two: text["two"], Few: text["few"], Many: text["many"], Other: text["other"],
		LeftDelim: "\x00", // nothing is filled in here
	})
	if err != nil {
		return err
	}
	numbers := []any{1000, 10_000, 1_000_000, "0.5", "1.5", "2.5"}
	for n := range 201 {
		numbers = append(numbers, n)
	}
	localizer := i18n.NewLocalizer(texts, tag.String())
	for _, number := range numbers {
		if _, err := localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: number}); err != nil {
			return fmt.Errorf("for %v: %w", number, err)
		}
	}
	return nil
}
