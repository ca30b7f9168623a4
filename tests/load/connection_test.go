package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOneConnectionServesManyExchanges(t *testing.T) {
	remote := make(chan string, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		remote <- r.RemoteAddr
		if r.Header.Get("Authorization") == "Bearer good" {
			w.Header().Set("Content-Length", "5000")
			_, _ = w.Write([]byte(strings.Repeat("x", 5000)))
			return
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	defer server.Close()
	address := server.Listener.Addr().String()
	c, err := dial(t.Context(), address, time.Now().Add(answerWithin))
	require.NoError(t, err)
	defer c.close()

	status, body, err := c.exchange(getRequest(address, "/a", ""))
	require.NoError(t, err)
	require.Equal(t, http.StatusTeapot, status)
	require.Empty(t, body)
	require.ErrorContains(t, wants(http.StatusOK, status, body), "418 instead of 200")

	status, body, err = c.exchange(getRequest(address, "/a", "good"))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	require.Len(t, body, 5000)
	first, second := <-remote, <-remote
	require.Equal(t, first, second)
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
		c := newConnection(ours)
		_, _, err := c.exchange(getRequest("h", "/", ""))
		require.ErrorIs(t, err, errAnswer, answer)
		c.close()
	}
}
