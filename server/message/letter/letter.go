package letter

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"strings"
	"unicode"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/i18n"
	words "github.com/lintel-id/lintel/server/template"
)

//go:embed static/letter.html
var static embed.FS

// Templates has the words of tenants.
type Templates interface {
	// Words are those of the tenant in scope, or of its application, for exactly this key;
	// false where it has none.
	Words(ctx context.Context, key words.Key) (words.Words, bool, error)
}

// Deps are what a Writer needs.
type Deps struct {
	Texts *i18n.Catalogue
	// Templates has the words of tenants; nil where there are the built-in ones only.
	Templates Templates
	// Sender is what the tenant in scope is called by its people.
	Sender func(ctx context.Context) (string, error)
	// Default is the tag of the language of the tenant in scope; nil where none has one.
	Default func(ctx context.Context) (string, error)
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

// page is a letter as the layout shows it.
type page struct {
	Locale, Direction        string
	Subject, Heading, Footer string
	Paragraphs               []paragraph
	Label                    string // of a link; empty where the language has none
}

// Write puts the values into the words of a kind that suit an application (empty: none in
// particular) and a language best. A word that is
// missing, a value that a word asks for and is not given, and a link that leads nowhere
// are mistakes of ours.
func (w *Writer) Write(ctx context.Context, kind message.Kind, application, locale string, values map[string]string) (message.Letter, error) {
	chosen, err := w.Choose(ctx, words.Key{Application: application, Kind: string(kind), Channel: string(message.Email), Locale: locale})
	if err != nil {
		return message.Letter{}, err
	}
	return w.render(ctx, kindOf(string(kind)), chosen, values)
}

// render fills words. Values are text on one line there, and never markup.
func (w *Writer) render(ctx context.Context, kind words.Kind, chosen Chosen, values map[string]string) (message.Letter, error) {
	filling, err := w.filling(ctx, kind, chosen.Locale, values)
	if err != nil {
		return message.Letter{}, err
	}
	written := message.Letter{Locale: chosen.Locale, Subject: filling.fill(chosen.Words.Subject), Text: "", HTML: ""}
	if chosen.Words.HTML != "" {
		written.HTML, written.Text = filling.markup(chosen.Words.HTML), filling.fill(chosen.Words.Text)
		return written, filling.err
	}
	direction := i18n.DirectionOf(chosen.Locale)
	shown := page{
		Locale: chosen.Locale, Direction: string(direction), Subject: written.Subject, Label: w.label(chosen.Locale),
		Heading: filling.fill(chosen.Words.Heading), Footer: filling.fill(chosen.Words.Footer), Paragraphs: filling.paragraphs(chosen.Words.Body, direction),
	}
	if filling.err != nil {
		return message.Letter{}, filling.err
	}
	var html bytes.Buffer
	if err := w.layout.Execute(&html, shown); err != nil {
		return message.Letter{}, fmt.Errorf("letter: %w", err)
	}
	written.HTML, written.Text = html.String(), shown.text()
	return written, nil
}

// label is what stands on the button of a link.
func (w *Writer) label(locale string) string {
	if language := w.deps.Texts.Find(locale); language != nil {
		return language.Word(i18n.Letters, "link.label")
	}
	return ""
}

// filling puts values into texts; err is the first that failed.
type filling struct {
	values   map[string]string
	isolated map[string]string // the same for texts from right to left
	err      error
}

// filling prepares values, with what is known of who sends.
func (w *Writer) filling(ctx context.Context, kind words.Kind, locale string, values map[string]string) (*filling, error) {
	sender, err := w.deps.Sender(ctx)
	if err != nil {
		return nil, err
	}
	prepared := &filling{values: map[string]string{"sender": oneLine(sender)}, isolated: map[string]string{}, err: nil}
	for name, value := range values {
		prepared.values[name] = oneLine(value)
	}
	for name, value := range prepared.values {
		prepared.isolated[name] = isolate(value)
	}
	w.describe(prepared, locale)
	for _, one := range kind.Placeholders {
		value, given := values[one.Name]
		switch {
		case one.Required && given && prepared.values[one.Name] == "":
			return nil, fmt.Errorf("%w: %s", errEmpty, one.Name)
		case one.Name == message.ValueLink && given && !words.Leads(value):
			return nil, errLink // without the link itself, which opens what it leads to
		}
	}
	return prepared, nil
}

func (f *filling) fill(text string) string { return f.with(words.Fill(text, f.values)) }

func (f *filling) markup(text string) string { return f.with(words.FillHTML(text, f.values)) }

func (f *filling) with(filled string, err error) string {
	if f.err == nil {
		f.err = err
	}
	return filled
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
