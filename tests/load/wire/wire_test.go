package wire

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const patience = 20 * time.Second

func TestOneConnectionServesManyExchanges(t *testing.T) {
	remote := make(chan string, 3)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		remote <- r.RemoteAddr
		switch {
		case r.Method == http.MethodPost:
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.Header.Get("Authorization") == "Bearer good":
			w.Header().Set("Content-Length", "5000")
			_, _ = w.Write([]byte(strings.Repeat("x", 5000)))
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer server.Close()
	address := server.Listener.Addr().String()
	c, err := Dial(t.Context(), address, time.Now().Add(patience))
	require.NoError(t, err)
	defer c.Close()

	answer, err := c.Exchange(Get(address, "/a", ""))
	require.NoError(t, err)
	require.Equal(t, http.StatusTeapot, answer.Status)
	require.Empty(t, answer.Body)
	require.False(t, answer.RetryAfter)
	require.ErrorContains(t, answer.Wants(http.StatusOK), "418 instead of 200")

	answer, err = c.Exchange(Get(address, "/a", "good"))
	require.NoError(t, err)
	require.NoError(t, answer.Wants(http.StatusOK))
	require.Len(t, answer.Body, 5000)

	answer, err = c.Exchange(Post(address, "/a", "", []byte(`{}`)))
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, answer.Status)
	require.True(t, answer.RetryAfter)
	first, second, third := <-remote, <-remote, <-remote
	require.Equal(t, first, second)
	require.Equal(t, first, third)
}

func TestARequestIsSpelledWhole(t *testing.T) {
	require.Equal(t, "POST /p HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"+
		"Authorization: Bearer t\r\nLintel-Flow: f\r\n\r\n{}", string(Post("h", "/p", "t", []byte("{}"), "Lintel-Flow: f")))
	require.Equal(t, "GET /p HTTP/1.1\r\nHost: h\r\n\r\n", string(Get("h", "/p", "")))
}

func TestAnAnswerWithoutALengthIsRefused(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
		"HTTP/1.1\r\n\r\n",
		"HTTP/1.1 abc OK\r\n\r\n",
	} {
		ours, theirs := net.Pipe()
		go func() {
			_, _ = theirs.Read(make([]byte, 1024))
			_, _ = theirs.Write([]byte(answer))
		}()
		c := New(ours)
		_, err := c.Exchange(Get("h", "/", ""))
		require.ErrorIs(t, err, ErrAnswer, answer)
		c.Close()
	}
}
