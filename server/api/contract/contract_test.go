package contract

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
)

func load30(t *testing.T) *Contract {
	t.Helper()
	c, err := New(false)
	require.NoError(t, err)
	return c
}

func TestOperations(t *testing.T) {
	c := load30(t)
	require.Len(t, c.Operations(), strings.Count(string(gen.Spec30JSON), `"operationId"`))
	require.Nil(t, c.Operation("GET", "/v1/nowhere"))
	for _, want := range []struct {
		method, path, id, content string
		public, optional          bool
		session, flow, fresh      bool
		waits                     int
	}{
		{"GET", "/v1/configuration", "getConfiguration", "", true, false, false, false, false, 0},
		{"POST", "/v1/flows", "createFlow", "application/json", false, true, true, false, false, 0},
		{"GET", "/v1/flows/{flow_id}", "getFlow", "", false, false, false, true, false, 30},
		{"GET", "/v1/session", "getSession", "", false, false, true, false, false, 0},
		{"PATCH", "/v1/me", "updateMe", "application/merge-patch+json", false, false, true, false, false, 0},
		{"PUT", "/v1/me/password", "setPassword", "application/json", false, false, true, false, true, 0},
		{"DELETE", "/v1/me/sessions", "endOtherSessions", "", false, false, true, false, true, 0},
		{"DELETE", "/v1/me/sessions/{session_id}", "endMySession", "", false, false, true, false, true, 0},
	} {
		o := c.Operation(want.method, want.path)
		require.NotNil(t, o, want.id)
		require.Equal(t, want.id, o.ID)
		require.Equal(t, want.content, o.ContentType, want.id)
		require.Equal(t, [5]bool{want.public, want.optional, want.session, want.flow, want.fresh},
			[5]bool{o.Public, o.Optional, o.Session, o.Flow, o.Fresh}, want.id)
		require.Equal(t, want.waits, o.Waits, want.id)
		require.Equal(t, want.method == "GET", o.Safe)
	}
}

func TestMethods(t *testing.T) {
	c := load30(t)
	require.Equal(t, []string{"DELETE", "GET"}, c.Methods("/v1/flows/flw_x"))
	require.Equal(t, []string{"DELETE", "GET"}, c.Methods("/v1/me/sessions"))
	for _, nowhere := range []string{"", "/", "/v1", "/v1/flows/", "/v1/flows/a/b", "/v1/flows/a/steps/", "v1/flows"} {
		require.Empty(t, c.Methods(nowhere), nowhere)
	}
}

// Every example of a request that the document shows is taken.
func TestExamplesAreTaken(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct {
			RequestBody *struct {
				Content map[string]struct {
					Examples map[string]struct{ Value any }
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(gen.Spec30JSON, &doc))
	c, checked := load30(t), 0
	for path, item := range doc.Paths {
		for method, operation := range item {
			if operation.RequestBody == nil {
				continue
			}
			for _, content := range operation.RequestBody.Content {
				for name, example := range content.Examples {
					require.Empty(t, c.Operation(strings.ToUpper(method), path).CheckBody(example.Value), "%s %s %s", method, path, name)
					checked++
				}
			}
		}
	}
	require.Greater(t, checked, 5)
}

// A thousand mistakes are told as twenty.
func TestClass_Exhaustion_FieldsAreBounded(t *testing.T) {
	body := map[string]any{}
	for i := range 1000 {
		body[strings.Repeat("x", i%50+1)+string(rune('a'+i%26))] = i
	}
	require.LessOrEqual(t, len(load30(t).Operation("POST", "/v1/flows").CheckBody(body)), maxFields)
}

// The library reports each unknown member on its own, and each time the object has
// all of them: looking at them all each time took a minute and gigabytes for one
// request of 60 KB.
func TestClass_Exhaustion_UnknownMembersAreLookedAtOnce(t *testing.T) {
	operation := load30(t).Operation("POST", "/v1/flows")
	body := func(members int) map[string]any {
		object := map[string]any{}
		for i := range members {
			object["k"+strconv.Itoa(i)] = i
		}
		return object
	}
	small := testing.AllocsPerRun(1, func() { operation.CheckBody(body(500)) })
	large := testing.AllocsPerRun(1, func() { operation.CheckBody(body(5000)) })
	require.Less(t, large, 20*small, "ten times the members cost about ten times as much")
}

// No value is in what is said about it, whatever is wrong with it.
func TestClass_Secrets_FieldsHoldNoValue(t *testing.T) {
	c := load30(t)
	const told = "hunter2-hunter2"
	for _, body := range []any{
		told, []any{told}, map[string]any{"password": []any{told}}, map[string]any{"password": strings.Repeat(told, 100)},
		map[string]any{"password": told, "x": told}, map[string]any{"password": map[string]any{"p": told}},
	} {
		fields := c.Operation("PUT", "/v1/me/password").CheckBody(body)
		require.NotEmpty(t, fields)
		for _, field := range fields {
			require.NotContains(t, field.Pointer+field.Code+field.Detail, "hunter2")
		}
	}
}

func TestFormats(t *testing.T) {
	for name, c := range map[string]struct {
		fits func(string) bool
		good []string
		bad  []string
	}{
		"date-time": {isTime, []string{"2030-01-02T03:04:05Z", "2030-01-02T03:04:05.678901Z"}, []string{"", "2030-01-02", "2030-01-02T03:04:05+01:00", "2030-13-02T03:04:05Z"}},
		"email":     {isEmail, []string{"ada@example.com"}, []string{"", "ada", "Ada <ada@example.com>", "ada@example.com "}},
		"uri":       {isURI, []string{"https://example.com/a", "about:blank"}, []string{"", "/a", "example.com", "%zz:"}},
		"uuid":      {isUUID, []string{"01890a5d-ac96-774b-bcce-b302099a8057"}, []string{"", "01890a5dac96774bbcceb302099a8057", "{01890a5d-ac96-774b-bcce-b302099a8057}"}},
		"ipv4":      {isIPv4, []string{"203.0.113.7"}, []string{"", "203.0.113", "::1", "203.0.113.07"}},
		"ipv6":      {isIPv6, []string{"2001:db8::1"}, []string{"", "203.0.113.7", "fe80::1%eth0"}},
	} {
		for _, text := range c.good {
			require.True(t, c.fits(text), "%s %q", name, text)
		}
		for _, text := range c.bad {
			require.False(t, c.fits(text), "%s %q", name, text)
		}
	}
}

const sessionExample = `{"id":"ses_01h455vb4pex5vsknk084sn02q","user_id":"usr_01h455vb4pex5vsknk084sn02q","client_id":"default","transport":"token","current":true,"acr":"aal1","amr":["pwd"],"auth_time":"2030-01-02T03:04:05.678901Z","device":{"name":"","address":""},"created_at":"2030-01-02T03:04:05.678901Z","last_seen_at":"2030-01-02T03:04:05.678901Z","idle_expires_at":"2030-02-01T03:04:05.678901Z","expires_at":"2030-04-02T03:04:05.678901Z"}`

func TestPromise_ContractIsServer_ResponsesAreChecked(t *testing.T) {
	c := load30(t)
	jsonHeader := http.Header{"Content-Type": {"application/json"}}
	problem := http.Header{"Content-Type": {"application/problem+json"}}
	const refused = `{"type":"about:blank","title":"t","status":401,"detail":"d","code":"c","trace_id":"x"}`
	for name, r := range map[string]struct {
		method, path string
		status       int
		header       http.Header
		body, wrong  string
	}{
		"right":                  {"GET", "/v1/session", 200, jsonHeader, sessionExample, ""},
		"head":                   {"HEAD", "/v1/session", 200, jsonHeader, "", ""},
		"refused":                {"GET", "/v1/session", 401, problem, refused, ""},
		"refused otherwise":      {"GET", "/v1/session", 418, problem, refused, ""},
		"gone":                   {"DELETE", "/v1/session", 204, nil, "", ""},
		"unknown path":           {"GET", "/v1/nowhere", 404, problem, refused, ""},
		"unknown method":         {"PUT", "/v1/session", 405, problem, refused, ""},
		"preflight":              {"OPTIONS", "/v1/session", 204, nil, "", ""},
		"undescribed member":     {"GET", "/v1/session", 200, jsonHeader, strings.Replace(sessionExample, `{"id"`, `{"more":1,"id"`, 1), `"/more" unknown`},
		"member of a member":     {"GET", "/v1/session", 200, jsonHeader, strings.Replace(sessionExample, `{"name"`, `{"more":1,"name"`, 1), `"/device/more" unknown`},
		"missing member":         {"GET", "/v1/session", 200, jsonHeader, `{}`, `"/acr" required`},
		"a time not in UTC":      {"GET", "/v1/session", 200, jsonHeader, strings.Replace(sessionExample, "05.678901Z", "05+01:00", 1), `"/auth_time" format`},
		"body where none is":     {"DELETE", "/v1/session", 204, nil, "{}", "with a body"},
		"no body":                {"GET", "/v1/session", 200, jsonHeader, "", "not JSON"},
		"two bodies":             {"GET", "/v1/session", 200, jsonHeader, sessionExample + "{}", "goes on"},
		"wrong content type":     {"GET", "/v1/session", 200, problem, sessionExample, "content type"},
		"undescribed status":     {"GET", "/v1/session", 202, jsonHeader, sessionExample, "no such status"},
		"success at no path":     {"GET", "/v1/nowhere", 200, jsonHeader, "{}", "no such operation"},
		"problem without a code": {"GET", "/v1/session", 401, problem, `{"type":"about:blank"}`, `"/code" required`},
		"retry that is no time":  {"GET", "/v1/session", 429, http.Header{"Content-Type": {"application/problem+json"}, "Retry-After": {"soon"}}, refused, "Retry-After"},
	} {
		err := c.CheckResponse(r.method, r.path, r.status, r.header, []byte(r.body))
		if r.wrong == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, r.wrong, name)
	}
}
