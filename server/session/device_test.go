package session_test

import (
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/session"
)

func TestDescribe(t *testing.T) {
	cases := []struct{ userAgent, want string }{
		{firefox, "Firefox on Linux"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome on Windows"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari on macOS"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"},
		{"Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPad"},
		{"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"},
		{"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android"},
		{"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome on ChromeOS"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0", "Opera on Linux"},
		{"Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer on Windows"},
		{"curl/8.14.1", "curl"},
		{"Shop/3.1 CFNetwork/1494 Darwin/23.4.0", "Apple device"},
		{"Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)", "Android"},
		{"", "Unknown device"},
		{"???", "Unknown device"},
		{"\x00\xff\r\nSet-Cookie: x", "Unknown device"},
		{strings.Repeat("x", 300) + "Firefox/1", "Unknown device"},
	}
	for _, c := range cases {
		require.Equal(t, c.want, session.Describe(c.userAgent, netip.Addr{}).Name, c.userAgent)
	}
}

// A user agent is written by strangers and shown to users and operators.
func FuzzDescribe(f *testing.F) {
	f.Add(firefox)
	f.Add("\x00\x1b[31m\u202eFirefox/\r\n")
	f.Fuzz(func(t *testing.T, userAgent string) {
		device := session.Describe(userAgent, netip.Addr{})
		require.NotEmpty(t, device.Name)
		require.LessOrEqual(t, len(device.UserAgent), 256)
		require.True(t, utf8.ValidString(device.UserAgent))
		require.NotContains(t, device.UserAgent, "\n")
		require.NotContains(t, device.UserAgent, "\x1b")
	})
}
