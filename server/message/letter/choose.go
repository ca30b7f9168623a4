package letter

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/i18n"
	words "github.com/lintel-id/lintel/server/template"
)

// maxForeign bounds for how many languages without built-in words a tenant's are looked for:
// whoever asks for a message can name many.
const maxForeign = 4

// Language is the first of the wishes that there are words of a message in, and where it
// stands; -1 with the language of the tenant, of the server or English where that is none.
func (w *Writer) Language(ctx context.Context, about message.Message, wishes []string) (tag string, at int, err error) {
	tag, at, err = w.first(ctx, about, wishes)
	if err != nil || at >= 0 {
		return tag, at, err
	}
	usual, err := w.usual(ctx)
	if err != nil {
		return "", -1, err
	}
	tag, at, err = w.first(ctx, about, usual)
	if err == nil && at < 0 {
		tag = w.deps.Texts.Source().Tag
	}
	return tag, -1, err
}

// first is the first of the wishes that there are words of a message in; -1 where it is none.
func (w *Writer) first(ctx context.Context, about message.Message, wishes []string) (string, int, error) {
	key, foreign := words.Key{Application: about.Application, Kind: string(about.Kind), Channel: string(about.Channel), Locale: ""}, 0
	for at, wish := range wishes {
		tag, ok := words.Canonical(wish)
		language := w.deps.Texts.Find(wish)
		switch {
		case ok && language != nil:
			return tag, at, nil
		case language != nil: // with more in it than words are written for
			return language.Tag, at, nil
		case !ok || foreign == maxForeign:
			continue
		}
		foreign++
		if _, found, err := w.own(ctx, key, tag); err != nil || found {
			return tag, at, err
		}
	}
	return "", -1, nil
}

// Chosen are the words that a reader gets, and where they are from.
type Chosen struct {
	Words  words.Words
	Locale string // the language that they are in
	Source Source
}

// Source is whose words are.
type Source string

// Whose words can be.
const (
	OfApplication Source = "application"
	OfTenant      Source = "tenant"
	BuiltIn       Source = "built_in"
)

// SourceOf is whose the words of exactly a key are.
func SourceOf(key words.Key) Source {
	if key.Application != "" {
		return OfApplication
	}
	return OfTenant
}

// Choose finds the words for a key: those of its application in its language or in what
// that is a form of, then those of the tenant, then the built-in ones in its language; then
// the same in the language of the tenant, and in that of the server; and in the end English.
func (w *Writer) Choose(ctx context.Context, key words.Key) (Chosen, error) {
	usual, err := w.usual(ctx)
	if err != nil {
		return Chosen{}, err
	}
	for _, wish := range slices.Concat([]string{key.Locale}, usual) {
		own, found, err := w.own(ctx, key, wish)
		if err != nil || found {
			return own, err
		}
		if language := w.deps.Texts.Find(wish); language != nil {
			return builtIn(language, key)
		}
	}
	return builtIn(w.deps.Texts.Source(), key)
}

// usual are the languages of whoever wishes none: that of the tenant, and that of the server.
func (w *Writer) usual(ctx context.Context) ([]string, error) {
	if w.deps.Default == nil {
		return []string{w.deps.Fallback}, nil
	}
	tag, err := w.deps.Default(ctx)
	return []string{tag, w.deps.Fallback}, err
}

// own are the words of the application or else of the tenant in a language, or in what it
// is a form of.
func (w *Writer) own(ctx context.Context, key words.Key, wish string) (Chosen, bool, error) {
	if w.deps.Templates == nil {
		return Chosen{}, false, nil
	}
	for _, locale := range words.Wider(wish) {
		key.Locale = locale
		own, found, err := w.deps.Templates.Words(ctx, key)
		if err != nil || found {
			return Chosen{Words: own, Locale: locale, Source: SourceOf(key)}, found, err
		}
	}
	if key.Application == "" {
		return Chosen{}, false, nil
	}
	key.Application = ""
	return w.own(ctx, key, wish)
}

func builtIn(language *i18n.Language, key words.Key) (Chosen, error) {
	found := words.Words{}
	wanted := map[string]*string{
		key.Kind + ".subject": &found.Subject, key.Kind + ".heading": &found.Heading, key.Kind + ".body": &found.Body, "footer.body": &found.Footer,
	}
	if key.Channel == words.Short {
		wanted = map[string]*string{key.Kind + ".sms": &found.Text}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if *wanted[name] = language.Word(i18n.Letters, name); *wanted[name] == "" {
			return Chosen{}, fmt.Errorf("%w: %s in %s", errWord, name, language.Tag)
		}
	}
	return Chosen{Words: found, Locale: language.Tag, Source: BuiltIn}, nil
}
