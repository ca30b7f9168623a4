package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func (c *caller) preflight(path, origin, method string) answer {
	c.t.Helper()
	return c.send(http.MethodOptions, path, "", "Origin", origin, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", "content-type,lintel-flow")
}

func TestPreflight(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		for _, origin := range []string{s.URL, "http://localhost:5173", "https://front.example"} {
			allowed := c.preflight("/v1/flows", origin, http.MethodPost).is(http.StatusNoContent)
			require.Empty(t, allowed.body)
			require.Equal(t, origin, allowed.header.Get("Access-Control-Allow-Origin"))
			require.Equal(t, "true", allowed.header.Get("Access-Control-Allow-Credentials"))
			require.Contains(t, allowed.header.Get("Access-Control-Allow-Methods"), http.MethodPost)
			for _, name := range []string{"Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Lintel-Flow"} {
				require.Contains(t, allowed.header.Get("Access-Control-Allow-Headers"), name)
			}
			require.Contains(t, allowed.header.Get("Vary"), "Origin")
		}
		for _, origin := range []string{
			"https://evil.example", "null", "http://front.example", "https://front.example:444", "https://front.example.evil.example",
			"https://FRONT.example", "https://front.example/", "*",
		} {
			refused := c.preflight("/v1/flows", origin, http.MethodPost)
			refused.refused(http.StatusForbidden, "origin_not_allowed")
			require.Empty(t, refused.header.Get("Access-Control-Allow-Origin"), origin)
		}
		c.preflight("/v1/nothing", s.URL, http.MethodGet).refused(http.StatusNotFound, "not_found")
		c.preflight("/v1/session", s.URL, http.MethodPut).refused(http.StatusMethodNotAllowed, "method_not_allowed")
		s.fired()
	})
}

func TestAnswersAcrossOrigins(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		seen := p.send(http.MethodGet, "/v1/session", "", "Origin", "https://front.example").is(http.StatusOK)
		require.Equal(t, "https://front.example", seen.header.Get("Access-Control-Allow-Origin"))
		require.Contains(t, seen.header.Get("Access-Control-Expose-Headers"), "Retry-After")
		require.Contains(t, seen.header.Get("Vary"), "Origin")

		// A page can be let see why it failed, whatever the failure.
		c := s.app()
		for _, refused := range []answer{
			c.send(http.MethodGet, "/v1/session", "", "Origin", s.URL),
			c.send(http.MethodGet, "/v1/nothing", "", "Origin", s.URL),
			c.send(http.MethodPut, "/v1/session", "", "Origin", s.URL),
			c.send(http.MethodPost, "/v1/flows", "{", "Origin", s.URL),
			c.send(http.MethodPost, "/v1/flows", strings.Repeat(" ", 70_000), "Origin", s.URL),
		} {
			require.GreaterOrEqual(t, refused.status, http.StatusBadRequest)
			require.Equal(t, s.URL, refused.header.Get("Access-Control-Allow-Origin"), "%s", refused.body)
		}
		hidden := p.send(http.MethodGet, "/v1/session", "", "Origin", "https://evil.example")
		require.Empty(t, hidden.header.Get("Access-Control-Allow-Origin"))
		require.Empty(t, hidden.header.Get("Access-Control-Allow-Credentials"))
		s.fired()
	})
}

func TestSecurityHeaders(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		for _, a := range []answer{
			p.me(), s.app().me(), p.send(http.MethodGet, "/v1/nothing", ""), p.send(http.MethodPost, "/v1/flows", "{"),
			p.send(http.MethodGet, "/v1/session", "", "X-Long", strings.Repeat("x", 20_000)), p.send(http.MethodGet, "/docs", ""),
			p.preflight("/v1/flows", s.URL, http.MethodPost),
		} {
			require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
			require.Equal(t, "no-referrer", a.header.Get("Referrer-Policy"))
			require.Contains(t, a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
			require.Empty(t, a.header.Get("Server"))
			require.Empty(t, a.header.Get("X-Powered-By"))
		}
		require.Equal(t, "no-store", p.me().header.Get("Cache-Control"))
		require.Equal(t, "no-store", s.app().me().header.Get("Cache-Control"))
	})
}
