package letter

import (
	"context"
	"fmt"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/i18n"
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
	filling, err := w.filling(ctx, values)
	if err != nil {
		return message.Letter{}, err
	}
	return message.Letter{Locale: language.Tag, Subject: "", Text: filling.fill(word), HTML: ""}, filling.err
}
