package letter_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/template"
)

// shelf has a tenant's words by language.
type shelf map[string]template.Words

// Words are those of a language.
func (s shelf) Words(_ context.Context, key template.Key) (template.Words, bool, error) {
	if _, broken := s["broken"]; broken {
		return template.Words{}, false, errors.New("broken")
	}
	found, ok := s[key.Locale]
	return found, ok, nil
}

func says(subject string) template.Words {
	return template.Words{Subject: subject, Heading: "H {sender}", Body: "One.\n\nTwo.", Footer: "F"}
}

func tenantWriter(t *testing.T, own shelf, tenantLocale string) *letter.Writer {
	t.Helper()
	texts, err := api.Texts()
	require.NoError(t, err)
	made, err := letter.New(letter.Deps{
		Texts: texts, Templates: own, Fallback: "es",
		Sender:  func(context.Context) (string, error) { return "id.example.com", nil },
		Default: func(context.Context) (string, error) { return tenantLocale, nil },
	})
	require.NoError(t, err)
	return made
}

func TestWhichWordsAReaderGets(t *testing.T) {
	own := shelf{"pt-BR": says("br"), "pt": says("pt"), "ko": says("ko"), "zh-Hant": says("hant")}
	for _, c := range []struct {
		own            shelf
		wish, tenant   string
		locale, reason string
		tenants        bool
	}{
		{own, "pt-BR", "de", "pt-BR", "the tenant's in the language", true},
		{own, "pt-PT", "de", "pt", "the tenant's in what it is a form of", true},
		{own, "zh-Hant-TW", "de", "zh-Hant", "the same for a script", true},
		{own, "fr-CA", "ko", "fr", "what the reader can read comes before what the tenant would rather say", false},
		{own, "th", "ko", "ko", "the tenant's in its own language", true},
		{own, "th", "de-AT", "de", "the built-in ones in the tenant's", false},
		{own, "th", "", "es", "the built-in ones in the server's", false},
		{shelf{"es": says("es")}, "th", "", "es", "the tenant's in the server's", true},
		{nil, "ja", "de", "ja", "the built-in ones", false},
	} {
		w := tenantWriter(t, c.own, c.tenant)
		chosen, err := w.Choose(t.Context(), template.Key{Kind: "test", Channel: "email", Locale: c.wish})
		require.NoError(t, err)
		require.Equal(t, c.locale, chosen.Locale, c.reason)
		require.Equal(t, c.tenants, chosen.Own, c.reason)
		written, err := w.Write(t.Context(), message.Test, c.wish, nil)
		require.NoError(t, err)
		require.Equal(t, c.locale, written.Locale, c.reason)
	}
	texts, err := api.Texts()
	require.NoError(t, err)
	bare, err := letter.New(letter.Deps{Texts: texts, Sender: func(context.Context) (string, error) { return "s", nil }})
	require.NoError(t, err)
	written, err := bare.Write(t.Context(), message.Test, "th", nil)
	require.NoError(t, err)
	require.Equal(t, "en", written.Locale, "English in the end")
	_, err = tenantWriter(t, shelf{"broken": {}}, "de").Write(t.Context(), message.Test, "de", nil)
	require.ErrorContains(t, err, "broken")
}

func TestATenantsWordsAreALetter(t *testing.T) {
	w := tenantWriter(t, shelf{
		"he": says("S {sender}"), "de": {Subject: "S", HTML: "<p>{sender}</p>", Text: "T {sender}"}, "fr": {Subject: "{gone}", HTML: "<p>x</p>", Text: "T"},
	}, "de")
	hebrew, err := w.Write(t.Context(), message.Test, "he", nil)
	require.NoError(t, err)
	require.Equal(t, "S id.example.com", hebrew.Subject)
	require.Equal(t, "H id.example.com\n\nOne.\n\nTwo.\n\n--\nF\n", hebrew.Text)
	require.Contains(t, hebrew.HTML, `<html lang="he" dir="rtl">`)
	require.Contains(t, hebrew.HTML, `>One.</p>`)
	require.Contains(t, hebrew.HTML, `>Two.</p>`)
	german, err := w.Write(t.Context(), message.Test, "de-AT", nil)
	require.NoError(t, err)
	require.Equal(t, message.Letter{Locale: "de", Subject: "S", Text: "T id.example.com", HTML: "<p>id.example.com</p>"}, german)
	_, err = w.Write(t.Context(), message.Test, "fr", nil)
	require.ErrorContains(t, err, "{gone}")
}

func TestPreview(t *testing.T) {
	w, key := tenantWriter(t, shelf{"de": says("tenant")}, "de"), template.Key{Kind: "test", Channel: "email", Locale: "de"}
	kind := letter.Kinds()[0]
	kind.Placeholders = append(kind.Placeholders, template.Placeholder{Name: "code", Required: false, Sample: "123456"})
	shown, err := w.Preview(t.Context(), kind, key, nil, nil)
	require.NoError(t, err)
	require.Equal(t, "tenant", shown.Subject)
	draft := says("{sender} {code}")
	shown, err = w.Preview(t.Context(), kind, key, &draft, nil)
	require.NoError(t, err)
	require.Equal(t, "id.example.com 123456", shown.Subject)
	shown, err = w.Preview(t.Context(), kind, key, &draft, map[string]string{"sender": "a\r\nb", "code": "{sender}"})
	require.NoError(t, err)
	require.Equal(t, "a  b {sender}", shown.Subject)
	_, err = w.Preview(t.Context(), kind, key, &draft, map[string]string{"x": "y"})
	require.ErrorIs(t, err, template.ErrInvalid)
	require.Equal(t, "/values", fault.As(err).Fields[0].Pointer)
	draft.Body = ""
	_, err = w.Preview(t.Context(), kind, key, &draft, nil)
	require.Equal(t, "/body", fault.As(err).Fields[0].Pointer)
}
