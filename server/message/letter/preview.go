package letter

import (
	"context"
	"maps"
	"slices"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/fault"
	words "github.com/lintel-id/lintel/server/template"
)

// Preview is the letter that words would make; nil: that the words make which hold now. A
// value that is not given is a sample. Nothing is stored or sent. words.ErrInvalid.
func (w *Writer) Preview(ctx context.Context, kind words.Kind, key words.Key, draft *words.Words, values map[string]string) (message.Letter, error) {
	filled, err := previewed(kind, key, values)
	if err != nil {
		return message.Letter{}, err
	}
	chosen := Chosen{Words: words.Words{}, Locale: key.Locale, Source: SourceOf(key)}
	if draft != nil {
		chosen.Words, err = *draft, kind.Examine(key.Channel, *draft)
	} else {
		chosen, err = w.Choose(ctx, key)
	}
	if err != nil {
		return message.Letter{}, err
	}
	if key.Channel == words.Short {
		return w.renderShort(ctx, kind, chosen, filled)
	}
	return w.render(ctx, kind, chosen, filled)
}

// previewed are the given values, and samples of those that are not.
func previewed(kind words.Kind, key words.Key, values map[string]string) (map[string]string, error) {
	filled := map[string]string{}
	for _, one := range kind.Placeholders {
		if one.Name != "sender" { // who sends is known
			filled[one.Name] = one.Sample
		}
	}
	if _, given := values[message.ValueDevice]; !given && takes(kind, message.ValueDevice) {
		filled[message.ValueSystem] = "Linux"
	}
	hosted := key.Channel == words.Short && takes(kind, message.ValueCode)
	if hosted {
		filled[message.ValueHost] = "id.example.com"
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !takes(kind, name) && (!hosted || name != message.ValueHost) {
			return nil, words.ErrInvalid.At(fault.Field{
				Pointer: "/values", Code: "placeholder", Detail: "This kind of message has no such placeholder.", Numbers: nil,
			})
		}
		filled[name] = values[name]
	}
	for _, one := range kind.Placeholders {
		switch value, given := filled[one.Name]; {
		case !given:
		case one.Required && oneLine(value) == "":
			return nil, words.ErrInvalid.At(fault.Field{Pointer: "/values/" + one.Name, Code: "required", Detail: "This is required.", Numbers: nil})
		case one.Name == message.ValueLink && !words.Leads(value):
			return nil, words.ErrInvalid.At(fault.Field{
				Pointer: "/values/link", Code: "address", Detail: "A message leads to https, or to an application's own scheme with a dot in it.", Numbers: nil,
			})
		}
	}
	return filled, nil
}
