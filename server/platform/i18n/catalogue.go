package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Part is what sort of text it is.
type Part string

// The parts of a catalogue.
const (
	Titles       Part = "titles"       // of problems, in a few words
	Descriptions Part = "descriptions" // of problems, with what to do
	Details      Part = "details"      // what happened, by problem code
	Fields       Part = "fields"       // what is wrong with one place, by field code
	Notices      Part = "notices"      // what a flow tells, by message code
	Pages        Part = "pages"        // the words on the pages
	Letters      Part = "letters"      // what messages say, by kind and place
)

// source is the language that the code is written in, and from which others are made.
const source = "en"

var errSource = errors.New("i18n: the catalogue has no " + source)

// locale is one language as the contract has it: its texts by part, key and form.
type locale struct {
	Tag   string                                `json:"tag"`
	Name  string                                `json:"name"`
	Texts map[Part]map[string]map[string]string `json:"texts"`
}

// Catalogue is every text in every language.
type Catalogue struct {
	languages []*Language // sorted by tag
	matcher   language.Matcher
	source    *Language
	keys      map[string]string // the key of a text, by what sentence gives
}

// New reads a catalogue as the contract has it.
func New(text []byte) (*Catalogue, error) {
	var locales []locale
	if err := json.Unmarshal(text, &locales); err != nil {
		return nil, fmt.Errorf("i18n: %w", err)
	}
	c := &Catalogue{languages: nil, matcher: nil, source: nil, keys: map[string]string{}}
	slices.SortFunc(locales, func(a, b locale) int { return strings.Compare(a.Tag, b.Tag) })
	tags := make([]language.Tag, len(locales))
	bundle := i18n.NewBundle(language.MustParse(source))
	for i, one := range locales {
		added, err := add(bundle, one)
		if err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", one.Tag, err)
		}
		added.catalogue, tags[i] = c, added.tag
		c.languages = append(c.languages, added)
		if one.Tag == source {
			c.source = added
			c.index(one)
		}
	}
	if c.source == nil {
		return nil, errSource
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

func add(bundle *i18n.Bundle, one locale) (*Language, error) {
	tag, err := language.Parse(one.Tag)
	if err != nil {
		return nil, err
	}
	var messages []*i18n.Message
	for part, texts := range one.Texts {
		for key, forms := range texts {
			messages = append(messages, &i18n.Message{
				ID: id(part, key), Zero: forms["zero"], One: forms["one"], Two: forms["two"],
				Few: forms["few"], Many: forms["many"], Other: forms["other"],
			})
		}
	}
	if err := bundle.AddMessages(tag, messages...); err != nil {
		return nil, err
	}
	return &Language{
		Tag: one.Tag, Name: one.Name, Direction: directionOf(tag),
		tag: tag, texts: i18n.NewLocalizer(bundle, one.Tag), catalogue: nil,
	}, nil
}

// index notes under which key each English sentence stands, so that the code can go on
// saying what it means where it decides. A code with several sentences has a key for
// each; a code that the catalogue does not know can still use a sentence that it does.
func (c *Catalogue) index(english locale) {
	for part, texts := range english.Texts {
		for key, forms := range texts {
			code, _, _ := strings.Cut(key, ".")
			c.keys[sentence(part, code, forms["other"])] = key
			c.keys[sentence(part, "", forms["other"])] = key
		}
	}
}

func sentence(part Part, code, english string) string {
	return string(part) + "\x00" + code + "\x00" + english
}

func id(part Part, key string) string { return string(part) + "/" + key }

// Languages are all there are, sorted by tag.
func (c *Catalogue) Languages() []*Language { return c.languages }

// Source is the language that there always is.
func (c *Catalogue) Source() *Language { return c.source }
