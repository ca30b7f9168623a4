package template_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/template"
)

// links tells of addresses whether a message may lead there.
func links() map[string]bool {
	return map[string]bool{
		"https://app.example.com/a?b=c#d": true, "HTTPS://app.example.com": true, "https://[2001:db8::1]/": true, "http://localhost:8080/a": true,
		"http://127.0.0.1/a": true, "http://[::1]:8080/": true, "com.example.app:/open?a=b": true, "com.example.app://open": true,

		"": false, "javascript:alert(1)": false, "JavaScript:alert(1)": false, "java\tscript:alert(1)": false, " javascript:alert(1)": false,
		"data:text/html,<script>1</script>": false, "vbscript:x": false, "file:///etc/passwd": false, "//evil.example": false, "/a": false, "a": false,
		"http://app.example.com": false, "http://127.0.0.1.evil.example/": false, "http://localhost.evil.example/": false, "https:": false, "https:///a": false,
		"https://a@evil.example/": false, "https://app.example.com@evil.example/": false, "https://app.example.com/\"onclick=x": false,
		"https://app.example.com/a b": false, "https://app.example.com/\r\nBcc:x": false, "https://app.example.com/\u202e": false,
		"https://app.example.com\\@evil.example": false, "app:/open": false, "mailto:a@example.com": false, "https://аpp.example.com": false,
		"https://app.example.com/" + strings.Repeat("a", 2048): false, "https://app.example.com/<b>": false, "https://[": false,
	}
}

// Protects: whatever is given for a link, nothing runs and nobody is led astray.
func TestClass_Injection_ALinkLeadsWhereItMay(t *testing.T) {
	const markup = `<p>{code}</p><a href='{link}'>{link}</a>`
	require.NoError(t, kinds()[0].Examine("email", own(markup)))
	require.NoError(t, kinds()[0].Examine("email", own(`<p>{code}</p><a class=b href={link}>a</a>`)))
	for address, may := range links() {
		require.Equal(t, may, template.Leads(address), address)
		filled, err := template.FillHTML(markup, map[string]string{"code": "1", "link": address})
		if !may {
			require.ErrorContains(t, err, "leads where no message may", address)
			continue
		}
		require.NoError(t, err, address)
		require.Contains(t, filled, `href="`+strings.ReplaceAll(address, "&", "&amp;")+`"`)
	}
	none := []template.Kind{{Name: "x", Channels: []string{"email"}}}
	err := none[0].Examine("email", template.Words{Subject: "S", HTML: `<a href="{link}">a</a>`, Text: "T"})
	require.Equal(t, "placeholder", fault.As(err).Fields[0].Code, "a kind without a link has none to open")
}

// A short message is a text, and not the line that browsers read.
func TestWhatAShortMessageMayNotHold(t *testing.T) {
	for want, words := range map[string]template.Words{
		" inconsistent":             {Subject: "S", Text: "{code}"},
		"/text required":            {Text: " "},
		"/text max_length":          {Text: "{code}" + strings.Repeat("x", 300)},
		"/text placeholder":         {Text: "{code} {name}"},
		"/text placeholder_missing": {Text: "none"},
		"/text html":                {Text: "{code} <b>now</b>"},
		"/text format":              {Text: "{code}\n\n@evil.example #{code}"},
		"/text characters":          {Text: "{code}\u202e"},
	} {
		err := kinds()[0].Examine("sms", words)
		require.ErrorIs(t, err, template.ErrInvalid, want)
		first := fault.As(err).Fields[0]
		require.Equal(t, want, first.Pointer+" "+first.Code)
	}
	require.NoError(t, kinds()[0].Examine("sms", template.Words{Text: "{code} < 5 > 3, says {sender}.\nBye @home."}))
}

// The words of an application are its own, beside those of the tenant.
func TestAnApplicationHasWordsOfItsOwn(t *testing.T) {
	h, ctx := open(t)
	const app = "app_01h455vb4pex5vsknk084sn02q"
	tenants := template.Key{Kind: "code", Channel: "email", Locale: "de"}
	apps, other := tenants, tenants
	apps.Application, other.Application = app, "app_01h455vb4pex5vsknk084sn02r"
	_, err := h.Set(ctx, tenants, 0, sentences())
	require.NoError(t, err)
	mine := sentences()
	mine.Heading = "Mine"
	made, err := h.Set(ctx, apps, 0, mine)
	require.NoError(t, err)
	require.EqualValues(t, 1, made.Number)
	words, found, err := h.Words(ctx, apps)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, "Mine", words.Heading)
	_, found, err = h.Words(ctx, other)
	require.NoError(t, err)
	require.False(t, found)
	page, err := h.List(ctx, template.Key{Application: app}, 9)
	require.NoError(t, err)
	require.Len(t, page.Items, 1, "nothing that is built in")
	require.Equal(t, apps, page.Items[0].Key)
	require.NoError(t, h.Remove(ctx, apps, 1))
	_, found, err = h.Words(ctx, tenants)
	require.NoError(t, err)
	require.True(t, found)

	apps.Application = "none"
	_, err = h.Set(ctx, apps, 0, mine)
	require.ErrorIs(t, err, errNone)
	_, err = h.List(ctx, apps, 9)
	require.ErrorIs(t, err, errNone)
}
