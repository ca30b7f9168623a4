package conformance_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/conformance"
)

// whole is a case with nothing wrong.
const whole = `{"about": "It is read.", "call": {"operation": "getSession"},
	"wire": [{"request": {"method": "GET", "path": "/v1/session"}, "response": {"status": 200, "body": null}}],
	"expect": {"error": {"code": "unreadable", "status": 200}}}`

func readOne(name, data string) ([]conformance.Case, error) {
	return conformance.Read(fstest.MapFS{name: {Data: []byte(data)}})
}

func TestACaseIsRead(t *testing.T) {
	cases, err := readOne("a-case.json", whole)
	require.NoError(t, err)
	require.Len(t, cases, 1)
	require.Equal(t, "a-case", cases[0].Name)
	require.Equal(t, "null", string(cases[0].Wire[0].Response.Body), "null is a body, and not the lack of one")
	require.Nil(t, cases[0].Wire[0].Request.Body)
}

func TestACaseThatMeansNothingIsRefused(t *testing.T) {
	const (
		about    = `"about": "It is read.", `
		call     = `"call": {"operation": "getSession"}, `
		request  = `"request": {"method": "GET", "path": "/v1/session"}, `
		response = `"response": {"status": 204}`
		wire     = `"wire": [{` + request + response + `}], `
		expect   = `"expect": {"nothing": true}`
	)
	_, err := readOne("x.json", "{"+about+call+wire+expect+"}")
	require.NoError(t, err, "what the others are made of")
	answered := func(response string) string {
		return "{" + about + call + `"wire": [{` + request + response + `}], ` + expect + "}"
	}
	for name, one := range map[string]struct{ file, data, says string }{
		"no JSON":              {"x.json", "{", "unexpected EOF"},
		"more than a case":     {"x.json", "{" + about + call + wire + expect + "}{}", "goes on"},
		"a member of no case":  {"x.json", "{" + about + call + wire + expect + `, "expects": 1}`, "unknown field"},
		"a deeper one":         {"x.json", "{" + about + `"call": {"operation": "getSession", "parameters": {}}, ` + wire + expect + "}", "unknown field"},
		"a name with capitals": {"Xy.json", "{" + about + call + wire + expect + "}", "its name"},
		"nothing about it":     {"x.json", "{" + call + wire + expect + "}", "about"},
		"nothing called":       {"x.json", "{" + about + `"call": {"operation": ""}, ` + wire + expect + "}", "calls no operation"},
		"nothing expected":     {"x.json", "{" + about + call + wire + `"expect": {}}`, "expects one of"},
		"two things expected":  {"x.json", "{" + about + call + wire + `"expect": {"nothing": true, "value": {}}}`, "expects one of"},
		"an error without":     {"x.json", "{" + about + call + wire + `"expect": {"error": {"code": ""}}}`, "an error has a code"},
		"items of no pages":    {"x.json", "{" + about + call + wire + `"expect": {"items": []}}`, "items are what comes of pages"},
		"nothing sent":         {"x.json", "{" + about + call + `"wire": [], ` + expect + "}", "nothing is sent where"},
		"invalid and sent":     {"x.json", "{" + about + call + wire + `"expect": {"error": {"code": "input_invalid"}}}`, "nothing is sent where"},
		"callers in turn":      {"x.json", `{"callers": 2, ` + about + call + `"wire": [{` + request + response + "}, {" + request + response + "}], " + expect + "}", "callers at once"},
		"the same as none":     {"x.json", "{" + about + call + `"wire": [{"request": {"method": "GET", "path": "/v1/session", "same": ["etag"]}, ` + response + "}], " + expect + "}", "the same as none"},
		"a header in capitals": {"x.json", "{" + about + call + `"wire": [{"request": {"method": "GET", "path": "/v1/session", "headers": {"ETag": "*"}}, ` + response + "}], " + expect + "}", "small letters"},
		"no status":            {"x.json", answered(`"response": {}`), "has a status"},
		"a status of silence":  {"x.json", answered(`"response": {"status": 200, "hang": true}`), "has a status"},
		"hanging and closing":  {"x.json", answered(`"response": {"hang": true, "close": true}`), "one of body"},
		"headers of silence":   {"x.json", answered(`"response": {"close": true, "headers": {"retry-after": "1"}}`), "has no headers"},
		"a text of no type":    {"x.json", answered(`"response": {"status": 200, "text": "hello"}`), "has a content type"},
		"cut after the end":    {"x.json", answered(`"response": {"status": 200, "body": {}, "cut": 2}`), "shorter than the whole"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readOne(one.file, one.data)
			require.ErrorIs(t, err, conformance.ErrCase)
			require.ErrorContains(t, err, one.says)
		})
	}
	_, err = conformance.Read(fstest.MapFS{})
	require.ErrorIs(t, err, conformance.ErrCase, "an empty folder is a mistake in its name")
}

func TestFitsAndEqual(t *testing.T) {
	const got = `{"a": {"b": [1, {"c": null, "d": true}]}, "t": "2030-01-02T03:04:05.500Z", "n": 9007199254740993}`
	for want, fits := range map[string]bool{
		`{}`:                                      true,
		`{"a": {"b": [1, {"c": null}]}}`:          true,
		`{"a": {"b": [1.0, {"d": true}]}}`:        true,
		`{"t": "2030-01-02T03:04:05.5Z"}`:         true,
		`{"n": 9007199254740993}`:                 true,
		`{"n": 9007199254740992.0}`:               true,
		`{"n": 9007199254740000}`:                 false,
		`{"n": "9007199254740993"}`:               false,
		`{"a": {"b": [1]}}`:                       false,
		`{"a": {"b": [{"c": null}, 1]}}`:          false,
		`{"a": {"b": [1, {"c": false}]}}`:         false,
		`{"a": {"b": [1, {"d": false}]}}`:         false,
		`{"e": null}`:                             false,
		`{"t": "2030-01-02T03:04:05.6Z"}`:         false,
		`{"a": null}`:                             false,
		`[]`:                                      false,
		`{"a": {"b": [1, {"c": null, "e": null}]`: false,
	} {
		err := conformance.Fits([]byte(want), []byte(got))
		require.Equal(t, fits, err == nil, "%s: %v", want, err)
	}
	require.NoError(t, conformance.Equal([]byte(`{"b": 1, "a": [null]}`), []byte(`{"a":[null],"b":1}`)))
	require.ErrorContains(t, conformance.Equal([]byte(`{"a": 1}`), []byte(`{"a": 1, "b": null}`)), `"b"`)
	require.ErrorContains(t, conformance.Equal([]byte(`{"a": "2030-01-02T03:04:05.5Z"}`), []byte(`{"a": "2030-01-02T03:04:05.50Z"}`)), "/a")
	require.ErrorContains(t, conformance.Equal([]byte(`{}`), nil), "not JSON")
	require.ErrorContains(t, conformance.Equal([]byte(`{}`), []byte(`{}{}`)), "goes on")
}
