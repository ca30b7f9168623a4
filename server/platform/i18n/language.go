package i18n

import (
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Direction is how a language is written.
type Direction string

// The directions.
const (
	LeftToRight Direction = "ltr"
	RightToLeft Direction = "rtl"
)

// Language is one language that texts come in.
type Language struct {
	Tag       string // BCP 47
	Name      string // what its readers call it
	Direction Direction

	tag       language.Tag
	texts     *i18n.Localizer
	catalogue *Catalogue
}

// Word is the text that stands under a key, of which there is only one for a code.
func (l *Language) Word(part Part, key string) string {
	text, _ := l.texts.Localize(&i18n.LocalizeConfig{MessageID: id(part, key), TemplateParser: l.filler(nil)})
	return text
}

// Say is a sentence of the code's in this language, with the numbers that it names.
// One that the catalogue does not have is said as it is: better English than nothing.
func (l *Language) Say(part Part, code, english string, numbers map[string]float64) string {
	key, known := l.catalogue.keys[sentence(part, code, english)]
	if !known {
		key, known = l.catalogue.keys[sentence(part, "", english)]
	}
	if known {
		config := &i18n.LocalizeConfig{MessageID: id(part, key), TemplateParser: l.filler(numbers)}
		if count, counts := numbers[counted]; counts {
			config.PluralCount = written(count)
		}
		// A text that is the same for every number has one form, and the library says so.
		if text, _ := l.texts.Localize(config); text != "" {
			return text
		}
	}
	return Fill(english, numbers)
}

// rightToLeft are the scripts that are, apart from dead ones that nobody has texts in.
// Spec: ISO 15924, UAX #9.
var rightToLeft = map[string]bool{
	"Adlm": true, "Arab": true, "Aran": true, "Hebr": true, "Mand": true, "Mend": true, "Nkoo": true,
	"Rohg": true, "Samr": true, "Syrc": true, "Syre": true, "Syrj": true, "Syrn": true, "Thaa": true, "Yezi": true,
}

// DirectionOf is how a language is written that may have no texts here.
func DirectionOf(tag string) Direction { return directionOf(language.Make(tag)) }

// directionOf goes by the script, which a tag names or its language usually has.
func directionOf(tag language.Tag) Direction {
	if script, _ := tag.Script(); rightToLeft[script.String()] {
		return RightToLeft
	}
	return LeftToRight
}
