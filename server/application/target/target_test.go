package target_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application/target"
)

// Protects: nothing but what was declared, letter by letter.
func TestClass_RedirectTarget_OnlyAsDeclared(t *testing.T) {
	allowed := []string{
		"https://app.example/callback", "https://app.example/cb?x=1", "com.example.app:/oauth", "http://localhost:3000/cb",
		"http://127.0.0.1/cb", "http://[::1]:9000/cb?x=1", "http://127.0.0.1",
	}
	for _, one := range allowed {
		require.True(t, target.Allows(allowed, one), one)
	}
	for _, one := range []string{
		"", "https://app.example", "https://app.example/", "https://app.example/callback/", "https://app.example/callback/x",
		"https://app.example/callback/..;/evil", "https://app.example/..;/callback", "https://app.example/x/../callback", "https://app.example/./callback",
		"https://app.example/callback%2f", "https://app.example%2fcallback", "https://app.example/%63allback", "https://app.example//callback",
		"https://app.example/callback?", "https://app.example/callback?x=1", "https://app.example/cb", "https://app.example/cb?x=1&x=2",
		"https://app.example/cb?x=2", "https://app.example/cb?X=1", "https://app.example/cb?x=1&y=2", "https://app.example/callback#", "https://app.example/callback#x",
		"https://evil@app.example/callback", "https://app.example@evil.example/callback", "https://app.example:443/callback", "https://app.example:8443/callback",
		"HTTPS://app.example/callback", "https://APP.example/callback", "https://app.example/Callback", "http://app.example/callback", "//app.example/callback",
		"https://app.example.evil.example/callback", "https://evil.example/https://app.example/callback", "https:/app.example/callback", "https:\\\\app.example\\callback",
		"https://app.example/callback ", " https://app.example/callback", "https://app.example/callback\x00", "https://app.example/callback\n", "https://app.ex\u0430mple/callback",
		"com.example.app:/OAuth", "com.example.app://oauth", "com.example.APP:/oauth", "com.example.app:/oauth/", "javascript:alert(1)", "data:text/html,x",
		"https://app.example/callback" + strings.Repeat("x", 3000),
	} {
		require.False(t, target.Allows(allowed, one), one)
	}
	require.False(t, target.Allows(nil, "https://app.example/callback"))
	require.False(t, target.Allows([]string{""}, ""))
}

// Protects: the port of a loopback address is free, and nothing else of it.
func TestClass_RedirectTarget_OnlyThePortOfALoopbackIsFree(t *testing.T) {
	allowed := []string{"http://127.0.0.1/cb", "http://[::1]:9000/cb?x=1", "http://localhost:3000/cb", "https://127.0.0.1:8443/cb"}
	for _, one := range []string{
		"http://127.0.0.1:1/cb", "http://127.0.0.1:65535/cb", "http://127.0.0.1/cb", "http://[::1]:51004/cb?x=1", "http://[::1]/cb?x=1",
	} {
		require.True(t, target.Allows(allowed, one), one)
	}
	for _, one := range []string{
		"http://127.0.0.1:0/cb", "http://127.0.0.1:65536/cb", "http://127.0.0.1:080/cb", "http://127.0.0.1:/cb", "http://127.0.0.1:+1/cb", "http://127.0.0.1:\u0661/cb",
		"http://127.0.0.1:80@evil.example/cb", "http://127.0.0.1:80:90/cb", "http://127.0.0.1.evil.example/cb", "http://127.0.0.1:1.evil.example/cb",
		"http://127.0.0.1@evil.example/cb", "http://127.0.0.1:1/cb/", "http://127.0.0.1:1/cb?x=1", "http://127.0.0.1:1/CB", "http://127.0.0.1:1\\@evil.example/cb",
		"http://127.0.0.2:1/cb", "http://127.1:1/cb", "http://2130706433/cb", "http://0177.0.0.1/cb", "http://[::1]:1/cb", "http://127.0.0.1:1/cb?x=1", "http://[0::1]:1/cb?x=1",
		"http://localhost:3001/cb", "http://localhost/cb", "https://127.0.0.1:9443/cb", "https://127.0.0.1:1/cb", "http://127.0.0.1:1",
	} {
		require.False(t, target.Allows(allowed, one), one)
	}
}

// Protects: whatever is matched reaches the host that was declared, in the eyes of
// another parser.
func FuzzAllows(f *testing.F) {
	for _, one := range []string{
		"http://127.0.0.1:1/cb", "http://127.0.0.1:80@evil.example/cb", "http://[::1]:9/cb?x=1", "https://app.example/callback", "http://127.0.0.1:1\\@x/cb",
	} {
		f.Add(one)
	}
	allowed := []string{"https://app.example/callback", "http://127.0.0.1/cb", "http://[::1]:9000/cb?x=1"}
	f.Fuzz(func(t *testing.T, one string) {
		if !target.Allows(allowed, one) {
			return
		}
		parsed, err := url.Parse(one)
		require.NoError(t, err)
		require.Nil(t, parsed.User)
		require.Empty(t, parsed.Fragment)
		key := fmt.Sprintf("%s://%s%s?%s", parsed.Scheme, parsed.Hostname(), parsed.Path, parsed.RawQuery)
		require.Contains(t, []string{"https://app.example/callback?", "http://127.0.0.1/cb?", "http://::1/cb?x=1"}, key)
	})
}
