package letter

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/server/message"
	words "github.com/lintel-id/lintel/server/template"
)

// WriteShort puts the values into the words of a kind for a channel that shows a few lines
// of plain text and nothing else. What is missing is a mistake of ours, as in Write.
func (w *Writer) WriteShort(ctx context.Context, kind message.Kind, application, locale string, values map[string]string) (message.Letter, error) {
	chosen, err := w.Choose(ctx, words.Key{Application: application, Kind: string(kind), Channel: words.Short, Locale: locale})
	if err != nil {
		return message.Letter{}, err
	}
	return w.renderShort(ctx, kindOf(string(kind)), chosen, values)
}

func (w *Writer) renderShort(ctx context.Context, kind words.Kind, chosen Chosen, values map[string]string) (message.Letter, error) {
	filling, err := w.filling(ctx, kind, chosen.Locale, values)
	if err != nil {
		return message.Letter{}, err
	}
	text := strings.TrimSpace(filling.fill(chosen.Words.Text))
	return message.Letter{Locale: chosen.Locale, Subject: "", Text: text + filling.bound(kind), HTML: ""}, filling.err
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
