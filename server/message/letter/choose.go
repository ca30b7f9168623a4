package letter

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/lintel-id/lintel/server/platform/i18n"
	words "github.com/lintel-id/lintel/server/template"
)

// Language is the tag of what somebody wishes to read, or of the fallback where that is no
// language. Which words come closest to it is found when the letter is written.
func (w *Writer) Language(wish string) string {
	if tag, ok := words.Canonical(wish); ok {
		return tag
	}
	if found := w.deps.Texts.Find(w.deps.Fallback); found != nil {
		return found.Tag
	}
	return w.deps.Texts.Source().Tag
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
	wishes, err := w.wishes(ctx, key.Locale)
	if err != nil {
		return Chosen{}, err
	}
	for _, wish := range wishes {
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

// wishes are the languages that a reader may have wished, the nearest first: their own,
// that of the tenant, and that of the server.
func (w *Writer) wishes(ctx context.Context, locale string) ([]string, error) {
	if w.deps.Default == nil {
		return []string{locale, w.deps.Fallback}, nil
	}
	tag, err := w.deps.Default(ctx)
	return []string{locale, tag, w.deps.Fallback}, err
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
