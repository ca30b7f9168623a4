package sweep_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/sweep"
)

func TestAllGoesOnUntilThereIsLessThanABatch(t *testing.T) {
	left, asked := 1201, 0
	count, err := sweep.All(t.Context(), func(ctx context.Context, limit int) (int, error) {
		require.True(t, reqctx.EveryTenant(ctx))
		asked++
		gone := min(left, limit)
		left -= gone
		return gone, nil
	})
	require.NoError(t, err)
	require.Equal(t, []int{1201, 0, 3}, []int{count, left, asked})

	_, err = sweep.All(t.Context(), func(_ context.Context, limit int) (int, error) { asked++; return limit, nil })
	require.NoError(t, err)
	require.Equal(t, 203, asked, "the rest waits for the next time")

	away := errors.New("away")
	count, err = sweep.All(t.Context(), func(context.Context, int) (int, error) { return 7, away })
	require.ErrorIs(t, err, away)
	require.Equal(t, 7, count)
}

func TestRunTriesAgainUntilItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var swept atomic.Int64
		go sweep.Run(ctx, time.Hour, "nothing", slog.New(slog.DiscardHandler), func(context.Context) (int, error) {
			swept.Add(1)
			return 0, errors.New("away")
		})
		synctest.Wait()
		require.EqualValues(t, 1, swept.Load(), "at once")
		<-time.After(2*time.Hour + time.Minute)
		synctest.Wait()
		require.EqualValues(t, 3, swept.Load())
		stop()
		synctest.Wait()
		<-time.After(2 * time.Hour)
		require.EqualValues(t, 3, swept.Load())
	})
}
