package letter

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"unicode"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/i18n"
)

//go:embed static/letter.html
var static embed.FS

// Deps are what a Writer needs.
type Deps struct {
	Texts *i18n.Catalogue
	// Sender is what the tenant in scope is called by its people.
	Sender func(ctx context.Context) (string, error)
	// Fallback is the tag of the language where nobody wishes one that there is.
	Fallback string
}

// Writer writes letters.
type Writer struct {
	deps   Deps
	layout *template.Template
}

var _ message.Writer = (*Writer)(nil)

// New makes a Writer.
func New(deps Deps) (*Writer, error) {
	if deps.Texts == nil || deps.Sender == nil {
		return nil, errDeps
	}
	layout, err := template.ParseFS(static, "static/letter.html")
	if err != nil {
		return nil, fmt.Errorf("letter: %w", err)
	}
	return &Writer{deps: deps, layout: layout}, nil
}

// Language is the tag of the language that suits a wish best.
func (w *Writer) Language(wish string) string { return w.language(wish).Tag }

func (w *Writer) language(wish string) *i18n.Language {
	for _, tag := range []string{wish, w.deps.Fallback} {
		if found := w.deps.Texts.Find(tag); found != nil {
			return found
		}
	}
	return w.deps.Texts.Source()
}

// page is a letter as the layout shows it.
type page struct {
	Locale, Direction              string
	Subject, Heading, Body, Footer string
}

// Write puts the values into the words of a kind. A word that is missing, and a value that
// a word asks for and is not given, are mistakes of ours.
func (w *Writer) Write(ctx context.Context, kind message.Kind, locale string, values map[string]string) (message.Letter, error) {
	sender, err := w.deps.Sender(ctx)
	if err != nil {
		return message.Letter{}, err
	}
	language := w.language(locale)
	words := words{language: language, values: map[string]string{"sender": oneLine(sender)}}
	for name, value := range values {
		words.values[name] = oneLine(value)
	}
	shown := page{
		Locale: language.Tag, Direction: string(language.Direction), Subject: words.say(string(kind) + ".subject"),
		Heading: words.say(string(kind) + ".heading"), Body: words.say(string(kind) + ".body"), Footer: words.say("footer.body"),
	}
	if words.err != nil {
		return message.Letter{}, words.err
	}
	var html bytes.Buffer
	if err := w.layout.Execute(&html, shown); err != nil {
		return message.Letter{}, fmt.Errorf("letter: %w", err)
	}
	text := strings.Join([]string{shown.Heading, shown.Body, "--\n" + shown.Footer}, "\n\n") + "\n"
	return message.Letter{Locale: language.Tag, Subject: shown.Subject, Text: text, HTML: html.String()}, nil
}

// words are the texts of one language with values in them; err is the first that failed.
type words struct {
	language *i18n.Language
	values   map[string]string
	err      error
}

var blank = regexp.MustCompile(`\{[a-z_]+\}`)

// say fills each blank once, so that a value which looks like one stays as it is.
func (w *words) say(key string) string {
	text := w.language.Word(i18n.Letters, key)
	if text == "" && w.err == nil {
		w.err = fmt.Errorf("%w: %s in %s", errWord, key, w.language.Tag)
	}
	return blank.ReplaceAllStringFunc(text, func(found string) string {
		value, given := w.values[strings.Trim(found, "{}")]
		if !given && w.err == nil {
			w.err = fmt.Errorf("%w: %s for %s", errValue, found, key)
		}
		return value
	})
}

// oneLine is a value without what would begin another line or turn the text around, since
// it may be somebody else's words, and stands in a header too.
func oneLine(value string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return -1
		}
		return r
	}, value))
}
