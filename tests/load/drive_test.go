package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func counting(t *testing.T, status int) (address string, count *atomic.Int64) {
	t.Helper()
	count = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		count.Add(1)
		w.WriteHeader(status)
		_, _ = w.Write([]byte("hello"))
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String(), count
}

func TestALoadIsBoundedInCount(t *testing.T) {
	address, count := counting(t, http.StatusOK)
	var took atomic.Int64
	found, err := load{
		address: address, connections: 4, lasts: 0, count: 5, want: http.StatusOK,
		next: func(int) func() []byte { return same(getRequest(address, "/", "")) },
		took: func(_ int, body []byte) error {
			took.Add(int64(len(body)))
			return nil
		},
	}.drive(t.Context())
	require.NoError(t, err)
	require.Equal(t, 20, found.answered)
	require.EqualValues(t, 20, count.Load())
	require.EqualValues(t, 20*len("hello"), took.Load())
	require.Positive(t, found.rate)
	require.LessOrEqual(t, found.p50, found.p99)
}

func TestALoadIsBoundedInTime(t *testing.T) {
	address, count := counting(t, http.StatusOK)
	found, err := load{
		address: address, connections: 2, lasts: 20 * time.Millisecond, count: mostPerConnection, want: http.StatusOK,
		next: func(int) func() []byte { return same(getRequest(address, "/", "")) },
	}.drive(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, count.Load(), found.answered)
	require.Positive(t, found.answered)
}

// A server that refuses fast must not look like a fast server.
func TestAnotherAnswerThanTheWantedOneEndsTheLoad(t *testing.T) {
	address, _ := counting(t, http.StatusTooManyRequests)
	_, err := load{
		address: address, connections: 1, lasts: time.Minute, count: mostPerConnection, want: http.StatusOK,
		next: func(int) func() []byte { return same(getRequest(address, "/", "")) },
	}.drive(t.Context())
	require.ErrorContains(t, err, "429 instead of 200: hello")
}
