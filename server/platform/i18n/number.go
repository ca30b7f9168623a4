package i18n

import (
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// counted is the number that chooses the plural form.
const counted = "count"

// What stands between these is laid out by itself, so that a number does not turn a
// text that runs from right to left around. Spec: UAX #9 §2.6 (FSI, PDI).
const (
	isolate = "\u2068"
	release = "\u2069"
)

// Fill writes numbers where a text has {name}.
func Fill(text string, numbers map[string]float64) string { return fill(text, numbers, "", "") }

func fill(text string, numbers map[string]float64, before, after string) string {
	for name, number := range numbers {
		text = strings.ReplaceAll(text, "{"+name+"}", before+written(number)+after)
	}
	return text
}

func written(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }

// filler is how the library fills in a text: numbers are all that goes in.
type filler struct {
	numbers       map[string]float64
	before, after string
}

func (l *Language) filler(numbers map[string]float64) filler {
	if l.Direction == RightToLeft {
		return filler{numbers: numbers, before: isolate, after: release}
	}
	return filler{numbers: numbers, before: "", after: ""}
}

// Parse has nothing to prepare.
func (f filler) Parse(text, _, _ string) (template.ParsedTemplate, error) {
	return filling{filler: f, text: text}, nil
}

// Cacheable says no: a filler is for one set of numbers.
func (filler) Cacheable() bool { return false }

type filling struct {
	filler

	text string
}

// Execute fills the text in.
func (f filling) Execute(any) (string, error) { return fill(f.text, f.numbers, f.before, f.after), nil }
