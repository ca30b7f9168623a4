package audit_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// ledger is the least that can be recorded: so many events, and how far it went.
type ledger struct {
	audit.Store
	event.Reader

	mu       sync.Mutex
	events   int64
	recorded int64
	writes   int
	failing  error
	logged   int
}

func (l *ledger) AuditCursor(ctx context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !reqctx.EveryTenant(ctx) {
		return 0, reqctx.ErrNoTenant
	}
	return l.recorded, l.failing
}

func (l *ledger) EventsAfter(_ context.Context, after int64, _ []string, limit int) ([]event.Envelope, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []event.Envelope
	for seq := after + 1; seq <= l.events && len(all) < limit; seq++ {
		all = append(all, event.Envelope{Seq: seq, Time: time.Unix(seq, 0)})
	}
	return all, nil
}

func (l *ledger) AuditHead(_ context.Context, tenant id.Tenant) (audit.Head, error) {
	return audit.Head{Tenant: tenant}, nil
}

func (l *ledger) AppendAudit(_ context.Context, from, to int64, records []audit.Record, _ []audit.Head) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.recorded != from {
		return audit.ErrTaken
	}
	l.recorded, l.writes = to, l.writes+1
	return nil
}

func (l *ledger) set(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

func (l *ledger) seen() (recorded int64, writes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recorded, l.writes
}

func (l *ledger) Write(line []byte) (int, error) {
	l.set(func() { l.logged++ })
	return len(line), nil
}

func service(t *testing.T, l *ledger) (*audit.Service, audit.Config) {
	t.Helper()
	config := audit.Default()
	made, err := audit.New(audit.Deps{
		Store: l, Log: l, Clock: clock.NewFake(time.Unix(1010, 0)), Logger: slog.New(slog.NewTextHandler(l, nil)),
	}, config)
	require.NoError(t, err)
	return made, config
}

func TestRunRecordsInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{events: 1200}
		s, config := service(t, l)
		ctx, stop := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { s.Run(ctx) })
		synctest.Wait()
		recorded, writes := l.seen()
		require.EqualValues(t, 1200, recorded, "all there is")
		require.Equal(t, 3, writes)

		<-time.After(10 * config.Interval)
		synctest.Wait()
		_, writes = l.seen()
		require.Equal(t, 3, writes, "nothing new, nothing written")

		l.set(func() { l.events, l.failing = 1203, errors.New("away") })
		<-time.After(2 * config.Interval)
		synctest.Wait()
		recorded, _ = l.seen()
		require.EqualValues(t, 1200, recorded)
		require.NotZero(t, l.logged)
		lag, cursor, err := s.Lag(ctx)
		require.Error(t, err)
		require.Zero(t, lag+time.Duration(cursor))
		l.set(func() { l.failing = nil })
		<-time.After(config.Interval)
		synctest.Wait()
		recorded, writes = l.seen()
		require.EqualValues(t, 1203, recorded, "late, and not lost")
		require.Equal(t, 4, writes, "what gathered is one write")
		stop()
		done.Wait()
	})
}

func TestLagIsTheAgeOfTheOldestWithoutARecord(t *testing.T) {
	l := &ledger{events: 1003, recorded: 1000}
	s, _ := service(t, l)
	lag, cursor, err := s.Lag(t.Context())
	require.NoError(t, err)
	require.Equal(t, 9*time.Second, lag)
	require.EqualValues(t, 1000, cursor)
	require.NoError(t, s.Record(t.Context()))
	lag, cursor, err = s.Lag(t.Context())
	require.NoError(t, err)
	require.Zero(t, lag)
	require.EqualValues(t, 1003, cursor)
}

// A number that is not in the log was taken out of it, and the record of the next one
// must not hide that.
func TestAHoleInTheLogIsTold(t *testing.T) {
	l := &ledger{events: 5}
	s, _ := service(t, l)
	require.NoError(t, s.Record(t.Context()))
	require.Zero(t, l.logged)
	holed := &holed{ledger: l}
	l.events = 8
	made, err := audit.New(audit.Deps{
		Store: l, Log: holed, Clock: clock.System{}, Logger: slog.New(slog.NewTextHandler(l, nil)),
	}, audit.Default())
	require.NoError(t, err)
	require.NoError(t, made.Record(t.Context()))
	require.Equal(t, 1, l.logged)
	recorded, _ := l.seen()
	require.EqualValues(t, 8, recorded, "and the rest is recorded")
}

type holed struct{ *ledger }

func (h *holed) EventsAfter(ctx context.Context, after int64, types []string, limit int) ([]event.Envelope, error) {
	all, err := h.ledger.EventsAfter(ctx, after, types, limit)
	return all[min(1, len(all)):], err
}

func TestNewRefuses(t *testing.T) {
	_, err := audit.New(audit.Deps{}, audit.Default())
	require.ErrorContains(t, err, "dependency")
	for _, config := range []audit.Config{{Interval: 0, Batch: 1}, {Interval: 1, Batch: 0}, {Interval: 1, Batch: 5000}} {
		require.Error(t, config.Validate())
	}
}
