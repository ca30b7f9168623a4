package letter_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/template"
)

func asked(more map[string]string) map[string]string {
	values := map[string]string{"code": "482915", "link": "https://app.example.com/a?b=c&d=e#f", "minutes": "10", "device": "Firefox on Linux", "place": "203.0.113.7"}
	maps.Copy(values, more)
	return values
}

// A code can be read and selected alone, from left to right whatever the language; a link
// is a button with its address below. As text both stand alone on their line.
func TestCodesAndLinksAreShownAsWhatTheyAre(t *testing.T) {
	w := writer(t, "id.example.com", nil)
	for _, tag := range []string{"en", "ar"} {
		code, err := w.Write(t.Context(), message.LoginCode, "", tag, asked(nil))
		require.NoError(t, err)
		require.Contains(t, code.Text, "\n\n482915\n\n")
		require.Contains(t, code.HTML, `user-select:all;">482915</span>`)
		require.Contains(t, code.HTML, `class="box ink" dir="ltr"`)
		require.NotContains(t, code.HTML, "<a ")
		require.NotContains(t, code.Subject, "482915", "it is in no log of a mail server")
		link, err := w.Write(t.Context(), message.LoginLink, "", tag, asked(nil))
		require.NoError(t, err)
		require.Contains(t, link.Text, "\n\nhttps://app.example.com/a?b=c&d=e#f\n\n")
		require.Equal(t, 2, strings.Count(link.HTML, `href="https://app.example.com/a?b=c&amp;d=e#f"`))
		require.Contains(t, link.HTML, `>https://app.example.com/a?b=c&amp;d=e#f</a>`)
		require.Contains(t, link.HTML, map[string]string{"en": ">Continue</a>", "ar": ">متابعة</a>"}[tag])
	}
	own := tenantWriter(t, shelf{"ko": {Subject: "S", Heading: "H", Body: "A {link} b\r\n\r\n {link} ", Footer: "F"}}, "de")
	korean, err := own.Write(t.Context(), message.LoginLink, "", "ko", asked(map[string]string{"link": "com.example.app:/open"}))
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(korean.HTML, `href="com.example.app:/open"`), "an app's own scheme")
	require.Equal(t, 2, strings.Count(korean.HTML, `>com.example.app:/open</a>`), "the address where there is no word for the button")
	require.Contains(t, korean.HTML, `>A com.example.app:/open b</p>`)
}

// An address keeps its order in a language that runs the other way.
func TestValuesKeepTheirDirection(t *testing.T) {
	w := writer(t, "id.example.com", nil)
	arabic, err := w.Write(t.Context(), message.LoginCode, "", "ar", asked(map[string]string{"place": "2001:db8::7"}))
	require.NoError(t, err)
	require.Contains(t, arabic.HTML, "\u20682001:db8::7\u2069")
	require.Contains(t, arabic.Text, "\n\n482915\n\n", "what stands alone needs nothing")
	english, err := w.Write(t.Context(), message.LoginCode, "", "en", asked(nil))
	require.NoError(t, err)
	require.NotContains(t, english.Text, "\u2068")
}

// What nobody knows is not said, and what is of no use is not sent.
func TestAnEmptyValue(t *testing.T) {
	w := writer(t, "id.example.com", nil)
	for _, unknown := range []map[string]string{{"device": ""}, {"place": " \n"}} {
		written, err := w.Write(t.Context(), message.LoginCode, "", "en", asked(unknown))
		require.NoError(t, err)
		require.NotContains(t, written.Text+written.HTML, "It was asked for")
		require.Contains(t, written.Text, "482915")
	}
	_, err := w.Write(t.Context(), message.LoginCode, "", "en", asked(map[string]string{"code": "\r\n"}))
	require.ErrorContains(t, err, "empty")
	_, err = w.WriteShort(t.Context(), message.LoginLink, "", "en", asked(map[string]string{"link": ""}))
	require.Error(t, err)
}

// Protects: no value begins a header, runs, or becomes the line that browsers obey.
func TestClass_Injection_ValuesInEveryKind(t *testing.T) {
	const evil = "<script>alert(1)</script>\"'\r\nBcc: eve@example.com\n\n{link}\u2028\u202e@evil.example #1"
	w := tenantWriter(t, shelf{
		"he": {Subject: "{code} {device}", Heading: "{device}", Body: "{device} {code}", Footer: "{place}"},
		"ko": {Subject: "{code} {device}", HTML: `<p title="{device}">{device} {code}</p>`, Text: "{device} {code}"},
	}, "de")
	values := asked(map[string]string{"device": evil, "place": evil, "code": evil, "host": evil})
	for _, tag := range []string{"en", "he", "ko"} {
		written, err := w.Write(t.Context(), message.LoginCode, "", tag, values)
		require.NoError(t, err)
		require.NotContains(t, written.HTML, "<script>")
		require.NotContains(t, written.HTML, `"'`)
		require.NotContains(t, written.HTML, "href", "a value makes no link")
		require.NotRegexp(t, "[\r\n\u2028\u202e]", written.Subject)
		require.NotContains(t, written.Text, "\nBcc")
		require.NotContains(t, written.Text, "\n{link}")
		short, err := w.WriteShort(t.Context(), message.LoginCode, "", tag, values)
		require.NoError(t, err)
		require.NotContains(t, short.Text, "\n")
	}
	for _, address := range []string{"javascript:alert(1)", "https://app.example.com/\r\nBcc: x", "https://a@evil.example/", `https://app.example.com/"onclick=x`} {
		_, err := w.Write(t.Context(), message.LoginLink, "", "en", asked(map[string]string{"link": address}))
		require.ErrorContains(t, err, "neither https", address)
		require.NotContains(t, err.Error(), address, "a link is a secret")
		_, err = w.WriteShort(t.Context(), message.LoginLink, "", "en", asked(map[string]string{"link": address}))
		require.Error(t, err, address)
	}
}

// Protects: words that ask for what nobody gives are not sent with a hole in them.
func TestClass_Injection_AMissingVariableIsNoHole(t *testing.T) {
	w := tenantWriter(t, shelf{"he": {Subject: "S", HTML: `<a href="{link}">{secret}</a>`, Text: "{link}"}, "ko": template.Words{Subject: "S", Heading: "H", Body: "{link}", Footer: "{secret}"}}, "de")
	for _, tag := range []string{"he", "ko"} {
		_, err := w.Write(t.Context(), message.LoginLink, "", tag, asked(nil))
		require.ErrorContains(t, err, "{secret}")
	}
	values := asked(nil)
	delete(values, "minutes")
	_, err := w.Write(t.Context(), message.LoginLink, "", "en", values)
	require.ErrorContains(t, err, "{minutes}")
	_, err = w.Write(t.Context(), message.PasswordChanged, "", "en", asked(nil))
	require.NoError(t, err, "what is given and not asked for is passed over")
	_, err = w.WriteShort(t.Context(), message.PasswordChanged, "", "en", asked(map[string]string{"link": "https://app.example.com", "code": ""}))
	require.NoError(t, err)
}
