package lint

import (
	"regexp"
	"slices"
	"strings"

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
		{ID: "locale-plain", Reason: "A text is shown as it is, so it is one clean line without markup, and so is each paragraph of a letter.", check: checkLocalePlain},
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

var (
	markup = regexp.MustCompile(`<[^ ]|&[#\w]+;|\p{C}`)
	// isolated is what runs from left to right within a text that does not, between the
	// characters that say so. Spec: UAX #9 §2.6 (LRI, PDI).
	isolated = regexp.MustCompile(`\x{2066}([^\x{2066}\x{2067}\x{2068}\x{2069}]+)\x{2069}`)
	// noBreak are the spaces that keep a sign beside its word, as French has it.
	noBreak = strings.NewReplacer("\u00a0", " ", "\u202f", " ")
)

func checkLocalePlain(c *contract, report func(string, string, ...any)) {
	for _, locale := range c.bundle.Locales {
		eachText(locale, func(where, part, key string, text bundle.Text) {
			for form, whole := range text {
				for _, sentence := range paragraphs(part, key, whole) {
					switch {
					case strings.TrimSpace(sentence) == "":
						report(where, "%s is empty", form)
					case !evenlySpaced(sentence):
						report(where, "%s has spaces at its ends, two in a row, or lines", form)
					case markup.MatchString(isolated.ReplaceAllString(sentence, "$1")):
						report(where, "%s has markup or characters that nobody sees", form)
					case !norm.NFC.IsNormalString(sentence):
						report(where, "%s is not in the composed form, NFC", form)
					}
				}
			}
		})
	}
}

// paragraphs are those of a letter's body, between empty lines; any other text is one.
func paragraphs(part, key, text string) []string {
	if part == "letters" && strings.HasSuffix(key, ".body") {
		return strings.Split(text, "\n\n")
	}
	return []string{text}
}

func evenlySpaced(sentence string) bool {
	spaced := noBreak.Replace(sentence)
	return strings.Join(strings.Fields(spaced), " ") == spaced
}

// sentenceEnds are the full stop, the question and the exclamation mark of the scripts.
const sentenceEnds = ".!?。！？।؟۔։።៕။"

func checkLocaleSentence(c *contract, report func(string, string, ...any)) {
	for _, locale := range c.bundle.Locales {
		eachText(locale, func(where, part, key string, text bundle.Text) {
			label := part == "titles" || part == "pages" || part == "letters" && !strings.HasSuffix(key, ".body") && !strings.HasSuffix(key, ".sms")
			for form, whole := range text {
				for _, sentence := range paragraphs(part, key, whole) {
					trimmed := strings.TrimRight(sentence, sentenceEnds)
					alone := filledIn.FindString(sentence) == sentence && part == "letters" // a code or a link, on its own line
					if label == (trimmed != sentence) && !alone {
						report(where, "%s: sentences end with a full stop, and titles and labels do not", form)
					}
				}
			}
		})
	}
}
