package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/storage"
)

var errUndone = errors.New("undone")

// Units is what tx.Runner promises, on every engine.
func Units(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(t *testing.T, db *storage.DB){
		"Commit":         unitCommits,
		"Error":          unitErrors,
		"Join":           unitJoins,
		"NestedError":    unitNestedError,
		"NestedConflict": unitNestedConflict,
		"Whole":          unitWhole,
		"OuterError":     unitOuterError,
		"Panic":          unitPanics,
		"Goexit":         unitGoexits,
		"Canceled":       unitCanceled,
		"Over":           unitOver,
		"Race":           unitRace,
		"Isolation":      unitUnseen,
		"Close":          unitClose,
		"Migrate":        migrateTwice,
	} {
		t.Run(name, func(t *testing.T) { Engines(t, test) })
	}
	t.Run("Foreign", unitForeign)
}

// ledger writes and counts rows through the event log, the one store that this
// suite knows.
type ledger struct {
	t      *testing.T
	db     *storage.DB
	tenant id.Tenant
}

func newLedger(t *testing.T, db *storage.DB) ledger {
	t.Helper()
	return ledger{t: t, db: db, tenant: NewTenant()}
}

func (l ledger) ctx() context.Context { return Within(l.t.Context(), l.tenant) }

func (l ledger) write(ctx context.Context, name string) error {
	return storage.NewEvents(l.db).AppendEvent(ctx, Envelope(l.tenant, name, Start()))
}

// written lists what ctx sees, in no order that matters.
func (l ledger) written(ctx context.Context) (names []string) {
	l.t.Helper()
	list, err := storage.NewEvents(l.db).UnsequencedEvents(ctx, nil, 10000)
	require.NoError(l.t, err)
	for _, envelope := range list {
		names = append(names, envelope.Type)
	}
	return names
}

func unitCommits(t *testing.T, db *storage.DB) {
	l, hooks := newLedger(t, db), []string(nil)
	require.NoError(t, db.Run(l.ctx(), func(ctx context.Context) error {
		require.True(t, tx.Active(ctx))
		tx.AfterCommit(ctx, func() {
			require.Equal(t, []string{"one"}, l.written(l.ctx()), "a hook sees what was written")
			hooks = append(hooks, "first")
		})
		require.NoError(t, l.write(ctx, "one"))
		require.Equal(t, []string{"one"}, l.written(ctx), "a unit reads its own writes")
		require.Empty(t, l.written(l.ctx()), "nobody else does before the commit")
		tx.AfterCommit(ctx, func() { hooks = append(hooks, "second") })
		require.Empty(t, hooks)
		return nil
	}))
	require.Equal(t, []string{"first", "second"}, hooks)
	require.Equal(t, []string{"one"}, l.written(l.ctx()))
}

func unitErrors(t *testing.T, db *storage.DB) {
	l := newLedger(t, db)
	err := db.Run(l.ctx(), func(ctx context.Context) error {
		tx.AfterCommit(ctx, func() { t.Error("a hook of what was undone") })
		require.NoError(t, l.write(ctx, "one"))
		return errUndone
	})
	require.Equal(t, errUndone, err, "the body's error comes back as it is")
	require.Empty(t, l.written(l.ctx()))
}

func unitJoins(t *testing.T, db *storage.DB) {
	l, hooks := newLedger(t, db), 0
	require.NoError(t, db.Run(l.ctx(), func(ctx context.Context) error {
		require.NoError(t, l.write(ctx, "outer"))
		require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
			tx.AfterCommit(ctx, func() { hooks++ })
			return db.Run(ctx, func(ctx context.Context) error { return l.write(ctx, "inner") })
		}))
		require.Zero(t, hooks, "only the outermost commits")
		require.Empty(t, l.written(l.ctx()))
		return nil
	}))
	require.Equal(t, 1, hooks)
	require.ElementsMatch(t, []string{"outer", "inner"}, l.written(l.ctx()))
}

// On any error of Run nothing was written, even if the outer body then goes on.
func unitNestedError(t *testing.T, db *storage.DB) {
	l, kept := newLedger(t, db), 0
	require.NoError(t, db.Run(l.ctx(), func(ctx context.Context) error {
		require.NoError(t, l.write(ctx, "before"))
		err := db.Run(ctx, func(ctx context.Context) error {
			tx.AfterCommit(ctx, func() { t.Error("a hook of what was undone") })
			require.NoError(t, l.write(ctx, "within"))
			return errUndone
		})
		require.Equal(t, errUndone, err)
		tx.AfterCommit(ctx, func() { kept++ })
		return l.write(ctx, "after")
	}))
	require.Equal(t, 1, kept)
	require.ElementsMatch(t, []string{"before", "after"}, l.written(l.ctx()))
}

// A failed statement inside a nested Run leaves the outer unit usable on both
// engines, though PostgreSQL alone would refuse all that follows.
func unitNestedConflict(t *testing.T, db *storage.DB) {
	l := newLedger(t, db)
	events, twice := storage.NewEvents(db), Envelope(l.tenant, "once", Start())
	require.NoError(t, db.Run(l.ctx(), func(ctx context.Context) error {
		require.NoError(t, events.AppendEvent(ctx, twice))
		require.Error(t, db.Run(ctx, func(ctx context.Context) error {
			require.NoError(t, l.write(ctx, "within"))
			return events.AppendEvent(ctx, twice)
		}))
		return l.write(ctx, "after")
	}))
	require.ElementsMatch(t, []string{"once", "after"}, l.written(l.ctx()))
}

// What joins a unit as a part of the whole takes all of it along, whatever the outer body makes
// of the error; where it succeeds, everything is kept.
func unitWhole(t *testing.T, db *storage.DB) {
	l, hooks := newLedger(t, db), 0
	require.NoError(t, db.Run(l.ctx(), func(ctx context.Context) error {
		require.NoError(t, l.write(ctx, "outer"))
		return db.Run(tx.Whole(ctx), func(ctx context.Context) error {
			tx.AfterCommit(ctx, func() { hooks++ })
			return l.write(ctx, "inner")
		})
	}))
	require.Equal(t, 1, hooks)
	for _, fails := range []func() error{func() error { return errUndone }, func() error { panic("out of order") }} {
		err := db.Run(l.ctx(), func(ctx context.Context) error {
			defer func() { _ = recover() }()
			require.NoError(t, l.write(ctx, "lost"))
			_ = db.Run(tx.Whole(ctx), func(ctx context.Context) error {
				tx.AfterCommit(ctx, func() { t.Error("a hook of what was undone") })
				require.NoError(t, l.write(ctx, "lost too"))
				return fails()
			})
			return nil
		})
		require.Error(t, err)
	}
	require.ElementsMatch(t, []string{"outer", "inner"}, l.written(l.ctx()))
}

func unitOuterError(t *testing.T, db *storage.DB) {
	l := newLedger(t, db)
	require.ErrorIs(t, db.Run(l.ctx(), func(ctx context.Context) error {
		require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
			tx.AfterCommit(ctx, func() { t.Error("a hook of what was undone") })
			return l.write(ctx, "inner")
		}))
		return errUndone
	}), errUndone)
	require.Empty(t, l.written(l.ctx()))
}

func unitPanics(t *testing.T, db *storage.DB) {
	l := newLedger(t, db)
	require.PanicsWithValue(t, "out of order", func() {
		_ = db.Run(l.ctx(), func(ctx context.Context) error {
			tx.AfterCommit(ctx, func() { t.Error("a hook of what was undone") })
			require.NoError(t, l.write(ctx, "one"))
			return db.Run(ctx, func(ctx context.Context) error {
				require.NoError(t, l.write(ctx, "two"))
				panic("out of order")
			})
		})
	})
	require.Empty(t, l.written(l.ctx()))
	require.NoError(t, db.Run(l.ctx(), func(ctx context.Context) error { return l.write(ctx, "next") }))
	require.Equal(t, []string{"next"}, l.written(l.ctx()))
}

// A goroutine that ends in the middle of its unit (t.FailNow does that) must not
// take the database with it.
func unitGoexits(t *testing.T, db *storage.DB) {
	l, gone := newLedger(t, db), make(chan struct{})
	go func() {
		defer close(gone)
		_ = db.Run(l.ctx(), func(ctx context.Context) error {
			_ = l.write(ctx, "one")
			runtime.Goexit()
			return nil
		})
	}()
	<-gone
	require.NoError(t, db.Run(l.ctx(), func(ctx context.Context) error { return l.write(ctx, "next") }))
	require.Equal(t, []string{"next"}, l.written(l.ctx()))
}

func unitCanceled(t *testing.T, db *storage.DB) {
	l := newLedger(t, db)
	ctx, cancel := context.WithCancel(l.ctx())
	require.ErrorIs(t, db.Run(ctx, func(ctx context.Context) error {
		require.NoError(t, l.write(ctx, "one"))
		cancel()
		return l.write(ctx, "two")
	}), context.Canceled)
	require.ErrorIs(t, db.Run(ctx, func(context.Context) error {
		t.Error("a body whose context has ended is not run")
		return nil
	}), context.Canceled)
	require.Empty(t, l.written(l.ctx()))
}

// A context that outlives its unit must neither read nor write for another.
func unitOver(t *testing.T, db *storage.DB) {
	l := newLedger(t, db)
	var kept context.Context
	require.NoError(t, db.Run(l.ctx(), func(ctx context.Context) error {
		kept = ctx
		return nil
	}))
	require.ErrorIs(t, db.Run(kept, func(context.Context) error { return nil }), storage.ErrUnitOver)
	require.ErrorIs(t, l.write(kept, "late"), storage.ErrUnitOver)
	_, err := storage.NewEvents(db).UnsequencedEvents(kept, nil, 1)
	require.ErrorIs(t, err, storage.ErrUnitOver)
}

// Sixteen insert the same row: one has it and fifteen hear of it.
func unitRace(t *testing.T, db *storage.DB) {
	l := newLedger(t, db)
	same := Envelope(l.tenant, "once", Start())
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		err := db.Run(l.ctx(), func(ctx context.Context) error {
			return storage.NewEvents(db).AppendEvent(ctx, same)
		})
		return err == nil, nil
	}))
	require.Equal(t, []string{"once"}, l.written(l.ctx()))
	require.Equal(t, Racers, Race(t, func(racer int) (bool, error) {
		for i := range 10 {
			err := db.Run(l.ctx(), func(ctx context.Context) error {
				if err := l.write(ctx, fmt.Sprintf("%d.%d.a", racer, i)); err != nil {
					return err
				}
				if i%3 == 2 {
					return errUndone
				}
				return l.write(ctx, fmt.Sprintf("%d.%d.b", racer, i))
			})
			if err != nil && i%3 != 2 {
				return false, err
			}
		}
		return true, nil
	}))
	require.Len(t, l.written(l.ctx()), 1+Racers*7*2)
}

// While a unit is open the others read what was before it, and do not wait.
func unitUnseen(t *testing.T, db *storage.DB) {
	l := newLedger(t, db)
	written, seen := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- db.Run(l.ctx(), func(ctx context.Context) error {
			err := l.write(ctx, "one")
			close(written)
			<-seen
			return err
		})
	}()
	<-written
	require.Empty(t, l.written(l.ctx()))
	close(seen)
	require.NoError(t, <-done)
	require.Equal(t, []string{"one"}, l.written(l.ctx()))
}

// Close finishes what was accepted and accepts nothing more.
func unitClose(t *testing.T, db *storage.DB) {
	l := newLedger(t, db)
	inside, leave := make(chan struct{}), make(chan struct{})
	done, closed := make(chan error, 1), make(chan error, 1)
	go func() {
		done <- db.Run(l.ctx(), func(ctx context.Context) error {
			close(inside)
			<-leave
			return l.write(ctx, "accepted")
		})
	}()
	<-inside
	go func() { closed <- db.Close() }()
	for refused := false; !refused; { // until Close has been heard
		ctx, cancel := context.WithTimeout(l.ctx(), time.Millisecond)
		refused = errors.Is(db.Run(ctx, func(context.Context) error { return nil }), storage.ErrClosed)
		cancel()
	}
	close(leave)
	require.NoError(t, <-done)
	require.NoError(t, <-closed)
	require.NoError(t, db.Close(), "closing twice is closing once")
}

func migrateTwice(t *testing.T, db *storage.DB) {
	current, latest, err := db.MigrationState(t.Context())
	require.NoError(t, err)
	require.Positive(t, latest)
	require.Equal(t, latest, current)
	require.NoError(t, db.Migrate(t.Context()))
	require.NoError(t, db.Ping(t.Context()))
}

// Two databases cannot become true together, so one unit does not open within
// the other's.
func unitForeign(t *testing.T) {
	t.Parallel()
	first, second := Migrated(t, SQLite(t)), Migrated(t, SQLite(t))
	l := newLedger(t, second)
	require.NoError(t, first.Run(l.ctx(), func(ctx context.Context) error {
		require.ErrorIs(t, second.Run(ctx, func(context.Context) error { return nil }), storage.ErrForeignUnit)
		require.ErrorIs(t, l.write(ctx, "one"), event.ErrNoTransaction)
		return nil
	}))
}
