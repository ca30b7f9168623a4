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

// shelf has a tenant's words by language, and after a colon those of its application.
type shelf map[string]template.Words

// Words are those of a language.
func (s shelf) Words(_ context.Context, key template.Key) (template.Words, bool, error) {
	if _, broken := s["broken"]; broken {
		return template.Words{}, false, errors.New("broken")
	}
	name := key.Locale
	if key.Application != "" {
		name = key.Application + ":" + name
	}
	found, ok := s[name]
	return found, ok, nil
}

func says(subject string) template.Words {
	return template.Words{Subject: subject, Heading: "H {sender}", Body: "One.\n\nTwo.", Footer: "F", Text: "Short."}
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
	both := shelf{"de": says("de"), "de-CH": says("ch"), "app:de": says("app de"), "app:th": says("app th"), "app:it": says("app it"), "ko": says("ko")}
	for _, c := range []struct {
		own            shelf
		app, wish      string
		tenant         string
		locale, reason string
		source         letter.Source
	}{
		{own, "", "pt-BR", "de", "pt-BR", "the tenant's in the language", letter.OfTenant},
		{own, "", "pt-PT", "de", "pt", "the tenant's in what it is a form of", letter.OfTenant},
		{own, "", "zh-Hant-TW", "de", "zh-Hant", "the same for a script", letter.OfTenant},
		{own, "", "fr-CA", "ko", "fr", "what the reader can read comes before what the tenant would rather say", letter.BuiltIn},
		{own, "", "th", "ko", "ko", "the tenant's in its own language", letter.OfTenant},
		{own, "", "th", "de-AT", "de", "the built-in ones in the tenant's", letter.BuiltIn},
		{own, "", "th", "", "es", "the built-in ones in the server's", letter.BuiltIn},
		{shelf{"es": says("es")}, "", "th", "", "es", "the tenant's in the server's", letter.OfTenant},
		{nil, "", "ja", "de", "ja", "the built-in ones", letter.BuiltIn},
		{both, "app", "de", "fr", "de", "the application's in the language", letter.OfApplication},
		{both, "app", "de-CH", "fr", "de", "the application's in a wider one, before the tenant's", letter.OfApplication},
		{both, "app", "ko", "fr", "ko", "the tenant's where the application has none", letter.OfTenant},
		{both, "app", "ja", "de", "ja", "the built-in ones before the application's in another language", letter.BuiltIn},
		{both, "app", "ro", "th", "th", "the application's in the tenant's language", letter.OfApplication},
		{both, "app", "ro", "it-CH", "it", "and in what that is a form of", letter.OfApplication},
		{both, "other", "de", "fr", "de", "another application's are nobody else's", letter.OfTenant},
		{both, "", "de", "fr", "de", "nor those without one", letter.OfTenant},
	} {
		w := tenantWriter(t, c.own, c.tenant)
		chosen, err := w.Choose(t.Context(), template.Key{Application: c.app, Kind: "test", Channel: "email", Locale: c.wish})
		require.NoError(t, err)
		require.Equal(t, c.locale, chosen.Locale, c.reason)
		require.Equal(t, c.source, chosen.Source, c.reason)
		written, err := w.Write(t.Context(), message.Test, c.app, c.wish, nil)
		require.NoError(t, err)
		require.Equal(t, c.locale, written.Locale, c.reason)
		short, err := w.WriteShort(t.Context(), message.Test, c.app, c.wish, nil)
		require.NoError(t, err)
		require.Equal(t, c.locale, short.Locale, c.reason)
	}
	texts, err := api.Texts()
	require.NoError(t, err)
	bare, err := letter.New(letter.Deps{Texts: texts, Sender: func(context.Context) (string, error) { return "s", nil }})
	require.NoError(t, err)
	written, err := bare.Write(t.Context(), message.Test, "", "th", nil)
	require.NoError(t, err)
	require.Equal(t, "en", written.Locale, "English in the end")
	_, err = tenantWriter(t, shelf{"broken": {}}, "de").Write(t.Context(), message.Test, "", "de", nil)
	require.ErrorContains(t, err, "broken")
}

// The first wish counts that there are words in, whosever they are; then what the tenant speaks.
func TestWhichWishCounts(t *testing.T) {
	own := shelf{"ko": says("ko"), "app:th": says("th"), "zh-Hant": says("hant")}
	for _, c := range []struct {
		app    string
		wishes []string
		tenant string
		want   string
		at     int
	}{
		{"", []string{"", "", "ko-KR", "fr"}, "de", "ko-KR", 2}, // the tenant has words in what that is a form of
		{"", []string{"th", "fr-CA"}, "de", "fr-CA", 1},
		{"app", []string{"th", "fr-CA"}, "de", "th", 0},
		{"", []string{"sv", "nb", "fi", "el", "ko", "ja"}, "de", "ja", 5}, // nobody is looked up so often
		{"", []string{"sv"}, "ko", "ko", -1},
		{"", []string{"sv"}, "th", "es", -1},
		{"", nil, "", "es", -1},
	} {
		tag, at, err := tenantWriter(t, own, c.tenant).Language(t.Context(), message.Message{Application: c.app, Kind: message.Test, Channel: message.Email}, c.wishes)
		require.NoError(t, err)
		require.Equal(t, c.want, tag, "%v", c.wishes)
		require.Equal(t, c.at, at, "%v", c.wishes)
	}
	_, _, err := tenantWriter(t, shelf{"broken": {}}, "de").Language(t.Context(), message.Message{Kind: message.Test, Channel: message.Email}, []string{"ko"})
	require.ErrorContains(t, err, "broken")
	broken := errors.New("away")
	texts, err := api.Texts()
	require.NoError(t, err)
	w, err := letter.New(letter.Deps{
		Texts: texts, Sender: func(context.Context) (string, error) { return "s", nil }, Default: func(context.Context) (string, error) { return "", broken },
	})
	require.NoError(t, err)
	_, _, err = w.Language(t.Context(), message.Message{Kind: message.Test, Channel: message.Email}, nil)
	require.ErrorIs(t, err, broken)
}

func TestATenantsWordsAreALetter(t *testing.T) {
	w := tenantWriter(t, shelf{
		"he": says("S {sender}"), "de": {Subject: "S", HTML: "<p>{sender}</p>", Text: "T {sender}"}, "fr": {Subject: "{gone}", HTML: "<p>x</p>", Text: "T"},
	}, "de")
	hebrew, err := w.Write(t.Context(), message.Test, "", "he", nil)
	require.NoError(t, err)
	require.Equal(t, "S id.example.com", hebrew.Subject)
	require.Equal(t, "H id.example.com\n\nOne.\n\nTwo.\n\n--\nF\n", hebrew.Text)
	require.Contains(t, hebrew.HTML, `<html lang="he" dir="rtl">`)
	require.Contains(t, hebrew.HTML, `>One.</p>`)
	require.Contains(t, hebrew.HTML, `>Two.</p>`)
	german, err := w.Write(t.Context(), message.Test, "", "de-AT", nil)
	require.NoError(t, err)
	require.Equal(t, message.Letter{Locale: "de", Subject: "S", Text: "T id.example.com", HTML: "<p>id.example.com</p>"}, german)
	_, err = w.Write(t.Context(), message.Test, "", "fr", nil)
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
	draft.Text = ""
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

// What is previewed of a short message is what is sent, with the line of its host.
func TestPreviewOfAShortMessage(t *testing.T) {
	own := shelf{"app:de": {Text: "{code} für {sender}"}}
	w, key := tenantWriter(t, own, "de"), template.Key{Application: "app", Kind: "login_code", Channel: "sms", Locale: "de"}
	kind := letter.Kinds()[1]
	require.Equal(t, "login_code", kind.Name)
	shown, err := w.Preview(t.Context(), kind, key, nil, nil)
	require.NoError(t, err)
	require.Equal(t, message.Letter{Locale: "de", Text: "482915 für id.example.com\n\n@id.example.com #482915"}, shown)
	shown, err = w.Preview(t.Context(), kind, key, &template.Words{Text: " {code} "}, map[string]string{"code": "123", "host": "app.example.com"})
	require.NoError(t, err)
	require.Equal(t, "123\n\n@app.example.com #123", shown.Text)
	for pointer, c := range map[string]struct {
		draft  *template.Words
		values map[string]string
	}{
		"/text":        {&template.Words{Text: "no code"}, nil},
		"/values":      {nil, map[string]string{"link": "https://app.example.com"}},
		"/values/code": {nil, map[string]string{"code": " "}},
	} {
		_, err = w.Preview(t.Context(), kind, key, c.draft, c.values)
		require.ErrorIs(t, err, template.ErrInvalid, pointer)
		require.Equal(t, pointer, fault.As(err).Fields[0].Pointer)
	}
	_, err = w.Preview(t.Context(), letter.Kinds()[2], template.Key{Kind: "login_link", Channel: "email", Locale: "de"}, nil, map[string]string{"link": "javascript:alert(1)"})
	require.Equal(t, "/values/link", fault.As(err).Fields[0].Pointer)
}
