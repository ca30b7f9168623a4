package letter_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/template"
)

// A device is told in the reader's own language, and not at all where nobody knows it.
func TestADeviceIsToldInEveryLanguage(t *testing.T) {
	w := tenantWriter(t, shelf{"ko": {Subject: "S", Heading: "H", Body: "{device}.", Footer: "F"}}, "de")
	for tag, want := range map[string][2]string{
		"ar": {"\u2068Firefox\u2069 على \u2068Linux\u2069", "جهاز من Apple"}, "de": {"Firefox auf Linux", "einem Apple-Gerät"},
		"en": {"Firefox on Linux", "an Apple device"}, "es": {"Firefox en Linux", "un dispositivo de Apple"}, "fr": {"Firefox sur Linux", "un appareil Apple"}, //nolint:misspell // it is French
		"ja": {"Linux 上の Firefox", "Apple 製のデバイス"}, "pt": {"Firefox em Linux", "um dispositivo Apple"}, "ko": {"Firefox (Linux).", "Apple device."},
	} {
		for at, userAgent := range []string{"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Shop/3.1 CFNetwork/1494 Darwin/23.4.0"} {
			used, system := session.Describe(userAgent, netip.Addr{}).Parts()
			written, err := w.Write(t.Context(), message.LoginCode, "", tag, asked(map[string]string{"device": used, "system": system}))
			require.NoError(t, err)
			require.Contains(t, written.Text, want[at], tag)
			require.Contains(t, written.HTML, want[at], tag)
		}
		used, system := session.Describe("curl of somebody", netip.Addr{}).Parts()
		require.Empty(t, used+system)
		written, err := w.Write(t.Context(), message.LoginCode, "", tag, asked(map[string]string{"device": used, "system": system}))
		require.NoError(t, err)
		require.NotContains(t, written.Text, "203.0.113.7", tag)
	}
	require.Contains(t, api.Locales(), "ar", "each of them has its words above")
	require.Len(t, api.Locales(), 7)
}

func TestADeviceInAPreview(t *testing.T) {
	w, kind := tenantWriter(t, nil, "de"), letter.Kinds()[1]
	key := template.Key{Kind: "login_code", Channel: "email", Locale: "fr"}
	shown, err := w.Preview(t.Context(), kind, key, nil, nil)
	require.NoError(t, err)
	require.Contains(t, shown.Text, "Firefox sur Linux")
	shown, err = w.Preview(t.Context(), kind, key, nil, map[string]string{"device": "Lynx"})
	require.NoError(t, err)
	require.Contains(t, shown.Text, "avec Lynx,")
}
