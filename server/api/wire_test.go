package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
)

const login = `{"journey":"login","transport":"token"}`

func TestHosts(t *testing.T) {
	h := build(t, nil)
	a := h.call(t, "GET", "/v1/session", "", "Host", "evil.example")
	require.Equal(t, 421, a.status)
	require.Equal(t, "tenant_unknown", a.code())
	require.Equal(t, "about:blank", a.body["type"], "an unknown host ends up in no address")
	a = h.call(t, "GET", "/v1/session", "", "Host", "LOCALHOST:8080", "X-Forwarded-Host", "evil.example")
	require.Equal(t, 401, a.status)
	require.Equal(t, home+"/problems/session_invalid", a.body["type"])
}

func TestPathsAndMethods(t *testing.T) {
	h := build(t, nil)
	for _, path := range []string{"/v1/nowhere", "/v1/session/", "/V1/session", "/v1//session", "/v1/flows/", "/problems/made_up", "/docs/../v1"} {
		a := h.call(t, "GET", path, "")
		require.Equal(t, 404, a.status, path)
		require.Equal(t, "not_found", a.code())
	}
	for path, allow := range map[string]string{
		"/v1/session": "DELETE, GET, HEAD", "/v1/flows": "POST", "/v1/me": "DELETE, GET, HEAD, PATCH",
		"/v1/flows/flw_01h455vb4pex5vsknk084sn02q": "DELETE, GET, HEAD", "/docs": "GET, HEAD", "/openapi.json": "GET, HEAD",
	} {
		a := h.call(t, "PUT", path, "{}")
		require.Equal(t, 405, a.status, path)
		require.Equal(t, "method_not_allowed", a.code())
		require.Equal(t, allow, a.header.Get("Allow"))
	}
	a := h.call(t, "HEAD", "/v1/session", "")
	require.Equal(t, 401, a.status)
	require.Empty(t, a.text)
}

// Every place that is wrong is told by pointer and code, and nothing is repeated.
func TestBadBodies(t *testing.T) {
	h := build(t, nil)
	for _, c := range []struct {
		body   string
		status int
		code   string
		places []string
	}{
		{``, 415, "content_type_unsupported", nil},
		{`{`, 400, "request_malformed", nil},
		{`{"journey":"login","journey":"login","transport":"token"}`, 400, "request_malformed", nil},
		{login + " x", 400, "request_malformed", nil},
		{strings.Repeat("[", 10_000), 400, "request_malformed", nil},
		{"{\"journey\":\"log\xffin\",\"transport\":\"token\"}", 400, "request_malformed", nil},
		{`[]`, 422, "request_invalid", []string{" type"}},
		{`null`, 422, "request_invalid", []string{" type"}},
		{`{}`, 422, "request_invalid", []string{"/journey required", "/transport required"}},
		{`{"Journey":"login","transport":"token"}`, 422, "request_invalid", []string{"/Journey unknown", "/journey required"}},
		{`{"journey":"Login","transport":"pigeon"}`, 422, "request_invalid", []string{"/journey format", "/transport enum"}},
		{`{"journey":1,"transport":null}`, 422, "request_invalid", []string{"/journey type", "/transport enum"}},
		{`{"journey":"login","transport":"token","accepts":["password",7]}`, 422, "request_invalid", []string{"/accepts/1 type"}},
		{`{"journey":"login","transport":"token","submit":"x"}`, 422, "request_invalid", []string{"/submit type"}},
		{`{"journey":"login","transport":"token","submit":{}}`, 422, "request_invalid", []string{"/submit/type required"}},
		{`{"journey":"login","transport":"token","submit":{"type":"magic"}}`, 422, "request_invalid", []string{"/submit/type unknown"}},
		{`{"journey":"login","transport":"token","submit":{"type":7}}`, 422, "request_invalid", []string{"/submit/type type"}},
		{`{"journey":"login","transport":"token","submit":{"type":"password","Password":"hunter2hunter2"}}`, 422, "request_invalid", []string{"/submit/Password unknown", "/submit/password required"}},
		{`{"journey":"login","transport":"token","submit":{"type":"password","password":"","identifier":7,"a/b~c":1}}`, 422, "request_invalid", []string{"/submit/a~1b~0c unknown", "/submit/identifier type", "/submit/password min_length"}},
		{`{"journey":"login","transport":"token","submit":{"type":"consent","agreed":[{"subject":"terms"}]}}`, 422, "request_invalid", []string{"/submit/agreed/0/version required"}},
		{`{"journey":"login","transport":"token","submit":{"type":"password","password":"hunter2","` + strings.Repeat("x", 100) + `":1}}`, 422, "request_invalid", []string{"/submit unknown"}},
	} {
		a := h.call(t, "POST", "/v1/flows", c.body)
		require.Equal(t, c.status, a.status, c.body)
		require.Equal(t, c.code, a.code(), c.body)
		if c.places != nil {
			require.Equal(t, c.places, a.places(), c.body)
		}
		require.NotContains(t, a.text, "hunter2")
	}
	require.NotContains(t, h.log.String(), "hunter2")
}

// places are the pointers and codes of a problem.
func (a answer) places() []string {
	var problem struct {
		Errors []gen.FieldError `json:"errors"`
	}
	_ = json.Unmarshal([]byte(a.text), &problem)
	var places []string
	for _, one := range problem.Errors {
		places = append(places, one.Pointer+" "+one.Code)
	}
	return places
}

func TestBadHeadersAndParameters(t *testing.T) {
	h := build(t, nil)
	token := "Bearer " + h.register(t, "ada@example.com")
	for _, c := range []struct {
		method, path, body string
		headers            []string
		status             int
		code               string
		places             []string
	}{
		{"POST", "/v1/flows", login, []string{"Content-Type", "text/plain"}, 415, "content_type_unsupported", nil},
		{"POST", "/v1/flows", login, []string{"Content-Encoding", "gzip"}, 415, "content_type_unsupported", nil},
		{"POST", "/v1/flows", login, []string{"Idempotency-Key", "short"}, 422, "request_invalid", []string{"#header/Idempotency-Key min_length"}},
		{"PATCH", "/v1/me", `{"profile":{}}`, []string{"Authorization", token}, 415, "content_type_unsupported", nil},
		{"PATCH", "/v1/me", `{"profile":{}}`, []string{"Authorization", token, "Content-Type", "application/merge-patch+json", "If-Match", "3"}, 422, "request_invalid", []string{"#header/If-Match format"}},
		{"GET", "/v1/session", "{}", []string{"Authorization", token}, 400, "request_malformed", []string{" not_allowed"}},
		{"GET", "/v1/me/sessions?limit=0", "", []string{"Authorization", token}, 422, "request_invalid", []string{"#query/limit minimum"}},
		{"GET", "/v1/me/sessions?limit=101", "", []string{"Authorization", token}, 422, "request_invalid", []string{"#query/limit maximum"}},
		{"GET", "/v1/me/sessions?limit=ten", "", []string{"Authorization", token}, 422, "request_invalid", []string{"#query/limit type"}},
		{"GET", "/v1/me/sessions?limit=99999999999", "", []string{"Authorization", token}, 422, "request_invalid", []string{"#query/limit maximum"}},
		{"GET", "/v1/me/sessions?limit=1&limit=2", "", []string{"Authorization", token}, 422, "request_invalid", []string{"#query/limit duplicate"}},
		{"GET", "/v1/me/sessions?cursor=abc", "", []string{"Authorization", token}, 422, "request_invalid", []string{"#query/cursor format"}},
		{"GET", "/v1/me/sessions?limit=%zz", "", []string{"Authorization", token}, 400, "request_malformed", nil},
		{"GET", "/v1/configuration?client_id=%00", "", nil, 400, "request_malformed", nil},
		{"GET", "/v1/configuration?client_id=%ff", "", nil, 400, "request_malformed", nil},
		{"GET", "/v1/configuration?client_id=nobody", "", nil, 422, "client_unknown", nil},
		{"GET", "/v1/me/sessions?other=1", "", []string{"Authorization", token}, 200, "", nil},
		{"GET", "/v1/flows/x", "", []string{"Lintel-Flow", "lf_x"}, 422, "request_invalid", []string{"#path/flow_id format", "#path/flow_id min_length"}},
		{"GET", "/v1/flows/flw_01h455vb4pex5vsknk084sn02q", "", nil, 401, "flow_token_invalid", nil},
		{"GET", "/v1/flows/flw_01h455vb4pex5vsknk084sn02q?wait=31", "", nil, 422, "request_invalid", []string{"#query/wait maximum"}},
		{"DELETE", "/v1/me/sessions/ses_01h455vb4pex5vsknk084sn02q", "", []string{"Authorization", token}, 404, "session_unknown", nil},
	} {
		a := h.call(t, c.method, c.path, c.body, c.headers...)
		require.Equal(t, c.status, a.status, "%s %s: %s", c.method, c.path, a.text)
		if c.code != "" {
			require.Equal(t, c.code, a.code(), "%s %s", c.method, c.path)
		}
		if c.places != nil {
			require.Equal(t, c.places, a.places(), "%s %s", c.method, c.path)
		}
	}
}

func TestCredentials(t *testing.T) {
	h := build(t, nil)
	token, other := h.register(t, "ada@example.com"), h.register(t, "bob@example.com")
	for _, c := range []struct {
		headers []string
		status  int
	}{
		{[]string{"Authorization", "Bearer " + token}, 200},
		{[]string{"Authorization", "bEARER   " + token}, 200},
		{[]string{"Authorization", "Basic " + token}, 401},
		{[]string{"Authorization", token}, 401},
		{[]string{"Authorization", "Bearer"}, 401},
		{[]string{"Authorization", "Bearer " + token + "x"}, 401},
		{[]string{"Authorization", "Bearer " + token, "Cookie", "lintel_session=" + other}, 401},
		{[]string{"Cookie", "lintel_session=" + token}, 401}, // made for the other transport
		{[]string{"Cookie", "lintel_session=" + token + "; lintel_session=" + other}, 401},
		{[]string{"Cookie", "__Host-lintel_session=" + token}, 401},
		{nil, 401},
	} {
		a := h.call(t, "GET", "/v1/session", "", c.headers...)
		require.Equal(t, c.status, a.status, "%v", c.headers)
	}
	a := h.call(t, "POST", "/v1/flows", login, "Authorization", "Bearer ls_nothing")
	require.Equal(t, 401, a.status, "a token that is sent on purpose has to be right")
}

// Signed in by cookie: the page's origin is asked for whenever something changes,
// and a browser whose session is over can sign in again.
func TestCookieTransport(t *testing.T) {
	h := build(t, nil)
	h.register(t, "ada@example.com")
	const start = `{"journey":"login","transport":"cookie","submit":{"type":"password","identifier":"ada@example.com","password":"` + secret + `"}}`
	a := h.call(t, "POST", "/v1/flows", start)
	require.Equal(t, 403, a.status)
	require.Equal(t, "origin_not_allowed", a.code())
	a = h.call(t, "POST", "/v1/flows", start, "Origin", "https://evil.example")
	require.Equal(t, 403, a.status)
	require.Empty(t, a.header.Get("Access-Control-Allow-Origin"))

	a = h.call(t, "POST", "/v1/flows", start, "Origin", front)
	require.Equal(t, 201, a.status, a.text)
	require.NotContains(t, a.text, "session_token")
	require.Equal(t, front, a.header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "true", a.header.Get("Access-Control-Allow-Credentials"))
	lines := a.header.Values("Set-Cookie")
	require.Len(t, lines, 2, "one line each")
	cookies := ""
	for _, line := range lines {
		parsed, err := http.ParseSetCookie(line)
		require.NoError(t, err)
		require.True(t, parsed.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, parsed.SameSite)
		require.Empty(t, parsed.Domain)
		if parsed.Name == "lintel_session" {
			require.Equal(t, int((30 * 24 * time.Hour).Seconds()), parsed.MaxAge)
			cookies = parsed.Name + "=" + parsed.Value
		}
	}

	require.Equal(t, 200, h.call(t, "GET", "/v1/session", "", "Cookie", cookies).status)
	require.Equal(t, 403, h.call(t, "GET", "/v1/session", "", "Cookie", cookies, "Origin", "https://evil.example").status)
	for _, origin := range []string{"https://evil.example", "null", front + "/", strings.ToUpper(front)} {
		a = h.call(t, "POST", "/v1/session/refresh", "", "Cookie", cookies, "Origin", origin)
		require.Equal(t, 403, a.status, origin)
		require.Empty(t, a.header.Get("Access-Control-Allow-Origin"))
	}
	require.Equal(t, 403, h.call(t, "POST", "/v1/session/refresh", "", "Cookie", cookies).status)
	require.Equal(t, 200, h.call(t, "POST", "/v1/session/refresh", "", "Cookie", cookies, "Origin", front).status)

	a = h.call(t, "DELETE", "/v1/session", "", "Cookie", cookies, "Origin", front)
	require.Equal(t, 204, a.status)
	require.Equal(t, []string{"lintel_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"}, a.header.Values("Set-Cookie"))
	a = h.call(t, "GET", "/v1/session", "", "Cookie", cookies)
	require.Equal(t, 401, a.status)
	require.Len(t, a.header.Values("Set-Cookie"), 1, "a cookie that is worth nothing is taken back")
	a = h.call(t, "POST", "/v1/flows", start, "Origin", front, "Cookie", cookies)
	require.Equal(t, 201, a.status, a.text)
	require.Len(t, a.header.Values("Set-Cookie"), 2)
}

// A flow over cookies goes on in the browser that began it, from a known page.
func TestClass_Fixation_AFlowStaysInItsBrowser(t *testing.T) {
	h := build(t, nil)
	a := h.call(t, "POST", "/v1/flows", `{"journey":"login","transport":"cookie"}`, "Origin", front)
	require.Equal(t, 201, a.status, a.text)
	path, token := "/v1/flows/"+a.body["id"].(string), a.body["flow_token"].(string)
	browser, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	require.Equal(t, 200, h.call(t, "GET", path, "", "Lintel-Flow", token, "Cookie", browser).status)
	require.Equal(t, 401, h.call(t, "GET", path, "", "Lintel-Flow", token).status)
	require.Equal(t, 401, h.call(t, "GET", path, "", "Lintel-Flow", token, "Cookie", browser+"x").status)
	a = h.call(t, "POST", path+"/steps", `{"type":"identifier","identifier":"ada@example.com"}`, "Lintel-Flow", token, "Cookie", browser, "Origin", "https://evil.example")
	require.Equal(t, "origin_not_allowed", a.code())
	a = h.call(t, "POST", path+"/steps", `{"type":"identifier","identifier":"ada@example.com"}`, "Lintel-Flow", token, "Cookie", browser, "Origin", front)
	require.Equal(t, 200, a.status, a.text)
	require.Equal(t, 204, h.call(t, "DELETE", path, "", "Lintel-Flow", token, "Cookie", browser, "Origin", front).status)
}

func TestPreflights(t *testing.T) {
	h := build(t, nil)
	a := h.call(t, "OPTIONS", "/v1/me", "", "Origin", front, "Access-Control-Request-Method", "PATCH", "Access-Control-Request-Headers", "content-type")
	require.Equal(t, 204, a.status, a.text)
	require.Equal(t, "DELETE, GET, HEAD, PATCH", a.header.Get("Access-Control-Allow-Methods"))
	require.Equal(t, front, a.header.Get("Access-Control-Allow-Origin"))
	require.Contains(t, a.header.Get("Vary"), "Origin")
	for _, c := range []struct {
		path, method, origin string
		status               int
	}{
		{"/v1/me", "PATCH", "https://evil.example", 403}, {"/v1/me", "PATCH", "null", 403},
		{"/v1/me", "PUT", front, 405}, {"/v1/nowhere", "GET", front, 404},
	} {
		a = h.call(t, "OPTIONS", c.path, "", "Origin", c.origin, "Access-Control-Request-Method", c.method)
		require.Equal(t, c.status, a.status, "%v", c)
		require.Empty(t, a.header.Get("Access-Control-Allow-Methods"))
	}
	require.Equal(t, 405, h.call(t, "OPTIONS", "/v1/me", "").status)
}

// What is sensitive asks for a recent proof, and says what would do.
func TestClass_StepUp_FreshAuthentication(t *testing.T) {
	h := build(t, nil)
	token := "Bearer " + h.register(t, "ada@example.com")
	id := h.call(t, "GET", "/v1/session", "", "Authorization", token).body["id"].(string)
	h.clock.Advance(6 * time.Minute)
	for _, c := range [][3]string{
		{"PUT", "/v1/me/password", `{"password":"a short walk to the green hill"}`}, {"DELETE", "/v1/me/sessions", ""},
		{"DELETE", "/v1/me/sessions/ses_01h455vb4pex5vsknk084sn02q", ""},
	} {
		a := h.call(t, c[0], c[1], c[2], "Authorization", token)
		require.Equal(t, 403, a.status, a.text)
		require.Equal(t, "step_up_required", a.code())
		require.Equal(t, map[string]any{"journey": "step_up", "max_age_seconds": 300.0, "methods": []any{"password"}}, a.body["step_up"])
	}
	require.Equal(t, 204, h.call(t, "DELETE", "/v1/me/sessions/"+id, "", "Authorization", token).status, "to end the session at hand is a logout")
}

func TestPages(t *testing.T) {
	h := build(t, nil)
	a := h.call(t, "GET", "/", "")
	require.Equal(t, 302, a.status)
	require.Equal(t, "/docs", a.header.Get("Location"))
	for _, path := range []string{"/docs", "/docs/start.js", "/docs/page.css", "/docs/swagger-ui.js", "/docs/swagger-ui.css", "/openapi.json", "/openapi.yaml", "/openapi-3.0.json", "/events.json", "/events", "/problems"} {
		a = h.call(t, "GET", path, "")
		require.Equal(t, 200, a.status, path)
		require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
		require.NotContains(t, a.header.Get("Content-Security-Policy"), "unsafe")
		require.Equal(t, 304, h.call(t, "GET", path, "", "If-None-Match", a.header.Get("ETag")).status)
		if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			require.NotRegexp(t, `(?i)(src|href)="(https?:)?//`, a.text, "nothing comes from elsewhere")
			require.NotRegexp(t, `(?i)<style|\sstyle=|<script>`, a.text)
		}
	}
	zipped := h.call(t, "GET", "/docs/swagger-ui.js", "", "Accept-Encoding", "gzip")
	require.Equal(t, "gzip", zipped.header.Get("Content-Encoding"))
	var problems []struct{ Code, Title, Description string }
	require.NoError(t, json.Unmarshal(gen.ProblemsJSON, &problems))
	for _, one := range problems {
		a = h.call(t, "GET", "/problems/"+one.Code, "")
		require.Equal(t, 200, a.status, one.Code)
		require.Contains(t, a.text, one.Title)
	}
}

// A request is told of in one line, by what it was and never by what was in it.
func TestClass_Secrets_TheLogTellsNone(t *testing.T) {
	h := build(t, nil)
	token := h.register(t, "ada@example.com")
	trace := "4bf92f3577b34da6a3ce929d0e0e4736"
	a := h.call(t, "GET", "/v1/me/sessions?cursor=c2VjcmV0", "", "Authorization", "Bearer "+token, "Traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	require.Equal(t, trace, a.header.Get("Trace-Id"))
	require.Equal(t, trace, a.body["trace_id"])
	log := h.log.String()
	require.Contains(t, log, "operation=listMySessions status=422")
	require.Contains(t, log, "trace_id="+trace)
	for _, told := range []string{token, secret, "ada@example.com", "c2VjcmV0"} {
		require.NotContains(t, log, told)
	}
	require.Contains(t, h.seen.all(), "createFlow Created")
}

// A body that is sent again and again in pieces keeps its own strings: what one
// request read is not written over by the next.
func TestStringsOutliveTheirRequest(t *testing.T) {
	h := build(t, nil)
	tokens := map[string]string{}
	for _, name := range []string{"ada@example.com", "bob@example.com", "eve@example.com"} {
		tokens[name] = h.register(t, name)
	}
	for name, token := range tokens {
		a := h.call(t, "GET", "/v1/me", "", "Authorization", "Bearer "+token)
		require.Contains(t, a.text, name)
	}
}

func TestPlainHTTPCookiesAreForDevelopment(t *testing.T) {
	h := build(t, nil)
	response, err := h.client.Get(home + "/v1/session")
	require.NoError(t, err)
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.Empty(t, response.Header.Get("Strict-Transport-Security"))
	require.Empty(t, response.Header.Get("Server"))
}
