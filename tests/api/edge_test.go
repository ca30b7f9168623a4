package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
)

func TestWrongMethod(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		for _, one := range []struct{ method, path, allow string }{
			{http.MethodPut, "/v1/session", "DELETE, GET, HEAD"},
			{http.MethodPost, "/v1/session", "DELETE, GET, HEAD"},
			{http.MethodGet, "/v1/flows", "POST"},
			{http.MethodPatch, "/v1/flows/flw_01h455vb4pex5vsknk084sn02q/steps", "POST"},
			{http.MethodPut, "/v1/me", "DELETE, GET, HEAD, PATCH"},
			{http.MethodOptions, "/v1/session", "DELETE, GET, HEAD"},
			{http.MethodTrace, "/v1/session", "DELETE, GET, HEAD"},
			{http.MethodPost, "/docs", "GET, HEAD"},
			{"BREW", "/v1/session", "DELETE, GET, HEAD"},
		} {
			refused := c.send(one.method, one.path, "")
			refused.refused(http.StatusMethodNotAllowed, "method_not_allowed")
			require.Equal(t, one.allow, refused.header.Get("Allow"), "%s %s", one.method, one.path)
		}
		s.fired()
	})
}

func TestUnknownPath(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		for _, path := range []string{
			"/v1/nothing", "/v2/session", "/V1/session", "/v1/Session", "/v1/session/", "/v1//session", "/v1/session/refresh/more",
			"/v1/%73ession", "/v1/me/../session", "/v1/./session", "/metrics", "/livez", "/readyz", "/problems/no_such_code", "/docs/", "/docs/../v1/session",
		} {
			p.send(http.MethodGet, path, "").refused(http.StatusNotFound, "not_found")
		}
		s.fired()
	})
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		require.Empty(t, p.send(http.MethodHead, "/v1/session", "").is(http.StatusOK).body)
		require.Empty(t, s.app().send(http.MethodHead, "/v1/session", "").is(http.StatusUnauthorized).body)
	})
}

// A small request stays small: what is over its bound is refused before it is read.
func TestClass_Exhaustion_TooLarge(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		long := `{"journey":"login","transport":"token","client_id":"` + strings.Repeat("x", 70_000) + `"}`
		c.send(http.MethodPost, "/v1/flows", long).refused(http.StatusRequestEntityTooLarge, "body_too_large")
		c.send(http.MethodGet, "/v1/session", "", "X-Long", strings.Repeat("x", 20_000)).refused(http.StatusRequestHeaderFieldsTooLarge, "headers_too_large")
		c.send(http.MethodGet, "/v1/session?x="+strings.Repeat("x", 20_000), "").refused(http.StatusRequestHeaderFieldsTooLarge, "headers_too_large")
		var many []string
		for i := range 150 {
			many = append(many, "X-Many-"+string(rune('a'+i%26))+strings.Repeat("y", i/26), "1")
		}
		c.send(http.MethodGet, "/v1/session", "", many...).refused(http.StatusRequestHeaderFieldsTooLarge, "headers_too_large")

		deep := strings.Repeat(`{"submit":`, 6_000) + "1" + strings.Repeat("}", 6_000)
		c.send(http.MethodPost, "/v1/flows", deep[:65_000]).refused(http.StatusBadRequest, "request_malformed")
		c.send(http.MethodPost, "/v1/flows", strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)).refused(http.StatusBadRequest, "request_malformed")
		c.send(http.MethodPost, "/v1/flows", strings.Repeat("[", 10_000)).refused(http.StatusBadRequest, "request_malformed")
		c.send(http.MethodPost, "/v1/flows", `{"journey":"login","transport":"token","accepts":[`+strings.Repeat(`"a",`, 100)+`"a"]}`).
			invalid("request_invalid", "/accepts")
		s.fired()
	})
}

// What two readers could read in two ways is not read at all.
func TestMalformedBodies(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		const whole = `{"journey":"login","transport":"token"}`
		c.send(http.MethodPost, "/v1/flows", " \t\r\n"+whole+"\n").is(http.StatusCreated)
		for name, body := range map[string]string{
			"a member twice":            `{"journey":"login","journey":"registration","transport":"token"}`,
			"a member twice, escaped":   `{"journey":"login","\u006aourney":"registration","transport":"token"}`,
			"a member twice, inside":    `{"journey":"login","transport":"token","submit":{"type":"password","password":"one-canary-1815","password":"two-canary-1815"}}`,
			"something behind":          whole + `{}`,
			"a comma behind":            whole + `,`,
			"a NUL behind":              whole + "\x00",
			"a NUL inside":              "{\"journey\":\"log\x00in\",\"transport\":\"token\"}",
			"an escaped NUL":            `{"journey":"login","transport":"token","client_id":"a\u0000b"}`,
			"half a character":          `{"journey":"login","transport":"token","client_id":"\ud800"}`,
			"halves in the wrong order": `{"journey":"login","transport":"token","client_id":"\udc00\ud800"}`,
			"no UTF-8":                  "{\"journey\":\"login\",\"transport\":\"token\",\"client_id\":\"\xff\"}",
			"overlong UTF-8":            "{\"journey\":\"login\",\"transport\":\"token\",\"client_id\":\"\xc0\xaf\"}",
			"a byte order mark":         "\ufeff" + whole,
			"a comment":                 `{/* */"journey":"login","transport":"token"}`,
			"single quotes":             `{'journey':'login'}`,
			"a comma too many":          `{"journey":"login","transport":"token",}`,
			"no end":                    `{"journey":"login","transport":"tok`,
			"a bare word":               `login`,
			"NaN":                       `NaN`,
			"a line break in a string":  "{\"journey\":\"log\nin\",\"transport\":\"token\"}",
			"a number with a zero":      `{"journey":01}`,
			"blanks only":               `   `,
		} {
			refused := c.send(http.MethodPost, "/v1/flows", body)
			problem := refused.refused(http.StatusBadRequest, "request_malformed")
			require.NotContains(t, string(refused.body), "canary", name)
			for _, field := range problem.Errors {
				require.NotEmpty(t, field.Detail, name)
			}
		}
		c.send(http.MethodPost, "/v1/flows", "", "Content-Type", "application/json").refused(http.StatusBadRequest, "request_malformed")
		s.fired()
	})
}

func TestBodyWhereNoneBelongs(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		p.send(http.MethodDelete, "/v1/session", `{}`).refused(http.StatusBadRequest, "request_malformed")
		p.send(http.MethodPost, "/v1/session/refresh", `{}`).refused(http.StatusBadRequest, "request_malformed")
		s.fired()
		p.me().session()
	})
}

func TestContentTypes(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		const whole = `{"journey":"login","transport":"token"}`
		for _, kind := range []string{"application/json", "Application/JSON", "application/json; charset=utf-8", `application/json;charset="UTF-8"`} {
			c.send(http.MethodPost, "/v1/flows", whole, "Content-Type", kind).is(http.StatusCreated)
		}
		for _, kind := range []string{
			"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/merge-patch+json",
			"application/json; charset=utf-16", "application/json2", "text/json", "application/json, text/plain",
		} {
			c.send(http.MethodPost, "/v1/flows", whole, "Content-Type", kind).refused(http.StatusUnsupportedMediaType, "content_type_unsupported")
		}
		c.send(http.MethodPost, "/v1/flows", whole, "Content-Encoding", "gzip").refused(http.StatusUnsupportedMediaType, "content_type_unsupported")
		s.fired()
	})
}

// Every wrong place is named, by a pointer and never by what stood there.
func TestClass_Secrets_NoAnswerRepeatsAValue(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		const canary = "canary-1815-in-the-mine"
		for _, one := range []struct {
			body     string
			pointers []string
		}{
			{`{"journey":"login"}`, []string{"/transport"}},
			{`{"transport":"token"}`, []string{"/journey"}},
			{`{"journey":"CANARY","transport":"token"}`, []string{"/journey"}},
			{`{"journey":7,"transport":"token"}`, []string{"/journey"}},
			{`{"journey":null,"transport":"token"}`, []string{"/journey"}},
			{`{"journey":"login","transport":"CANARY"}`, []string{"/transport"}},
			{`{"journey":"login","transport":"token","password":"CANARY"}`, []string{"/password"}},
			{`{"Journey":"login","journey":"login","transport":"token"}`, []string{"/Journey"}},
			{`{"journey":"login","transport":"token","accepts":"CANARY"}`, []string{"/accepts"}},
			{`{"journey":"login","transport":"token","accepts":["identifier","CANARY"]}`, []string{"/accepts/1"}},
			{`{"journey":"login","transport":"token","submit":"CANARY"}`, []string{"/submit"}},
			{`{"journey":"login","transport":"token","submit":{"type":"CANARY"}}`, []string{"/submit/type"}},
			{`{"journey":"login","transport":"token","submit":{"type":"password","password":["CANARY"]}}`, []string{"/submit/password"}},
			{`{"journey":"login","transport":"token","submit":{"type":"password","password":"CANARY","identifier":7}}`, []string{"/submit/identifier"}},
			{`{"journey":"login","transport":"token","submit":{"type":"password","password":"CANARY","a/b~c":7}}`, []string{"/submit/a~1b~0c"}},
			{`"CANARY"`, []string{""}},
		} {
			refused := c.send(http.MethodPost, "/v1/flows", strings.ReplaceAll(one.body, "CANARY", canary))
			refused.invalid("request_invalid", one.pointers...)
			require.NotContains(t, string(refused.body), canary)
		}
		for _, refused := range []answer{
			c.send(http.MethodGet, "/v1/"+canary, ""), c.send(http.MethodGet, "/v1/configuration?client_id="+canary, ""),
			c.send(http.MethodGet, "/v1/session", "", "Authorization", "Bearer "+canary),
			c.send(http.MethodGet, "/v1/session", "", "Origin", "https://"+canary),
			c.send(http.MethodPost, "/v1/flows", `{"journey":"login","transport":"token"}`, "Content-Type", "text/"+canary),
		} {
			require.NotContains(t, string(refused.body), canary)
			for name, values := range refused.header {
				require.NotContains(t, strings.Join(values, " "), canary, name)
			}
		}
		require.NotContains(t, s.Log.String(), canary)
		s.fired()
	})
}

// The host of a request finds a tenant and ends up nowhere else.
func TestClass_HostHeader(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		for _, host := range []string{"evil.example", "localhost", "localhost:1", "evil." + c.host, "127.0.0.1", "localhost." + c.host[len("localhost"):]} {
			stranger := s.app()
			stranger.host = host
			for _, path := range []string{"/v1/session", "/v1/configuration", "/.well-known/jwks.json", "/docs", "/nothing"} {
				refused := stranger.send(http.MethodGet, path, "")
				require.Equal(t, "about:blank", refused.refused(http.StatusMisdirectedRequest, "tenant_unknown").Type)
				require.NotContains(t, string(refused.body), host)
			}
		}
		loop := s.app()
		loop.host = "127.0.0.1" + c.host[len("localhost"):]
		loop.me().refused(http.StatusUnauthorized, "session_invalid")
		c.send(http.MethodGet, "/v1/configuration", "", "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example").is(http.StatusOK)
		refused := c.send(http.MethodGet, "/v1/session", "", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https")
		refused.refused(http.StatusUnauthorized, "session_invalid")
		require.NotContains(t, string(refused.body), "evil")
		s.fired()
	})
}

func TestTrace(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
		require.Equal(t, trace, c.send(http.MethodGet, "/v1/session", "", "Traceparent", "00-"+trace+"-00f067aa0ba902b7-01").header.Get("Trace-Id"))
		for _, parent := range []string{"", "00-" + trace, "00-" + strings.Repeat("0", 32) + "-00f067aa0ba902b7-01", "ff-" + trace + "-00f067aa0ba902b7-01", trace} {
			made := c.send(http.MethodGet, "/v1/session", "", "Traceparent", parent).header.Get("Trace-Id")
			require.Len(t, made, 32)
			require.NotEqual(t, trace, made)
		}
		require.Contains(t, s.Log.String(), trace, "the trace finds the request in the log")
	})
}

func TestPromise_ContractIsServer_TheContractIsServed(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		for path, one := range map[string]struct {
			kind string
			body []byte
		}{
			"/openapi.json":     {"application/json", gen.SpecJSON},
			"/openapi.yaml":     {"application/yaml", gen.SpecYAML},
			"/openapi-3.0.json": {"application/json", gen.Spec30JSON},
			"/events.json":      {"application/json", gen.EventsJSON},
		} {
			served := c.send(http.MethodGet, path, "").is(http.StatusOK)
			require.Equal(t, one.kind, served.header.Get("Content-Type"))
			require.Equal(t, string(one.body), string(served.body), path)
			require.Empty(t, c.send(http.MethodGet, path, "", "If-None-Match", served.header.Get("ETag")).is(http.StatusNotModified).body)
		}
	})
}

func TestPages(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		require.Equal(t, "/docs", c.send(http.MethodGet, "/", "").is(http.StatusFound).header.Get("Location"))
		reference := c.send(http.MethodGet, "/docs", "").is(http.StatusOK)
		require.Contains(t, reference.header.Get("Content-Type"), "text/html")
		policy := reference.header.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'")
		require.NotContains(t, policy, "http", "nothing comes from elsewhere")
		require.NotContains(t, policy, "unsafe")

		list := c.send(http.MethodGet, "/problems", "").is(http.StatusOK)
		for code, entry := range s.problems {
			page := c.send(http.MethodGet, "/problems/"+code, "").is(http.StatusOK)
			require.Contains(t, page.header.Get("Content-Type"), "text/html")
			require.Contains(t, string(page.body), code)
			require.Contains(t, string(page.body), entry.Title)
			require.Contains(t, string(list.body), "/problems/"+code)
		}
		events := c.send(http.MethodGet, "/events", "").is(http.StatusOK)
		for told := range s.described {
			require.Contains(t, string(events.body), "<code>"+told.Name+"</code>")
		}
		s.fired()
	})
}
