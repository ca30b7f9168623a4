package letter

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/i18n"
	words "github.com/lintel-id/lintel/server/template"
)

// WriteShort puts the values into the built-in words of a kind for a channel that shows a
// few lines of plain text and nothing else. What is missing is a mistake of ours, as in Write.
func (w *Writer) WriteShort(ctx context.Context, kind message.Kind, locale string, values map[string]string) (message.Letter, error) {
	wishes, err := w.wishes(ctx, locale)
	if err != nil {
		return message.Letter{}, err
	}
	language := w.deps.Texts.Source()
	for _, wish := range wishes {
		if found := w.deps.Texts.Find(wish); found != nil {
			language = found
			break
		}
	}
	key := string(kind) + ".sms"
	word := language.Word(i18n.Letters, key)
	if word == "" {
		return message.Letter{}, fmt.Errorf("%w: %s in %s", errWord, key, language.Tag)
	}
	known := kindOf(string(kind))
	filling, err := w.filling(ctx, known, values)
	if err != nil {
		return message.Letter{}, err
	}
	return message.Letter{Locale: language.Tag, Subject: "", Text: filling.fill(word) + filling.bound(known), HTML: ""}, filling.err
}

var (
	aHost = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*$`)
	aCode = regexp.MustCompile(`^[A-Za-z0-9]+$`)
)

// bound is the last line of a code that belongs to a host: browsers fill it in there and
// nowhere else. A host or a code that cannot stand in it makes none.
// Spec: WICG Origin-bound one-time codes §3.1.
func (f *filling) bound(kind words.Kind) string {
	host, code := f.values[message.ValueHost], f.values[message.ValueCode]
	if !takes(kind, message.ValueCode) || !aHost.MatchString(host) || !aCode.MatchString(code) {
		return ""
	}
	return "\n\n@" + host + " #" + code
}

// takes tells whether words of a kind may have a placeholder.
func takes(kind words.Kind, name string) bool {
	return slices.ContainsFunc(kind.Placeholders, func(one words.Placeholder) bool { return one.Name == name })
}
