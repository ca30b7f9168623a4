package conformance_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/conformance"
)

// stub is one that serves a single case, called x, with a clock that the test moves.
type stub struct {
	t    *testing.T
	base string
	mu   sync.Mutex
	time time.Time
}

func start(t *testing.T, wire, more string) *stub {
	t.Helper()
	cases, err := readOne("x.json", `{"about": "It is tried.", "call": {"operation": "getSession"}, "wire": [`+wire+`], "expect": {"nothing": true}`+more+`}`)
	require.NoError(t, err)
	s := &stub{t: t, time: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
	server := httptest.NewServer(conformance.NewStub(cases, s.now))
	t.Cleanup(server.Close)
	s.base = server.URL + "/x"
	return s
}

func (s *stub) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.time
}

func (s *stub) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.time = s.time.Add(d)
}

// ask sends a request whose headers are given in turn with their values.
func (s *stub) ask(method, path, body string, headers ...string) (*http.Response, string, error) {
	request, err := http.NewRequest(method, s.base+path, strings.NewReader(body))
	require.NoError(s.t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	return response, string(got), err
}

func (s *stub) left() []string {
	_, got, err := s.ask(http.MethodGet, "/-/left", "")
	require.NoError(s.t, err)
	var told struct{ Left []string }
	require.NoError(s.t, json.Unmarshal([]byte(got), &told))
	return told.Left
}

// refused asks and gives what the stub says was wrong.
func (s *stub) refused(method, path, body string, headers ...string) string {
	response, got, err := s.ask(method, path, body, headers...)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusTeapot, response.StatusCode, got)
	require.Equal(s.t, "application/problem+json", response.Header.Get("Content-Type"))
	var problem struct{ Code, Detail string }
	require.NoError(s.t, json.Unmarshal([]byte(got), &problem))
	require.Equal(s.t, conformance.Mismatch, problem.Code)
	return problem.Detail
}

func TestTheStubAnswersWhatFitsAndTellsWhatDoesNot(t *testing.T) {
	s := start(t, `{"request": {"method": "PATCH", "path": "/v1/me/a%2Fb", "query": {"q": ["1", "ü"]},
		"headers": {"if-match": "\"3\"", "content-type": "application/json", "x-any": "*"}, "absent": ["authorization"], "body": {"a": null}},
		"response": {"status": 202, "headers": {"etag": "\"4\""}, "body": {"n": 9007199254740993}}}`, "")
	right := []string{"If-Match", `"3"`, "Content-Type", "application/json; charset=utf-8", "X-Any", "thing"}
	const path, body = "/v1/me/a%2fb?q=1&q=%C3%BC", `{ "a" : null }`
	for says, asked := range map[string]func() string{
		"method is to be PATCH":       func() string { return s.refused(http.MethodPost, path, body, right...) },
		"path is to be":               func() string { return s.refused(http.MethodPatch, "/v1/me/a/b?q=1&q=%C3%BC", body, right...) },
		"query is":                    func() string { return s.refused(http.MethodPatch, path+"&r=", body, right...) },
		"if-match is [\"\\\"2\\\"\"]": func() string { return s.refused(http.MethodPatch, path, body, append(right, "If-Match", `"2"`)...) },
		"x-any is []":                 func() string { return s.refused(http.MethodPatch, path, body, right[:4]...) },
		"authorization is":            func() string { return s.refused(http.MethodPatch, path, body, append(right, "Authorization", "x")...) },
		"the body is not":             func() string { return s.refused(http.MethodPatch, path, `{"a": null, "b": 1}`, right...) },
		"\"\" is not JSON":            func() string { return s.refused(http.MethodPatch, path, "", right...) },
	} {
		require.Contains(t, asked(), says)
	}
	left := s.left()
	require.Len(t, left, 9, "every mismatch, and the exchange that is still due: %q", left)
	require.Contains(t, left[8], "exchange 1, PATCH /v1/me/a%2Fb: 1 more to come")

	reset, _, err := s.ask(http.MethodPost, "/-/reset", "")
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, reset.StatusCode)
	response, got, err := s.ask(http.MethodPatch, path, body, right...)
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, response.StatusCode)
	require.Equal(t, "application/json", response.Header.Get("Content-Type"))
	require.Equal(t, `"4"`, response.Header.Get("ETag"))
	require.JSONEq(t, `{"n": 9007199254740993}`, got)
	require.Contains(t, got, "9007199254740993", "numbers go out as they are written")
	require.Empty(t, s.left())
	require.Contains(t, s.refused(http.MethodPatch, path, body, right...), "no request is due any more")
	require.Len(t, s.left(), 1, "one too many is told too")
}

func TestWhatIsToBeTheSameIsCompared(t *testing.T) {
	s := start(t, `{"request": {"method": "POST", "path": "/v1/flows", "headers": {"idempotency-key": "*"}}, "response": {"status": 503}},
		{"request": {"method": "POST", "path": "/v1/flows", "same": ["idempotency-key"]}, "response": {"status": 204}}`, "")
	_, _, err := s.ask(http.MethodPost, "/v1/flows", "", "Idempotency-Key", "one")
	require.NoError(t, err)
	s.pass(time.Second)
	require.Contains(t, s.refused(http.MethodPost, "/v1/flows", "", "Idempotency-Key", "two"), `is to be ["one"] as before`)
	require.Contains(t, s.refused(http.MethodPost, "/v1/flows", ""), `is to be ["one"] as before`)
	response, _, err := s.ask(http.MethodPost, "/v1/flows", "", "Idempotency-Key", "one")
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, response.StatusCode)
}

func TestARepetitionThatDoesNotWaitIsTold(t *testing.T) {
	for name, one := range map[string]struct {
		response string
		wait     time.Duration
	}{
		"its own while":  {`{"status": 503}`, 200 * time.Millisecond},
		"as it was told": {`{"status": 503, "headers": {"retry-after": "2"}}`, 2 * time.Second},
		"at once":        {`{"status": 502, "headers": {"retry-after": "0"}}`, 0},
		"after a date":   {`{"status": 504, "headers": {"retry-after": "Wed, 02 Jan 2030 03:04:05 GMT"}}`, 200 * time.Millisecond},
		"the next page":  {`{"status": 200}`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			request := `"request": {"method": "GET", "path": "/v1/session"}`
			s := start(t, `{`+request+`, "response": `+one.response+`}, {`+request+`, "response": {"status": 204}}`, "")
			_, _, err := s.ask(http.MethodGet, "/v1/session", "")
			require.NoError(t, err)
			if one.wait > 0 {
				s.pass(one.wait / 2)
				require.Contains(t, s.refused(http.MethodGet, "/v1/session", ""), "it comes after")
				s.pass(one.wait / 2)
			}
			response, _, err := s.ask(http.MethodGet, "/v1/session", "")
			require.NoError(t, err)
			require.Equal(t, http.StatusNoContent, response.StatusCode)
		})
	}
}

func TestCallersMeetOneExchangeAtOnce(t *testing.T) {
	s := start(t, `{"request": {"method": "GET", "path": "/v1/session"}, "response": {"status": 204}}`, `, "callers": 20`)
	var group sync.WaitGroup
	for range 19 {
		group.Go(func() {
			if _, _, err := s.ask(http.MethodGet, "/v1/session", ""); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.Equal(t, []string{"exchange 1, GET /v1/session: 1 more to come"}, s.left())
	_, _, err := s.ask(http.MethodGet, "/v1/session", "")
	require.NoError(t, err)
	require.Empty(t, s.left())
}

func TestEachCallerHasItsOwnKey(t *testing.T) {
	s := start(t, `{"request": {"method": "POST", "path": "/v1/flows"}, "response": {"status": 204}}`, `, "callers": 3`)
	for _, key := range []string{"one", "two"} {
		_, _, err := s.ask(http.MethodPost, "/v1/flows", "", "Idempotency-Key", key)
		require.NoError(t, err)
	}
	require.Contains(t, s.refused(http.MethodPost, "/v1/flows", "", "Idempotency-Key", "one"), "like another caller's")
	_, _, err := s.ask(http.MethodPost, "/v1/flows", "")
	require.NoError(t, err)
	require.Len(t, s.left(), 1)
}

func TestOneCaseServesManyClients(t *testing.T) {
	s := start(t, `{"request": {"method": "GET", "path": "/v1/session"}, "response": {"status": 204}}`, "")
	_, _, err := s.ask(http.MethodGet, "/v1/session", "")
	require.NoError(t, err)
	require.Empty(t, s.left())
	s.base += "@another"
	require.Len(t, s.left(), 1, "one client's requests are not the other's")
	_, _, err = s.ask(http.MethodGet, "/v1/session", "")
	require.NoError(t, err)
	require.Empty(t, s.left())
}

func TestWhatIsCutIsCut(t *testing.T) {
	s := start(t, `{"request": {"method": "GET", "path": "/v1/session"}, "response": {"status": 200, "body": {"id": "ses_1"}, "cut": 7}}`, "")
	response, got, err := s.ask(http.MethodGet, "/v1/session", "")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.EqualValues(t, len(`{"id": "ses_1"}`), response.ContentLength)
	require.Equal(t, `{"id": `, got)
	require.Empty(t, s.left())
}

func TestWhatIsClosedIsClosed(t *testing.T) {
	s := start(t, `{"request": {"method": "GET", "path": "/v1/session"}, "response": {"close": true}}`, "")
	_, _, err := s.ask(http.MethodGet, "/v1/session", "")
	require.ErrorIs(t, err, io.EOF)
	require.Empty(t, s.left())
}

func TestWhatHangsHangsUntilTheClientLeaves(t *testing.T) {
	s := start(t, `{"request": {"method": "POST", "path": "/v1/session/refresh", "body": {}}, "response": {"hang": true}}`, "")
	ctx, leave := context.WithCancelCause(t.Context())
	gone := errors.New("the client leaves")
	asked := make(chan error, 1)
	go func() {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/v1/session/refresh", strings.NewReader("{}"))
		if err == nil {
			_, err = http.DefaultTransport.RoundTrip(request)
		}
		asked <- err
	}()
	require.Eventually(t, func() bool { return len(s.left()) == 0 }, 10*time.Second, time.Millisecond, "it arrives")
	select {
	case err := <-asked:
		require.NoError(t, err, "it was answered, or refused, while the client waited")
	default:
	}
	leave(gone)
	require.ErrorIs(t, <-asked, gone)
	// The server of the test closes only when no request is open any more.
}

func TestPagesOfOtherOriginsMayAsk(t *testing.T) {
	s := start(t, `{"request": {"method": "GET", "path": "/v1/session"}, "response": {"close": true}}`, "")
	response, _, err := s.ask(http.MethodOptions, "/v1/session", "", "Origin", "http://other.example",
		"Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "lintel-flow")
	require.NoError(t, err)
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	require.Equal(t, "http://other.example", response.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "lintel-flow", response.Header.Get("Access-Control-Allow-Headers"))
	require.Len(t, s.left(), 1, "what a browser asks by itself is no exchange")
}

func TestTheStubListsItsCases(t *testing.T) {
	s := start(t, `{"request": {"method": "GET", "path": "/v1/session"}, "response": {"status": 200, "body": null}}`, "")
	s.base = strings.TrimSuffix(s.base, "/x")
	response, got, err := s.ask(http.MethodGet, "/-/cases", "")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	var listed struct{ Cases []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(got), &listed))
	require.Len(t, listed.Cases, 1)
	require.Equal(t, "x", listed.Cases[0]["name"])
	require.Equal(t, "It is tried.", listed.Cases[0]["about"])
	require.NotContains(t, listed.Cases[0], "client", "what a case does not say is not there")
	for _, path := range []string{"/y/v1/session", "/y/-/left", "/y@x/-/left", "/-/other", "/"} {
		response, _, err = s.ask(http.MethodGet, path, "")
		require.NoError(t, err)
		require.Equal(t, http.StatusNotFound, response.StatusCode, path)
	}
}
