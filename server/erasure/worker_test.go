package erasure

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
	"github.com/lintel-id/lintel/server/user"
)

// looking counts looks, and has nobody to show.
type looking struct {
	mu     sync.Mutex
	looks  int
	broken bool
}

func (l *looking) UsersDue(ctx context.Context, _ time.Time, _ user.Due, _ int) ([]user.Due, error) {
	if !reqctx.EveryTenant(ctx) {
		return nil, reqctx.ErrNoTenant
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looks++
	if l.broken {
		return nil, errors.New("the database is away")
	}
	return nil, nil
}

func (l *looking) Guests(ctx context.Context, _ time.Time, _ Guest, _ int) ([]Guest, error) {
	if !reqctx.EveryTenant(ctx) {
		return nil, reqctx.ErrNoTenant
	}
	return nil, nil
}

func (l *looking) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.looks
}

func TestTheWorkerLooksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		queue := &looking{broken: true}
		worker := &Service{deps: Deps{Queue: queue, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)}}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			worker.RunErasure(ctx)
		}()
		synctest.Wait()
		require.Equal(t, 1, queue.count())
		for range 3 {
			<-time.After(lookEvery)
			synctest.Wait()
		}
		require.Equal(t, 4, queue.count())
		cancel()
		<-ended
	})
}
