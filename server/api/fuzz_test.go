package api

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
)

// onlyHeader hands a request with one more header line to body, as raw as it would
// come from a socket that does not care.
func onlyHeader(name string, lines []string, body func(c *fiber.Ctx)) {
	app := fiber.New(fiber.Config{Immutable: true})
	var raw fasthttp.RequestCtx
	for _, line := range lines {
		raw.Request.Header.Add(name, line)
	}
	c := app.AcquireCtx(&raw)
	defer app.ReleaseCtx(c)
	body(c)
}

// An address is that of the other end, or one that a trusted hop has written: what a
// stranger puts before that is never reached.
func FuzzLastUntrusted(f *testing.F) {
	for _, seed := range []string{
		"", ",", "203.0.113.7", "1.1.1.1, 203.0.113.7", "203.0.113.7, 10.0.0.2", "[2001:db8::1]:443", "::ffff:10.0.0.9", "unknown", "_hidden:1",
		"fe80::1%eth0", "10.0.0.1:99999", "1.2.3.4\r\nX: y", strings.Repeat("10.0.0.1,", 200), "[[::1]]", "0x7f.1",
	} {
		f.Add(seed, seed)
	}
	trusted := netip.MustParsePrefix("10.0.0.0/8")
	e := &edge{config: Config{TrustedProxies: []netip.Prefix{trusted, netip.MustParsePrefix("fd00::/8")}}}
	peer, stranger := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("198.51.100.9")
	f.Fuzz(func(t *testing.T, claimed, line string) {
		hops := strings.Split(line, ",")
		require.Equal(t, stranger, e.lastUntrusted(stranger, hops), "who is no proxy is where they are")
		found := e.lastUntrusted(peer, hops)
		require.True(t, found.IsValid())
		require.Empty(t, found.Zone())
		written := append(strings.Split(claimed, ","), "203.0.113.7")
		require.Equal(t, "203.0.113.7", e.lastUntrusted(peer, written).String(), "what stands before an untrusted hop is worth nothing")
		written = append(written, "10.9.9.9", "10.8.8.8")
		require.Equal(t, "203.0.113.7", e.lastUntrusted(peer, written).String())
	})
}

// A cookie is what was sent under exactly that name, or nothing; two that differ are
// told apart from one.
func FuzzCookie(f *testing.F) {
	for _, seed := range []string{
		"", "lintel_session=ls_a", "lintel_session=ls_a; lintel_session=ls_b", "lintel_session=ls_a;lintel_session=ls_a", "LINTEL_SESSION=ls_a",
		"lintel_session", "lintel_session=", `lintel_session="ls_a"`, "lintel_session=ls_a,lintel_session=ls_b", "x=lintel_session=ls_a", "; ;=;==",
		"lintel_session=a\r\nlintel_session=b", " lintel_session = ls_a ", "lintel_session=\x00", strings.Repeat("a=b; ", 500),
	} {
		f.Add(seed, "ls_kept")
	}
	f.Fuzz(func(t *testing.T, line, token string) {
		onlyHeader(fiber.HeaderCookie, []string{line}, func(c *fiber.Ctx) {
			found, agree := cookie(c, sessionCookie)
			if found != "" {
				sent := strings.NewReplacer("\r", " ", "\n", " ").Replace(line) // as the header has it
				require.Contains(t, sent, found)
				require.Contains(t, sent, sessionCookie)
			}
			again, agreed := cookie(c, sessionCookie)
			require.Equal(t, found, again)
			require.Equal(t, agree, agreed)
		})
		if token == "" || !isCookieValue(token) {
			return
		}
		onlyHeader(fiber.HeaderCookie, []string{sessionCookie + "=" + token + "; " + sessionCookie + "=" + token + "x"}, func(c *fiber.Ctx) {
			_, agree := cookie(c, sessionCookie)
			require.False(t, agree)
		})
		onlyHeader(fiber.HeaderCookie, []string{"a=b; " + sessionCookie + "=" + token + "; c=d"}, func(c *fiber.Ctx) {
			found, agree := cookie(c, sessionCookie)
			require.True(t, agree)
			require.Equal(t, token, found)
		})
	})
}

// A bearer token is what stands after the scheme; another scheme is no token, and two
// lines are refused.
func FuzzBearer(f *testing.F) {
	for _, seed := range []string{
		"", "Bearer", "Bearer ", "Bearer ls_a", "bearer  ls_a", "BEARER\tls_a", "Basic bHNfYTo=", "Bearer ls_a, Bearer ls_b", "Bearerls_a", " Bearer ls_a", "Bearer \x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		onlyHeader(fiber.HeaderAuthorization, []string{line}, func(c *fiber.Ctx) {
			token, bearing, err := readBearer(c)
			require.NoError(t, err)
			require.True(t, bearing)
			if token != "" {
				require.Contains(t, strings.NewReplacer("\r", " ", "\n", " ").Replace(line), token)
				require.NotEqual(t, ' ', rune(token[0]))
				require.True(t, strings.EqualFold(strings.TrimSpace(line)[:6], "bearer"))
			}
		})
		onlyHeader(fiber.HeaderAuthorization, []string{line, "Bearer ls_a"}, func(c *fiber.Ctx) {
			_, _, err := readBearer(c)
			require.ErrorIs(t, err, ErrMalformed)
		})
	})
}

// What goes into an answer from a request's trace header is hexadecimal, whatever came.
func FuzzTrace(f *testing.F) {
	for _, seed := range []string{"", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "ff-\r\n", strings.Repeat("0", 55)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		require.Regexp(t, `^[0-9a-f]{32}$`, traceOf([]byte(line)))
	})
}
