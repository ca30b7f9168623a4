package api

import (
	"context"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
)

func TestTraceOf(t *testing.T) {
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	got, told := traceOf([]byte("00-" + trace + "-00f067aa0ba902b7-01"))
	require.Equal(t, trace, got)
	require.True(t, told)
	got, _ = traceOf([]byte("01-" + trace + "-00f067aa0ba902b7-01-more"))
	require.Equal(t, trace, got, "a later version")
	for _, refused := range []string{
		"", trace, "00-" + trace + "-00f067aa0ba902b7-01-more", "ff-" + trace + "-00f067aa0ba902b7-01",
		"00-" + strings.Repeat("0", 32) + "-00f067aa0ba902b7-01", "00-" + strings.ToUpper(trace) + "-00f067aa0ba902b7-01",
		"00-" + trace + "_00f067aa0ba902b7-01", "00-" + trace[:31] + "\n-00f067aa0ba902b7-01",
	} {
		made, told := traceOf([]byte(refused))
		require.False(t, told)
		require.Len(t, made, 32, refused)
		require.NotEqual(t, trace, made, refused)
	}
	first, _ := traceOf(nil)
	second, _ := traceOf(nil)
	require.NotEqual(t, first, second)
}

// A stranger's X-Forwarded-For is worth nothing, whatever it says.
func TestLastUntrusted(t *testing.T) {
	e := &edge{config: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}}
	for _, c := range []struct {
		peer string
		hops []string
		want string
	}{
		{"10.0.0.1", nil, "10.0.0.1"},
		{"10.0.0.1", []string{"203.0.113.7"}, "203.0.113.7"},
		{"10.0.0.1", []string{"1.1.1.1", "203.0.113.7"}, "203.0.113.7"},
		{"10.0.0.1", []string{"1.1.1.1", "203.0.113.7", " 10.0.0.2"}, "203.0.113.7"},
		{"10.0.0.1", []string{"203.0.113.7:4711"}, "203.0.113.7"},
		{"fd00::1", []string{"[2001:db8::1]:443"}, "2001:db8::1"},
		{"fd00::1", []string{"2001:db8::1"}, "2001:db8::1"},
		{"10.0.0.1", []string{"::ffff:203.0.113.7"}, "203.0.113.7"},
		{"10.0.0.1", []string{"203.0.113.7", "unknown"}, "10.0.0.1"},
		{"10.0.0.1", []string{"10.0.0.9", "10.0.0.2"}, "10.0.0.9"},
		{"203.0.113.7", []string{"1.1.1.1"}, "203.0.113.7"},
	} {
		require.Equal(t, c.want, e.lastUntrusted(netip.MustParseAddr(c.peer), c.hops).String(), "%v", c)
	}
}

func TestIsContentType(t *testing.T) {
	for sent, want := range map[string]bool{
		"application/json": true, "Application/JSON": true, "application/json; charset=utf-8": true, `application/json;charset="UTF-8"`: true,
		"": false, "text/plain": false, "application/jsonp": false, "application/json; charset=latin1": false,
		"application/json; charset=utf-8; x=y": false, "application/json;": false, "application/merge-patch+json": false,
		"application/json, text/plain": false,
	} {
		require.Equal(t, want, isContentType([]byte(sent), "application/json"), sent)
	}
}

func TestCookies(t *testing.T) {
	r := &request{cookies: cookiesFor(false)}
	r.keepSession(secret.NewText("ls_abc-DEF"), 30*24*time.Hour)
	r.keepBrowser(secret.NewText("lb_x"), time.Minute)
	require.Equal(t, []string{
		"__Host-lintel_session=ls_abc-DEF; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax; Secure",
		"__Host-lintel_browser=lb_x; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure",
	}, r.lines)
	r.dropSession()
	require.Equal(t, "__Host-lintel_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure", r.lines[0], "the last word counts")
	require.Len(t, r.lines, 2)

	plain := &request{cookies: cookiesFor(true)}
	plain.keepSession(secret.NewText("ls_abc"), time.Minute)
	require.Equal(t, []string{"lintel_session=ls_abc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax"}, plain.lines)
}

// What is not made of a token's letters does not get into a header.
func TestClass_Injection_CookieValues(t *testing.T) {
	for _, value := range []string{"a\r\nSet-Cookie: x=y", "a; Domain=example.com", "a b", "a\x00", "é", `"a"`} {
		r := &request{cookies: cookiesFor(false)}
		r.keepSession(secret.NewText(value), time.Minute)
		require.Empty(t, r.lines, "%q", value)
	}
}

// The hand-written answer is the wire's own type, letter by letter.
func TestSessionBodyIsTheWiresType(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 678901000, time.UTC)
	for _, s := range []gen.Session{
		{},
		{
			Acr: "aal1", Amr: []string{"pwd", "otp"}, AuthTime: at, ClientID: `d"<\>&`, CreatedAt: at.Truncate(time.Second), Current: true,
			Device:    gen.Device{Name: "Fire\u2028fox \u00e9 \U0001f600 \n \x01", Address: "203.0.113.7"},
			ExpiresAt: at.Add(time.Hour), ID: "ses_x", IdleExpiresAt: at, LastSeenAt: at, Transport: "token", UserID: "usr_x",
		},
	} {
		if s.Amr == nil {
			s.Amr = []string{}
		}
		want, err := json.Marshal(s)
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(sessionBody(s).append(nil)))
		require.Equal(t, strings.Contains(string(want), "<"), strings.Contains(string(sessionBody(s).append(nil)), "<"))
	}
}

func TestAcceptsGzip(t *testing.T) {
	for accepted, want := range map[string]bool{
		"gzip": true, "br, gzip;q=0.5": true, "": false, "br": false, "gzip;q=0": false, "gzip; q=0.000": false, "*": false, "xgzip": false,
	} {
		require.Equal(t, want, acceptsGzip(accepted), accepted)
	}
}

func TestConfigNamesTheField(t *testing.T) {
	require.NoError(t, DefaultConfig().Validate())
	for name, spoil := range map[string]func(*Config){
		"body_limit":      func(c *Config) { c.BodyLimit = 0 },
		"header_limit":    func(c *Config) { c.HeaderLimit = 1 << 30 },
		"max_headers":     func(c *Config) { c.MaxHeaders = 0 },
		"max_connections": func(c *Config) { c.MaxConnections = 0 },
		"read_timeout":    func(c *Config) { c.ReadTimeout = 0 },
		"write_timeout":   func(c *Config) { c.WriteTimeout = 0 },
		"idle_timeout":    func(c *Config) { c.IdleTimeout = 0 },
		"request_timeout": func(c *Config) { c.RequestTimeout = 0 },
		"fresh_for":       func(c *Config) { c.FreshFor = 0 },
		"trusted_proxies": func(c *Config) { c.TrustedProxies = []netip.Prefix{{}} },
	} {
		config := DefaultConfig()
		spoil(&config)
		require.ErrorContains(t, config.Validate(), "api."+name)
	}
	_, err := New(Deps{}, DefaultConfig())
	require.ErrorIs(t, err, errDeps)
}

// A stop does not wait for those who wait: a long poll is answered at once.
func TestLongPollsEndWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping := make(chan struct{})
		waiting, cancel := context.WithCancel(t.Context())
		endWith(waiting, stopping, cancel)
		synctest.Wait()
		require.NoError(t, waiting.Err())
		close(stopping)
		<-waiting.Done()

		over, cancel := context.WithCancel(t.Context())
		endWith(over, nil, cancel)
		cancel() // and nobody is left behind, or the bubble would not end
	})
}

// The bound on a request's time holds whoever asks first, and ends with the request.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &request{Scope: reqctx.Scope{Context: t.Context()}}
		require.NoError(t, slow.Err())
		slow.limit.since, slow.limit.within = clock.Started(), time.Minute
		<-time.After(40 * time.Second) // in the bubble
		begun := time.Now()
		child, cancel := context.WithCancel(slow)
		defer cancel()
		<-child.Done()
		require.ErrorIs(t, slow.Err(), context.DeadlineExceeded)
		require.Equal(t, 20*time.Second, time.Since(begun), "asked late, it ends as if it had been asked at once")
		_, bounded := slow.Deadline()
		require.True(t, bounded)
		slow.end()

		quick := &request{Scope: reqctx.Scope{Context: t.Context()}}
		quick.limit.since, quick.limit.within = clock.Started(), time.Minute
		quick.end()
		<-quick.Done()
		require.ErrorIs(t, quick.Err(), context.Canceled)
		late, cancel := context.WithCancel(quick)
		defer cancel()
		<-late.Done()
	})
}
