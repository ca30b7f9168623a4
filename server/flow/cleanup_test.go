package flow

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// expiring counts deletions; it has so many flows to delete.
type expiring struct {
	Store
	mu          sync.Mutex
	left, calls int
	before      time.Time
	broken      bool
}

func (e *expiring) DeleteFlows(ctx context.Context, before time.Time, limit int) (int, error) {
	if !reqctx.EveryTenant(ctx) {
		return 0, reqctx.ErrNoTenant
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls++
	e.before = before
	if e.broken {
		return 0, errors.New("the database is away")
	}
	count := min(e.left, limit)
	e.left -= count
	return count, nil
}

func (e *expiring) set(broken bool, left int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.broken, e.left = broken, left
}

func cleaner(store Store) *Service {
	return &Service{deps: Deps{Store: store, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)}}
}

func TestOldFlowsAreDeletedInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		store := &expiring{left: 2*500 + 1}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			cleaner(store).RunCleanup(ctx)
		}()
		synctest.Wait()
		require.Equal(t, 3, store.calls)
		require.Zero(t, store.left)
		require.Equal(t, keepExpired, time.Since(store.before))

		store.set(true, 1)
		<-time.After(cleanupEvery)
		synctest.Wait()
		require.Equal(t, 4, store.calls, "an error waits for the next time")
		store.set(false, 1)
		<-time.After(cleanupEvery)
		synctest.Wait()
		require.Zero(t, store.left)
		cancel()
		<-ended
	})
}

func TestOneCleanupIsBounded(t *testing.T) {
	store := &expiring{left: 1 << 40}
	deleted, err := cleaner(store).DeleteExpired(t.Context())
	require.NoError(t, err)
	require.Equal(t, 500*200, deleted)
	require.Equal(t, 200, store.calls)
}
