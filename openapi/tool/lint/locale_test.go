package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// speaking is the sample in one language more, with the forms in which it counts.
func speaking(tag, nothing string, forms ...string) edit {
	text := "name: X\ntitles: {not_found: X, body_invalid: X}\ndescriptions: {not_found: X., body_invalid: X.}\npages: {codes: X}\n" +
		"details:\n  not_found: " + nothing + "\n  body_invalid: X.\nfields:\n  min_length:\n"
	for _, form := range forms {
		text += "    " + form + "\n"
	}
	return edit{"locales/" + tag + ".yaml", "", text}
}

// A language counts in the forms that it has, in all of them, and in no other; a form
// that several numbers have says which it is.
func TestPluralForms(t *testing.T) {
	one, other := "one: \"{count}.\"", "other: \"{count}.\""
	arabic := []string{"zero: X.", "one: X.", "two: X.", "few: \"{count}.\"", "many: \"{count}.\"", other}
	for i, c := range []struct {
		tag   string
		forms []string
		says  string
	}{
		{"ja", []string{other}, ""},
		{"ja", []string{one, other}, "the language has no number that is one"},
		{"fr", []string{one, "many: \"{count}.\"", other}, ""},
		{"fr", []string{one, other}, "the form many is missing"},
		{"fr", []string{"one: X.", "many: \"{count}.\"", other}, "one stands for several numbers and has no {count}"},
		{"es", []string{"one: X.", "many: X.", other}, "many stands for several numbers and has no {count}"},
		{"es", []string{one, "many: \"{count}.\"", other}, ""},
		{"pt", []string{"one: X.", "many: \"{count}.\"", other}, "one stands for several numbers and has no {count}"},
		{"pt", []string{other}, "the form one is missing"},
		{"ar", arabic, ""},
		{"ar", arabic[5:], "the form zero is missing"},
		{"ar", append([]string{"zero: X.", "one: X.", "two: X.", "few: X."}, arabic[4:]...), "few stands for several numbers and has no {count}"},
	} {
		t.Run(fmt.Sprint(c.tag, i), func(t *testing.T) { requireFound(t, speaking(c.tag, "X.", c.forms...), "locale-plural", c.says) })
	}
}

// French keeps a sign beside its word, and what runs the other way in Arabic is said to.
func TestSpacesAndDirections(t *testing.T) {
	forms := []string{"one: \"{count}.\"", "many: \"{count}.\"", "other: \"{count}.\""}
	for text, says := range map[string]string{
		`"X\u202f; X\u00a0: X."`:      "",
		`"X \u202f; X."`:              "two in a row",
		`"X \u2066https://\u2069 X."`: "",
		`"X \u2066https:// X."`:       "that nobody sees",
		`"X \u2067https://\u2069 X."`: "that nobody sees",
		`"X \u2066\u2069 X."`:         "that nobody sees",
		`"X \u2066<b>\u2069 X."`:      "has markup",
	} {
		requireFound(t, speaking("fr", text, forms...), "locale-plain", says)
	}
}

// A letter has paragraphs, each a line of its own; one may be a code or a link and nothing
// else.
func TestParagraphsOfALetter(t *testing.T) {
	for text, says := range map[string]string{
		"One.\n\n{code}\n\nTwo. Three.": "",
		"One.\nTwo.":                    "lines",
		"One.\n\n\nTwo.":                "lines",
		"One.\n\n":                      "is empty",
		"One\n\nTwo.":                   "sentences end",
		"One.\n\n{code} {code}":         "sentences end",
	} {
		var told []string
		report := func(_, format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) }
		locale := bundle.Locale{Tag: "en", Name: "English", Texts: map[string]map[string]bundle.Text{"letters": {"a.body": {"other": text}}}}
		made := &contract{bundle: &bundle.Bundle{Locales: []bundle.Locale{locale}}}
		checkLocalePlain(made, report)
		checkLocaleSentence(made, report)
		if says == "" {
			require.Empty(t, told, text)
			continue
		}
		require.Contains(t, strings.Join(told, "; "), says, text)
	}
}

// requireFound finds what is said with a rule, and nothing at all where nothing is.
func requireFound(t *testing.T, changed edit, rule, says string) {
	t.Helper()
	findings, err := Check(load(t, changed))
	require.NoError(t, err)
	var told []string
	for _, finding := range findings {
		if finding.Rule == rule {
			told = append(told, finding.String())
		}
	}
	if says == "" {
		require.Empty(t, findings)
		return
	}
	require.Contains(t, strings.Join(told, "\n"), says)
}
