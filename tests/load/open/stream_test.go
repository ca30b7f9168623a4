package open

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/tests/load/wire"
)

// answering is a server that takes its time over each connection's requests.
func answering(takes time.Duration, answer string) func(context.Context, string, time.Time) (*wire.Conn, error) {
	return func(context.Context, string, time.Time) (*wire.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			for in := bufio.NewReader(theirs); ; {
				if _, err := http.ReadRequest(in); err != nil {
					return
				}
				time.AfterFunc(takes, func() { _, _ = theirs.Write([]byte(answer)) })
			}
		}()
		return wire.New(ours), nil
	}
}

const fine = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

func get(int) []byte { return wire.Get("h", "/", "") }

// A slow server does not slow down the clock: with a closed loop it would have been
// asked once a second.
func TestRequestsAreSentWhenDueWhateverIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		asked := make([]time.Duration, 20)
		sent, err := Stream{
			Rate: 10, Lasts: 2 * time.Second, Ready: 1, Most: 20, dial: answering(time.Second, fine),
			Request: func(n int) []byte { asked[n] = time.Since(began); return get(n) },
		}.Run(t.Context())
		require.NoError(t, err)
		require.Len(t, sent, 20)
		for n, one := range sent {
			require.Equal(t, Sent{Status: 200, Due: time.Duration(n) * 100 * time.Millisecond, Took: time.Second}, one)
			require.Equal(t, time.Duration(n)*100*time.Millisecond, asked[n])
		}
		require.Equal(t, 2900*time.Millisecond, time.Since(began))
	})
}

// Who finds no connection has not been served, and is not left out.
func TestARequestWithoutAConnectionCountsAsNotAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent, err := Stream{
			Rate: 10, Lasts: time.Second, Ready: 1, Most: 2, dial: answering(time.Hour/120, fine), Request: get,
		}.Run(t.Context())
		require.NoError(t, err)
		answered := Count(sent, func(s Sent) bool { return s.Status == http.StatusOK })
		require.Equal(t, Tally{Count: 2, P50: 30 * time.Second, P99: 30 * time.Second}, answered)
		require.Equal(t, 8, Count(sent, func(s Sent) bool { return s.Status == 0 }).Count)
	})
}

func TestWhatIsDueIsCaughtUpWithAndCountedFromThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var late []time.Duration
		require.NoError(t, eachDue(t.Context(), 4, time.Second, func(n int, due time.Time) {
			late = append(late, time.Since(due))
			if n == 0 {
				<-time.After(2500 * time.Millisecond) // the machine did something else
			}
		}))
		require.Equal(t, []time.Duration{0, 1500 * time.Millisecond, 500 * time.Millisecond, 0}, late)
	})
}

func TestAStreamEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer time.AfterFunc(time.Second+time.Millisecond, cancel).Stop()
		calls := 0
		require.ErrorIs(t, eachDue(ctx, 100, time.Second, func(int, time.Time) { calls++ }), context.Canceled)
		require.Equal(t, 2, calls)
	})
}

func TestRefusalsAndLostConnectionsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refusing := answering(time.Millisecond, "HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n")
		sent, err := Stream{Rate: 2, Lasts: time.Second, Ready: 1, Most: 1, dial: refusing, Request: get}.Run(t.Context())
		require.NoError(t, err)
		require.Equal(t, []Sent{
			{Status: 503, RetryAfter: true, Took: time.Millisecond},
			{Status: 503, RetryAfter: true, Due: 500 * time.Millisecond, Took: time.Millisecond},
		}, sent)

		sent, err = Stream{Rate: 2, Lasts: time.Second, Most: 1, dial: answering(0, strings.Repeat("x", 20)+"\n"), Request: get}.Run(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, Count(sent, func(s Sent) bool { return s.Status == 0 }).Count)

		gone := errors.New("gone")
		_, err = Stream{Rate: 1, Lasts: time.Second, Ready: 1, Most: 1, Request: get,
			dial: func(context.Context, string, time.Time) (*wire.Conn, error) { return nil, gone }}.Run(t.Context())
		require.ErrorIs(t, err, gone)
	})
}
