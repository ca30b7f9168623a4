package scale

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/report"
)

func TestNobodyIsMetTwiceBeforeAllWere(t *testing.T) {
	for _, size := range []int{1000, 200_000} {
		met, next := make([]int, size), scattered()
		for range size {
			met[next()%size]++
		}
		for _, times := range met {
			require.Equal(t, 1, times)
		}
	}
}

// sided always takes as long.
func sided(p50 time.Duration) *drive.Side {
	return &drive.Side{Process: 0, Go: func(context.Context, time.Duration) (drive.Round, error) {
		return drive.NewRound([]time.Duration{p50}, time.Second), nil
	}}
}

func TestTheLargeIsDividedByTheSmall(t *testing.T) {
	found := &report.Results{}
	all := []*compared{{
		pair: &pair{engine: "SQLite"}, operation: "lookup", connections: 16,
		small: sided(10 * time.Millisecond), large: sided(16 * time.Millisecond),
	}}
	require.NoError(t, turns(t.Context(), Config{Rounds: 3, Lasts: time.Second, Tell: func(string) {}}, all))
	tell(all, found)
	require.Equal(t, []float64{1.6, 1.6, 1.6}, found.Scale[0].Ratio.Rounds)
	require.Equal(t, "lookup, SQLite, 16 connections: large of small", found.Goals[0].Name)
	require.True(t, found.Missed())
}
