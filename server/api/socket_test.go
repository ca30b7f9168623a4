package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api"
)

// The second request that a smuggler hides; it must never be answered.
const smuggled = "GET /openapi.yaml HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"

// raw sends bytes as they are and reads until the server hangs up.
func (h *house) raw(t *testing.T, text string) []*http.Response {
	t.Helper()
	conn, err := h.listener.Dial()
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte(text))
	require.NoError(t, err)
	return readAll(t, conn)
}

func readAll(t *testing.T, conn net.Conn) []*http.Response {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	reader := bufio.NewReader(conn)
	var responses []*http.Response
	for {
		if _, err := reader.Peek(1); err != nil {
			require.ErrorIs(t, err, io.EOF, "the connection was not closed")
			return responses
		}
		response, err := http.ReadResponse(reader, nil)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		response.Body = io.NopCloser(strings.NewReader(string(body)))
		responses = append(responses, response)
	}
}

// Requests that two servers in a row could read in two ways are refused, the
// connection ends with them, and nothing behind them is ever taken for a request.
func TestClass_Injection_SmuggledRequests(t *testing.T) {
	h := build(t, nil)
	const host = "Host: localhost:8080\r\n"
	for name, request := range map[string]string{
		"two lengths":               "POST /v1/flows HTTP/1.1\r\n" + host + "Content-Length: 4\r\nContent-Length: 0\r\n\r\nabcd",
		"two equal lengths":         "POST /v1/flows HTTP/1.1\r\n" + host + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
		"a list of lengths":         "POST /v1/flows HTTP/1.1\r\n" + host + "Content-Length: 0, 0\r\n\r\n",
		"a signed length":           "POST /v1/flows HTTP/1.1\r\n" + host + "Content-Length: +0\r\n\r\n",
		"a hexadecimal length":      "POST /v1/flows HTTP/1.1\r\n" + host + "Content-Length: 0x0\r\n\r\n",
		"length and encoding":       "POST /v1/flows HTTP/1.1\r\n" + host + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"encoding and length":       "POST /v1/flows HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
		"identity and length":       "POST /v1/flows HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n",
		"two encodings":             "POST /v1/flows HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"an unknown encoding":       "POST /v1/flows HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"a list of encodings":       "POST /v1/flows HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"space before the colon":    "POST /v1/flows HTTP/1.1\r\n" + host + "Content-Length : 0\r\n\r\n",
		"encoding in HTTP/1.0":      "POST /v1/flows HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"a broken chunk size":       "POST /v1/flows HTTP/1.1\r\n" + host + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
		"a chunk with a long tail":  "POST /v1/flows HTTP/1.1\r\n" + host + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}garbage\r\n0\r\n\r\n",
		"two hosts":                 "GET /v1/session HTTP/1.1\r\n" + host + "Host: evil.example\r\n\r\n",
		"two equal hosts":           "GET /v1/session HTTP/1.1\r\n" + host + host + "\r\n",
		"a folded header":           "GET /v1/session HTTP/1.1\r\n" + host + "X-A: b\r\n c: d\r\n\r\n",
		"a NUL in a header":         "GET /v1/session HTTP/1.1\r\n" + host + "X-A: b\x00c\r\n\r\n",
		"a bare CR in a header":     "GET /v1/session HTTP/1.1\r\n" + host + "X-A: b\rc\r\n\r\n",
		"a NUL in a name":           "GET /v1/session HTTP/1.1\r\n" + host + "X\x00A: b\r\n\r\n",
		"no colon":                  "GET /v1/session HTTP/1.1\r\n" + host + "garbage\r\n\r\n",
		"an unknown version":        "GET /v1/session HTTP/3.9\r\n" + host + "\r\n",
		"no version":                "GET /v1/session\r\n" + host + "\r\n",
		"a control in the target":   "GET /v1/se\x01ssion HTTP/1.1\r\n" + host + "\r\n",
		"no host":                   "GET /v1/session HTTP/1.1\r\nConnection: close\r\n\r\n",
		"absolute and another host": "GET http://evil.example/v1/session HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n",
		"absolute with a user":      "GET http://me@localhost:8080/v1/session HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			responses := h.raw(t, request+smuggled)
			require.Len(t, responses, 1)
			requireProblem(t, responses[0], http.StatusBadRequest, "request_malformed")
		})
	}
	for _, call := range h.seen.all() {
		require.NotContains(t, call, "page", "a smuggled request was answered")
	}
}

func requireProblem(t *testing.T, response *http.Response, status int, code string) {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, status, response.StatusCode, string(body))
	require.Equal(t, "application/problem+json", response.Header.Get("Content-Type"))
	require.Contains(t, string(body), `"code":"`+code+`"`)
	require.NotEmpty(t, response.Header.Get("Trace-Id"))
}

func TestAbsoluteFormOfTheSameHostIsTaken(t *testing.T) {
	h := build(t, nil)
	responses := h.raw(t, "GET http://localhost:8080/v1/session HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n")
	require.Len(t, responses, 1)
	requireProblem(t, responses[0], http.StatusUnauthorized, "session_invalid")
}

func TestClass_Exhaustion_Headers(t *testing.T) {
	h := build(t, nil)
	const start = "GET /v1/session HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n"
	responses := h.raw(t, start+"X-Long: "+strings.Repeat("a", 20<<10)+"\r\n\r\n")
	require.Len(t, responses, 1)
	requireProblem(t, responses[0], http.StatusRequestHeaderFieldsTooLarge, "headers_too_large")

	var many strings.Builder
	for i := range 200 {
		fmt.Fprintf(&many, "X-%d: a\r\n", i)
	}
	responses = h.raw(t, start+many.String()+"\r\n")
	require.Len(t, responses, 1)
	requireProblem(t, responses[0], http.StatusRequestHeaderFieldsTooLarge, "headers_too_large")

	responses = h.raw(t, "GET /"+strings.Repeat("a", 20<<10)+" HTTP/1.1\r\nHost: localhost:8080\r\n\r\n")
	require.Len(t, responses, 1)
	requireProblem(t, responses[0], http.StatusRequestHeaderFieldsTooLarge, "headers_too_large")
}

// A page is let see that what it sent was too much; nobody waits for the rest.
func TestClass_Exhaustion_Bodies(t *testing.T) {
	h := build(t, nil)
	const start = "POST /v1/flows HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\nOrigin: " + front + "\r\n"
	responses := h.raw(t, start+"Content-Length: 1000000000\r\n\r\n{")
	require.Len(t, responses, 1)
	requireProblem(t, responses[0], http.StatusRequestEntityTooLarge, "body_too_large")
	require.Equal(t, front, responses[0].Header.Get("Access-Control-Allow-Origin"))

	responses = h.raw(t, start+"Transfer-Encoding: chunked\r\n\r\n"+strings.Repeat("1000\r\n"+strings.Repeat("a", 0x1000)+"\r\n", 17))
	require.Len(t, responses, 1)
	requireProblem(t, responses[0], http.StatusRequestEntityTooLarge, "body_too_large")
}

// A client that asks first is told to go on or refused; what it sends is read once.
func TestExpectations(t *testing.T) {
	h := build(t, nil)
	const start = "PUT /v1/me/password HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\nConnection: close\r\n"
	responses := h.raw(t, start+"Expect: 100-continue\r\nContent-Length: 16\r\n\r\n{\"password\":\"a\"}")
	require.Len(t, responses, 2)
	require.Equal(t, http.StatusContinue, responses[0].StatusCode)
	requireProblem(t, responses[1], http.StatusUnauthorized, "session_invalid")

	responses = h.raw(t, start+"Expect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n")
	last := responses[len(responses)-1]
	requireProblem(t, last, http.StatusRequestEntityTooLarge, "body_too_large")
}

// Whoever dribbles a header is dropped when its time is over.
func TestClass_Exhaustion_SlowHeader(t *testing.T) {
	h := build(t, func(c *api.Config) { c.ReadTimeout = 150 * time.Millisecond })
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- h.api.App().Server().Serve(listener) }()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("GET /v1/session HTTP/1.1\r\nHost: loc"))
	require.NoError(t, err)
	responses := readAll(t, conn)
	require.Len(t, responses, 1)
	requireProblem(t, responses[0], http.StatusBadRequest, "request_malformed")
	require.NoError(t, h.api.App().Shutdown())
	require.NoError(t, <-ended)
}

// A method that nobody knows is refused like one that a path does not take.
func TestUnknownMethods(t *testing.T) {
	h := build(t, nil)
	for path, want := range map[string]struct {
		status int
		code   string
	}{"/v1/session": {405, "method_not_allowed"}, "/nowhere": {404, "not_found"}} {
		for _, method := range []string{"BREW", "PROPFIND", "CONNECT", "TRACE"} {
			responses := h.raw(t, method+" "+path+" HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n")
			require.Len(t, responses, 1, method)
			requireProblem(t, responses[0], want.status, want.code)
		}
	}
}
