package letter_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/platform/i18n"
	"github.com/lintel-id/lintel/server/template"
)

func writer(t *testing.T, sender string, err error) *letter.Writer {
	t.Helper()
	texts, textsErr := api.Texts()
	require.NoError(t, textsErr)
	made, madeErr := letter.New(letter.Deps{
		Texts: texts, Fallback: "de", Sender: func(context.Context) (string, error) { return sender, err },
	})
	require.NoError(t, madeErr)
	return made
}

// samples are values for every placeholder of a kind but the sender.
func samples(kind template.Kind) map[string]string {
	values := map[string]string{}
	for _, one := range kind.Placeholders {
		if one.Name != "sender" {
			values[one.Name] = one.Sample
		}
	}
	return values
}

// Every kind of message can be written in every language, and says what it is for.
func TestEveryLetterInEveryLanguage(t *testing.T) {
	w := writer(t, "id.example.com", nil)
	subjects := map[string]bool{}
	require.Len(t, letter.Kinds(), len(message.Kinds()))
	for _, tag := range api.Locales() {
		for at, kind := range letter.Kinds() {
			require.Equal(t, string(message.Kinds()[at]), kind.Name)
			written, err := w.Write(t.Context(), message.Kind(kind.Name), "", tag, samples(kind))
			require.NoError(t, err, "%s in %s", kind.Name, tag)
			require.Equal(t, tag, written.Locale)
			require.Contains(t, written.Subject, "id.example.com")
			require.NotContains(t, written.Text+written.Subject, "{")
			require.Contains(t, written.HTML, `<html lang="`+tag+`" dir="`+map[bool]string{true: "rtl", false: "ltr"}[tag == "ar"]+`">`)
			require.False(t, subjects[written.Subject], "%s in %s", kind.Name, tag)
			subjects[written.Subject] = true
			for _, one := range kind.Placeholders {
				require.Contains(t, written.Text, one.Sample, "%s in %s", kind.Name, tag)
				require.Contains(t, written.HTML, one.Sample, "%s in %s", kind.Name, tag)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	w := writer(t, "id.example.com", nil)
	for wish, want := range map[string]string{
		"pt-BR": "pt-BR", "PT-br": "pt-BR", "ja": "ja", "fr-u-co-phonebk": "fr", "": "de", "ko": "de", "no such thing": "de", strings.Repeat("x", 99): "de",
	} {
		tag, at, err := w.Language(t.Context(), message.Message{Kind: message.Test, Channel: message.Email}, []string{wish})
		require.NoError(t, err)
		require.Equal(t, want, tag, wish)
		require.Equal(t, want == "de", at < 0, wish)
	}
	texts, err := api.Texts()
	require.NoError(t, err)
	bare, err := letter.New(letter.Deps{Texts: texts, Sender: func(context.Context) (string, error) { return "", nil }})
	require.NoError(t, err)
	tag, at, err := bare.Language(t.Context(), message.Message{Kind: message.Test, Channel: message.Email}, []string{"?"})
	require.NoError(t, err)
	require.Equal(t, "en", tag)
	require.Equal(t, -1, at)
}

// What somebody else wrote comes into a letter as text on one line.
func TestClass_Injection_AValueIsNoMarkupAndNoHeader(t *testing.T) {
	w := writer(t, "<script>alert(1)</script>\r\nBcc: eve@example.com \u202egnol {sender}", nil)
	written, err := w.Write(t.Context(), message.Test, "", "en", nil)
	require.NoError(t, err)
	require.NotContains(t, written.HTML, "<script>alert")
	require.Contains(t, written.HTML, "&lt;script&gt;alert(1)")
	require.NotContains(t, written.Subject+written.Text, "\u202e", "nothing turns the text around")
	require.NotContains(t, written.Subject, "\n")
	require.NotContains(t, written.Subject, "\r")
	require.Contains(t, written.Subject, "{sender}", "a value is not filled in again")
	short, err := w.WriteShort(t.Context(), message.Test, "", "en", nil)
	require.NoError(t, err)
	require.NotContains(t, short.Text, "\u202e")
	require.NotContains(t, short.Text, "\n")
	require.Contains(t, short.Text, "{sender}")
}

func TestWhatIsMissingIsToldAndNotSent(t *testing.T) {
	_, err := letter.New(letter.Deps{})
	require.Error(t, err)
	away := errors.New("away")
	_, err = writer(t, "", away).Write(t.Context(), message.Test, "", "en", nil)
	require.ErrorIs(t, err, away)
	_, err = writer(t, "id.example.com", nil).Write(t.Context(), "no_such_kind", "", "en", nil)
	require.ErrorContains(t, err, "no_such_kind.body")
	_, err = writer(t, "", away).WriteShort(t.Context(), message.Test, "", "en", nil)
	require.ErrorIs(t, err, away)
	_, err = writer(t, "id.example.com", nil).WriteShort(t.Context(), "no_such_kind", "", "en", nil)
	require.ErrorContains(t, err, "no_such_kind.sms")

	texts, err := i18n.New([]byte(`[{"tag":"en","name":"English","texts":{"letters":{"test.sms":{"other":"Hi {name}"},"test.subject":{"other":"Hello {name}"},"test.heading":{"other":"H"},"test.body":{"other":"B"},"footer.body":{"other":"F"}}}}]`))
	require.NoError(t, err)
	w, err := letter.New(letter.Deps{Texts: texts, Sender: func(context.Context) (string, error) { return "s", nil }})
	require.NoError(t, err)
	_, err = w.Write(t.Context(), message.Test, "", "en", nil)
	require.ErrorContains(t, err, "{name}")
	written, err := w.Write(t.Context(), message.Test, "", "en", map[string]string{"name": "Ada"})
	require.NoError(t, err)
	require.Equal(t, "Hello Ada", written.Subject)
	_, err = w.WriteShort(t.Context(), message.Test, "", "en", nil)
	require.ErrorContains(t, err, "{name}")
	short, err := w.WriteShort(t.Context(), message.Test, "", "en", map[string]string{"name": "Ada"})
	require.NoError(t, err)
	require.Equal(t, "Hi Ada", short.Text)
}
