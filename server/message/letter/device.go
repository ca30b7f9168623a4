package letter

import (
	"cmp"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/i18n"
	words "github.com/lintel-id/lintel/server/template"
)

// anywhere is how a device and its system are said where the language has no words for it.
const anywhere = "{device} ({system})"

// describe makes one value of a device and its system, as a language says both.
func (w *Writer) describe(prepared *filling, locale string) {
	say := func(string) string { return "" }
	if language := w.deps.Texts.Find(locale); language != nil {
		say = func(key string) string { return language.Word(i18n.Letters, key) }
	}
	for _, name := range []string{message.ValueDevice, message.ValueSystem} {
		if key := general(prepared.values[name]); key != "" && say(key) != "" {
			prepared.values[name], prepared.isolated[name] = say(key), say(key)
		}
	}
	if prepared.values[message.ValueDevice] == "" || prepared.values[message.ValueSystem] == "" {
		return
	}
	together := cmp.Or(say("device.on"), anywhere)
	for _, values := range []map[string]string{prepared.values, prepared.isolated} {
		values[message.ValueDevice] = prepared.with(words.Fill(together, values))
	}
}

// general is where the words for a device stand whose name is no product's; empty for any
// other, which is called the same everywhere.
func general(name string) string {
	if name == "Apple device" {
		return "device.apple"
	}
	return ""
}
