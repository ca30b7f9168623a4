package event_test

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
	"github.com/lintel-id/lintel/server/platform/event"
)

// ledger is the least that numbers: how many events wait, and who may number them.
type ledger struct {
	mu       sync.Mutex
	waiting  int
	numbered int
	foreign  bool // another holds the lease
	failing  error
	released bool
}

func (l *ledger) ClaimSequencer(context.Context, string, time.Time, time.Time) (int64, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return 1, !l.foreign, l.failing
}

func (l *ledger) AssignSequence(_ context.Context, _ string, _ int64, limit int) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(limit, l.waiting)
	l.waiting, l.numbered = l.waiting-n, l.numbered+n
	return n, nil
}

func (l *ledger) ReleaseSequencer(context.Context, string, time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.released = true
	return nil
}

func (l *ledger) set(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.numbered
}

func TestTheSequencerNumbersWhenWokenAndWhenNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{waiting: 1200}
		config := event.DefaultSequencerConfig("node")
		s := event.NewSequencer(event.SequencerDeps{Store: l, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)}, config)
		ctx, stop := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { s.Run(ctx) })
		synctest.Wait()
		require.Equal(t, 1200, l.count(), "all there is, batch after batch")

		l.set(func() { l.waiting = 1 })
		s.Wake()
		s.Wake()
		<-time.After(config.Gather)
		synctest.Wait()
		require.Equal(t, 1201, l.count(), "soon when woken")

		l.set(func() { l.waiting, l.failing = 1, errors.New("away") })
		<-time.After(3 * config.Interval)
		synctest.Wait()
		require.Equal(t, 1201, l.count())
		l.set(func() { l.failing = nil })
		<-time.After(config.Interval)
		synctest.Wait()
		require.Equal(t, 1202, l.count(), "late, and not lost")

		l.set(func() { l.foreign, l.waiting = true, 1 })
		<-time.After(3 * config.Interval)
		synctest.Wait()
		require.Equal(t, 1202, l.count(), "another numbers")

		l.set(func() { l.foreign = false })
		stop()
		done.Wait()
		require.Equal(t, 1203, l.count(), "what was committed last is numbered before leaving")
		require.True(t, l.released)
	})
}
