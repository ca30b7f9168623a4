package drive

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/tests/load/wire"
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
	found, err := Load{
		Address: address, Connections: 4, Lasts: 0, Count: 5,
		Act: func(int) Act {
			return Ask(http.StatusOK, Same(wire.Get(address, "/", "")), func(body []byte) error {
				took.Add(int64(len(body)))
				return nil
			})
		},
	}.Drive(t.Context())
	require.NoError(t, err)
	require.Equal(t, 20, found.Answered)
	require.EqualValues(t, 20, count.Load())
	require.EqualValues(t, 20*len("hello"), took.Load())
	require.Positive(t, found.Rate)
	require.LessOrEqual(t, found.P50, found.P99)
}

func TestALoadIsBoundedInTime(t *testing.T) {
	address, count := counting(t, http.StatusOK)
	found, err := asking(address, 2, 20*time.Millisecond).Drive(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, count.Load(), found.Answered)
	require.Positive(t, found.Answered)
}

func asking(address string, connections int, lasts time.Duration) Load {
	return Load{Address: address, Connections: connections, Lasts: lasts, Act: func(int) Act {
		return Ask(http.StatusOK, Same(wire.Get(address, "/", "")), nil)
	}}
}

// A server that refuses fast must not look like a fast server.
func TestAnotherAnswerThanTheWantedOneEndsTheLoad(t *testing.T) {
	address, _ := counting(t, http.StatusTooManyRequests)
	_, err := asking(address, 1, time.Minute).Drive(t.Context())
	require.ErrorContains(t, err, "429 instead of 200: hello")
}

func TestWhoBeginsChangesFromTurnToTurn(t *testing.T) {
	var order []int
	sides := make([]*Side, 3)
	for i := range sides {
		sides[i] = &Side{Process: os.Getpid(), Go: func(_ context.Context, lasts time.Duration) (Round, error) {
			order = append(order, i)
			return NewRound([]time.Duration{lasts, 2 * lasts}, lasts), nil
		}}
	}
	for turn := range 3 {
		require.NoError(t, Turn(t.Context(), turn, time.Second, sides))
	}
	require.Equal(t, []int{0, 1, 2, 1, 2, 0, 2, 0, 1}, order)
	rounds := sides[0].Rounds()
	require.Equal(t, []float64{2, 2, 2}, rounds.Rate)
	require.Equal(t, []float64{1000, 1000, 1000}, rounds.P50)
	require.Equal(t, []float64{2000, 2000, 2000}, rounds.P99)
}
