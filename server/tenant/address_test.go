package tenant

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNormaliseBaseURL(t *testing.T) {
	for _, c := range []struct {
		text        string
		development bool
		base, host  string
	}{
		{"https://auth.example.com", false, "https://auth.example.com", "auth.example.com"},
		{"HTTPS://Auth.Example.COM:443/", false, "https://auth.example.com", "auth.example.com"},
		{"https://auth.example.com:8443", false, "https://auth.example.com:8443", "auth.example.com:8443"},
		{"https://[2001:db8::1]", false, "https://[2001:db8::1]", "[2001:db8::1]"},
		{"http://localhost:8080", true, "http://localhost:8080", "localhost:8080"},
		{"http://acme.localhost:8080/", true, "http://acme.localhost:8080", "acme.localhost:8080"},
		{"http://127.0.0.1:80", true, "http://127.0.0.1", "127.0.0.1"},
		{"http://[::1]:8080", true, "http://[::1]:8080", "[::1]:8080"},
	} {
		base, host, err := normaliseBaseURL(c.text, c.development)
		require.NoError(t, err, c.text)
		require.Equal(t, c.base, base)
		require.Equal(t, c.host, host)
	}
}

func TestNormaliseBaseURLRefuses(t *testing.T) {
	for _, text := range []string{
		"", "auth.example.com", "//auth.example.com", "/x", "https://", "https:auth.example.com", "https:///x",
		"https://auth.example.com/tenant", "https://auth.example.com?x", "https://auth.example.com?", "https://auth.example.com#",
		"https://user@auth.example.com", "https://auth.example.com:0", "https://auth.example.com:99999", "https://auth.example.com:",
		"https://a b", "https://a_\u00e9.example", "https://-a.example", "https://a..example", "https://[::1%25eth0]",
		"ftp://auth.example.com", "http://auth.example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://10.0.0.1",
		"javascript:alert(1)", "https://auth.example.com\\evil", "https://auth.example.com/%2e",
	} {
		_, _, err := normaliseBaseURL(text, true)
		require.ErrorIs(t, err, ErrInvalid, text)
	}
	_, _, err := normaliseBaseURL("http://localhost:8080", false)
	require.ErrorIs(t, err, ErrInvalid, "plain http is for development")
}

func FuzzNormaliseHost(f *testing.F) {
	for _, text := range []string{"a.example:1", "[::1]:2", "[::1", "LOCALHOST", "a:b:c", "[]", "[:]:", "\u212a.example", ":1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		host, ok := normaliseHost(text)
		if !ok {
			return
		}
		again, ok := normaliseHost(host)
		require.True(t, ok)
		require.Equal(t, host, again)
		base, same, err := normaliseBaseURL("https://"+host+"/", false)
		require.NoError(t, err)
		require.Equal(t, "https://"+same, base)
		isLoopback(host)
	})
}
