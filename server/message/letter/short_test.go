package letter_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/letter"
)

// The characters of a short message that cost one or two septets. Spec: 3GPP TS 23.038 §6.2.1.
const (
	septet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	pair   = "\f^{}\\[~]|€"
)

// septets is how long a text is on the air; 0 where it needs the wide alphabet.
func septets(text string) (length int) {
	for _, r := range text {
		switch {
		case strings.ContainsRune(septet, r):
			length++
		case strings.ContainsRune(pair, r):
			length += 2
		default:
			return 0
		}
	}
	return length
}

// One part carries a message where the language is written in the narrow alphabet, and two
// where it is not, with a link and with the line that binds a code to its host.
func TestShortMessagesAreShort(t *testing.T) {
	w, said := writer(t, "id.example.com", nil), map[string]bool{}
	for _, tag := range api.Locales() {
		for _, kind := range letter.Kinds() {
			values := samples(kind)
			values[message.ValueHost] = "id.example.com"
			short, err := w.WriteShort(t.Context(), message.Kind(kind.Name), "", tag, values)
			require.NoError(t, err, "%s in %s", kind.Name, tag)
			require.Contains(t, short.Text, "id.example.com")
			require.Equal(t, message.Letter{Locale: tag, Text: short.Text}, short)
			require.NotContains(t, short.Text, "{")
			require.False(t, said[short.Text], "%s in %s", kind.Name, tag)
			said[short.Text] = true
			for _, one := range kind.Placeholders {
				if one.Required {
					require.Contains(t, strings.Fields(short.Text), one.Sample, "%s in %s: alone, so that phones see it", kind.Name, tag)
				}
			}
			if tag == "ar" || tag == "ja" {
				assert.LessOrEqual(t, len(utf16.Encode([]rune(short.Text))), 134, "%s in %s: %s", kind.Name, tag, short.Text)
				continue
			}
			require.NotZero(t, septets(short.Text), "%s in %s: %s", kind.Name, tag, short.Text)
			assert.LessOrEqual(t, septets(short.Text), 160, "%s in %s: %s", kind.Name, tag, short.Text)
		}
	}
}

// The last line binds a code to the host that it is for, and to nothing else.
func TestACodeIsBoundToItsHost(t *testing.T) {
	w := writer(t, "id.example.com", nil)
	for _, c := range []struct {
		kind             message.Kind
		host, code, ends string
	}{
		{message.LoginCode, "id.example.com", "482915", "\n\n@id.example.com #482915"},
		{message.StepUpCode, "localhost", "7Q2K9X", "\n\n@localhost #7Q2K9X"},
		{message.LoginCode, "", "482915", "Give it to nobody."},
		{message.LoginCode, "id.example.com #1\n@evil.example", "482915", "Give it to nobody."},
		{message.LoginCode, "id.example.com:8080", "482915", "Give it to nobody."},
		{message.LoginCode, "id.example.com", "48 29", "Give it to nobody."},
		{message.LoginLink, "id.example.com", "482915", "Pass it on to nobody."},
		{message.PasswordChanged, "id.example.com", "482915", "at once."},
	} {
		values := map[string]string{"link": "https://app.example.com/a", "minutes": "10", "host": c.host, "code": c.code}
		short, err := w.WriteShort(t.Context(), c.kind, "", "en", values)
		require.NoError(t, err)
		require.True(t, strings.HasSuffix(short.Text, c.ends), short.Text)
	}
	values := map[string]string{"host": "id.example.com", "code": "482915", "minutes": "10", "device": "", "place": ""}
	written, err := w.Write(t.Context(), message.LoginCode, "", "en", values)
	require.NoError(t, err)
	require.NotContains(t, written.Text, "#482915", "browsers read no mail")
}
