package letter

import (
	"context"

	"github.com/lintel-id/lintel/server/message"
)

// WriteShort puts the values into the words of a kind for a channel that shows a few lines
// of plain text and nothing else. What is missing is a mistake of ours, as in Write.
func (w *Writer) WriteShort(ctx context.Context, kind message.Kind, locale string, values map[string]string) (message.Letter, error) {
	sender, err := w.deps.Sender(ctx)
	if err != nil {
		return message.Letter{}, err
	}
	words := words{language: w.language(locale), values: map[string]string{"sender": oneLine(sender)}, err: nil}
	for name, value := range values {
		words.values[name] = oneLine(value)
	}
	text := words.say(string(kind) + ".sms")
	if words.err != nil {
		return message.Letter{}, words.err
	}
	return message.Letter{Locale: words.language.Tag, Subject: "", Text: text, HTML: ""}, nil
}
