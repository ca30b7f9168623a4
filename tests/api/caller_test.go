package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// caller is one app or browser. Whatever it receives is held against the contract.
type caller struct {
	*scenario
	wire    *wire.Client
	source  string
	bearer  string
	flow    string // the Lintel-Flow header
	origin  string
	base    string // what the tenant is called
	host    string // that is asked for
	reads   string // the Accept-Language header
	cookies map[string]string
}

// app keeps its token itself and says nothing of an origin.
func (s *scenario) app() *caller {
	c := &caller{scenario: s, source: s.source, base: s.URL, cookies: map[string]string{}}
	_, c.host, _ = strings.Cut(s.URL, "://")
	var err error
	c.wire, err = wire.NewClient("http://"+s.Address, wire.WithHTTPClient(c))
	require.NoError(s.t, err)
	return c
}

// browser keeps cookies and says which page it is on.
func (s *scenario) browser(origin string) *caller {
	c := s.app()
	c.origin = origin
	return c
}

// with is the same caller with another token.
func (c *caller) with(bearer string) *caller {
	other := c.app()
	other.source, other.base, other.host, other.bearer = c.source, c.base, c.host, bearer
	return other
}

// transport leaves the answers alone: no redirect is followed, nothing unpacked.
var transport = &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64}

// Do sends one request; it is what the generated client calls.
func (c *caller) Do(request *http.Request) (*http.Response, error) {
	c.dress(request)
	sent := c.note(request)
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	c.keep(response)
	c.check(request, response, sent, body)
	return response, nil
}

func (c *caller) dress(request *http.Request) {
	set := func(name, value string) {
		if value != "" && request.Header.Get(name) == "" {
			request.Header.Set(name, value)
		}
	}
	set("X-Forwarded-For", c.source)
	set("Origin", c.origin)
	set("Lintel-Flow", c.flow)
	set("Accept-Language", c.reads)
	if c.bearer != "" {
		set("Authorization", "Bearer "+c.bearer)
	}
	for name, value := range c.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	request.Host = c.host
}

// note takes the secrets of a request.
func (c *caller) note(request *http.Request) []string {
	found := []string{strings.TrimPrefix(request.Header.Get("Authorization"), "Bearer "), request.Header.Get("Lintel-Flow")}
	if request.GetBody != nil {
		body, err := request.GetBody()
		require.NoError(c.t, err)
		text, err := io.ReadAll(body)
		require.NoError(c.t, err)
		found = append(found, secretMembers(text)...)
	}
	c.secrets.add(found...)
	return found
}

// keep takes the cookies and the secrets of a response.
func (c *caller) keep(response *http.Response) {
	for _, cookie := range response.Cookies() {
		c.secrets.add(cookie.Value)
		if cookie.MaxAge <= 0 || cookie.Value == "" {
			delete(c.cookies, cookie.Name)
		} else {
			c.cookies[cookie.Name] = cookie.Value
		}
	}
}

// check holds a response against the contract and the list of problems, and looks
// for what was sent in confidence.
func (c *caller) check(request *http.Request, response *http.Response, sent []string, body []byte) {
	t := c.t
	t.Helper()
	c.secrets.add(secretMembers(body)...)
	c.answered.add(request.Method, request.URL.Path, response.StatusCode)
	if isPage(request.URL.Path) && response.StatusCode < http.StatusBadRequest {
		return
	}
	require.NoError(t, c.contract.CheckResponse(request.Method, request.URL.Path, response.StatusCode, response.Header, body))
	var echoed secretList
	echoed.add(sent...)
	require.NoError(t, echoed.in("the answer", string(body)))
	require.Len(t, response.Header.Values("Trace-Id"), 1)
	var said any
	if json.Unmarshal(body, &said) == nil {
		c.spoken.requireSpoken(t, response.Header.Get("Content-Language"), said)
	}
	if response.StatusCode < http.StatusBadRequest || request.Method == http.MethodHead {
		return
	}
	var problem wire.Problem
	require.NoError(t, json.Unmarshal(body, &problem))
	listed, ok := c.problems[problem.Code]
	require.True(t, ok, "%s is listed", problem.Code)
	require.Equal(t, listed.Status, response.StatusCode, "the status of %s", problem.Code)
	require.EqualValues(t, listed.Status, problem.Status)
	if response.Header.Get("Content-Language") == "en" {
		require.Equal(t, listed.Title, problem.Title)
	}
	require.NotEmpty(t, problem.Detail)
	require.Equal(t, response.Header.Get("Trace-Id"), problem.TraceID)
	if problem.Type != "about:blank" {
		require.Equal(t, c.base+"/problems/"+problem.Code, problem.Type)
	}
}

func isPage(path string) bool {
	return path == "/" || strings.HasPrefix(path, "/docs") || strings.HasPrefix(path, "/openapi") || strings.HasPrefix(path, "/events") || strings.HasPrefix(path, "/problems")
}

// secretMembers finds the values of the members that the contract marks as secret.
func secretMembers(text []byte) (found []string) {
	var tree any
	if json.Unmarshal(text, &tree) != nil {
		return nil
	}
	var walk func(node any)
	walk = func(node any) {
		switch node := node.(type) {
		case map[string]any:
			for name, value := range node {
				text, isText := value.(string)
				if isText && (name == "password" || name == "flow_token" || name == "session_token" || name == "token" || name == "secret") {
					found = append(found, text)
				}
				walk(value)
			}
		case []any:
			for _, value := range node {
				walk(value)
			}
		}
	}
	walk(tree)
	return found
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

func (c *caller) got(response *http.Response, err error) answer {
	c.t.Helper()
	require.NoError(c.t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	return answer{t: c.t, status: response.StatusCode, header: response.Header, body: body}
}

// send makes a request that the generated client would not.
func (c *caller) send(method, path, body string, headers ...string) answer {
	c.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, "http://"+c.Address+path, strings.NewReader(body))
	require.NoError(c.t, err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return c.got(c.Do(request))
}

// is requires a status.
func (a answer) is(status int) answer {
	a.t.Helper()
	require.Equal(a.t, status, a.status, "%s", a.body)
	return a
}

// refused requires a problem with this code.
func (a answer) refused(status int, code string) wire.Problem {
	a.t.Helper()
	require.Equal(a.t, "application/problem+json", a.header.Get("Content-Type"), "%d %s", a.status, a.body)
	problem := read[wire.Problem](a)
	require.Equal(a.t, code, problem.Code, "%s", a.body)
	a.is(status)
	return problem
}

// invalid requires a problem with this code at exactly these places.
func (a answer) invalid(code string, pointers ...string) wire.Problem {
	a.t.Helper()
	problem := a.refused(http.StatusUnprocessableEntity, code)
	require.Equal(a.t, pointers, places(problem.Errors), "%s", a.body)
	return problem
}

func places(errs []wire.FieldError) []string {
	found := []string{}
	for _, one := range errs {
		found = append(found, one.Pointer)
	}
	return found
}

func read[T any](a answer) T {
	a.t.Helper()
	var value T
	require.NoError(a.t, json.Unmarshal(a.body, &value), "%s", a.body)
	return value
}

func (a answer) session() wire.Session {
	a.t.Helper()
	return read[wire.Session](a.is(http.StatusOK))
}

func (a answer) user() wire.User {
	a.t.Helper()
	return read[wire.User](a.is(http.StatusOK))
}
