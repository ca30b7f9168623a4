package storage_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// What is acknowledged has been flushed: FULL on the connection that writes.
func TestSQLiteIsDurableByDefault(t *testing.T) {
	t.Parallel()
	db := storetest.Migrated(t, storetest.SQLite(t))
	pragma := func(ctx context.Context, name string) (value string) {
		require.NoError(t, storage.Handle(ctx, db).Raw("PRAGMA "+name).Scan(&value).Error)
		return value
	}
	require.NoError(t, db.Run(t.Context(), func(ctx context.Context) error {
		require.Equal(t, "2", pragma(ctx, "synchronous"))
		require.Equal(t, "wal", pragma(ctx, "journal_mode"))
		require.Equal(t, "1", pragma(ctx, "foreign_keys"))
		require.Equal(t, "0", pragma(ctx, "query_only"))
		return nil
	}))
	require.Equal(t, "1", pragma(t.Context(), "query_only"))
	require.ErrorContains(t, execute(t.Context(), db, "DELETE FROM events"), "readonly")
}

// Sixty-four writers that come at once share their flushes, as many as one batch
// may hold, and none is let go before its own.
func TestWaitingUnitsShareACommit(t *testing.T) {
	t.Parallel()
	const writers = 64
	for batch, commits := range map[int]uint64{256: 1, 8: 9, 1: 65} {
		t.Run(fmt.Sprint(batch), func(t *testing.T) {
			config := storetest.SQLite(t)
			config.BatchUnits, config.BatchTime = batch, time.Hour
			db := storetest.Migrated(t, config)
			before := db.Stats()
			var done sync.WaitGroup
			release := holdTurn(t, db, &done)
			tenant := storetest.NewTenant()
			ctx := storetest.Within(t.Context(), tenant)
			for range writers {
				done.Go(func() {
					mine := storetest.Envelope(tenant, "one", storetest.Start())
					err := db.Run(ctx, func(ctx context.Context) error {
						return storage.NewEvents(db).AppendEvent(ctx, mine)
					})
					list, read := storage.NewEvents(db).UnsequencedEvents(ctx, nil, 100)
					durable := slices.ContainsFunc(list, func(e event.Envelope) bool { return e.ID == mine.ID })
					if err != nil || read != nil || !durable {
						t.Error("let go before its commit", err, read)
					}
				})
			}
			waitQueued(t, db, writers)
			release()
			done.Wait()
			after := db.Stats()
			require.EqualValues(t, writers+1, after.Units-before.Units)
			require.Equal(t, commits, after.Commits-before.Commits)
		})
	}
}

// holdTurn opens a unit that keeps the writer until it is released.
func holdTurn(t *testing.T, db *storage.DB, done *sync.WaitGroup) (release func()) {
	t.Helper()
	hold, held := make(chan struct{}), make(chan struct{})
	done.Go(func() {
		_ = db.Run(t.Context(), func(context.Context) error {
			close(held)
			<-hold
			return nil
		})
	})
	<-held
	return func() { close(hold) }
}

func waitQueued(t *testing.T, db *storage.DB, units int) {
	t.Helper()
	for storage.Queued(db) < units {
		require.NoError(t, t.Context().Err())
		runtime.Gosched()
	}
}

// Who stops waiting leaves at once, and its body is never run.
func TestACallerLeavesTheQueueWithItsContext(t *testing.T) {
	t.Parallel()
	db := storetest.Migrated(t, storetest.SQLite(t))
	var done sync.WaitGroup
	release := holdTurn(t, db, &done)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		left <- db.Run(ctx, func(context.Context) error {
			t.Error("it had left")
			return nil
		})
	}()
	waitQueued(t, db, 1)
	cancel()
	require.ErrorIs(t, <-left, context.Canceled)
	release()
	done.Wait()
	require.NoError(t, db.Run(t.Context(), func(context.Context) error { return nil }))
}

// The writer runs prepared statements: the same unit again prepares nothing.
func TestTheWriterKeepsItsStatements(t *testing.T) {
	t.Parallel()
	db := storetest.Migrated(t, storetest.SQLite(t))
	tenant := storetest.NewTenant()
	var prepared uint64
	for i := range 20 {
		storetest.Append(t, db, storetest.Envelope(tenant, "one", storetest.Start().Add(time.Duration(i))))
		if i == 0 {
			prepared = storage.Prepared(db)
		}
	}
	require.Equal(t, prepared, storage.Prepared(db))
}

// The loops of other rooms are tested in a bubble of fake time, and their store
// lives in it with them.
func TestSQLiteLivesInABubble(t *testing.T) {
	t.Parallel()
	config := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		db := storetest.Migrated(t, config)
		storetest.Append(t, db, storetest.Envelope(storetest.NewTenant(), "one", storetest.Start()))
		synctest.Wait()
	})
}

// A unit waits for its turn only so long, even if it waits for itself: a body
// that opens another unit with a foreign context would wait for ever.
func TestAUnitDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	config := storetest.SQLite(t)
	config.Wait = 50 * time.Millisecond
	db := storetest.Migrated(t, config)
	require.NoError(t, db.Run(t.Context(), func(context.Context) error {
		require.ErrorIs(t, db.Run(t.Context(), func(context.Context) error { return nil }), storage.ErrBusy)
		return nil
	}))
	require.NoError(t, db.Run(t.Context(), func(context.Context) error { return nil }))
}

// What undoes the transaction takes the whole batch with it, and everybody in it
// is told.
func TestALostTransactionIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	config := storetest.SQLite(t)
	config.BatchTime = time.Hour
	db := storetest.Migrated(t, config)
	tenant := storetest.NewTenant()
	ctx := storetest.Within(t.Context(), tenant)
	write := func(ctx context.Context) error {
		return storage.NewEvents(db).AppendEvent(ctx, storetest.Envelope(tenant, "lost", storetest.Start()))
	}
	first, hold, held := make(chan error, 1), make(chan struct{}), make(chan struct{})
	go func() {
		first <- db.Run(ctx, func(ctx context.Context) error {
			close(held)
			<-hold
			return write(ctx)
		})
	}()
	<-held
	second := make(chan error, 1)
	go func() {
		second <- db.Run(ctx, func(ctx context.Context) error {
			return errors.Join(write(ctx), execute(ctx, db, "ROLLBACK"))
		})
	}()
	waitQueued(t, db, 1)
	close(hold)
	require.ErrorContains(t, <-first, "commit failed")
	require.ErrorContains(t, <-second, "commit failed")
	list, err := storage.NewEvents(db).UnsequencedEvents(ctx, nil, 10)
	require.NoError(t, err)
	require.Empty(t, list)
	storetest.Append(t, db, storetest.Envelope(tenant, "next", storetest.Start()))
}

const durabilityDir = "LINTEL_TEST_DURABILITY_DIR"

// A process that is killed in the middle of its writes has lost nothing that it
// acknowledged. The child writes and prints the id of each event once Run has
// returned; the parent kills it, reads what was printed and looks for it.
func TestAKilledProcessLosesNothingItAcknowledged(t *testing.T) {
	if dir := os.Getenv(durabilityDir); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), durabilityDir+"="+dir)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	acknowledged := make(map[string]bool)
	lines := bufio.NewScanner(out)
	for lines.Scan() { // what is in the pipe after the kill was acknowledged as well
		if _, err := id.Parse[eventKind](lines.Text()); err != nil {
			continue // a line cut short
		}
		acknowledged[lines.Text()] = true
		if len(acknowledged) == 500 {
			require.NoError(t, child.Process.Kill())
		}
	}
	require.Error(t, child.Wait())
	require.GreaterOrEqual(t, len(acknowledged), 500)

	config := storetest.SQLite(t)
	config.DataDir = dir
	db := storetest.Migrated(t, config)
	var verdict string
	require.NoError(t, storage.Handle(t.Context(), db).Raw("PRAGMA integrity_check").Scan(&verdict).Error)
	require.Equal(t, "ok", verdict)
	list, err := storage.NewEvents(db).UnsequencedEvents(everyTenant(t), nil, 1_000_000)
	require.NoError(t, err)
	pairs := make(map[string]int)
	for _, envelope := range list {
		delete(acknowledged, envelope.ID.String())
		pairs[envelope.Subject]++
	}
	require.Empty(t, acknowledged, "acknowledged, and gone")
	for subject, rows := range pairs {
		require.Equal(t, 2, rows, "half a unit: %s", subject)
	}
}

type eventKind struct{}

func (eventKind) Prefix() string { return "evt" }

func writeUntilKilled(t *testing.T, dir string) {
	t.Helper()
	db := storetest.Migrated(t, storage.Config{DataDir: dir, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)})
	tenant := storetest.NewTenant()
	ctx := storetest.Within(t.Context(), tenant)
	var writing sync.Mutex
	storetest.Race(t, func(racer int) (bool, error) {
		for i := range 100_000 {
			first := storetest.Envelope(tenant, "first", storetest.Start())
			first.Subject = fmt.Sprintf("%d.%d", racer, i)
			second := storetest.Envelope(tenant, "second", storetest.Start())
			second.Subject = first.Subject
			err := db.Run(ctx, func(ctx context.Context) error {
				if err := storage.NewEvents(db).AppendEvent(ctx, first); err != nil {
					return err
				}
				return storage.NewEvents(db).AppendEvent(ctx, second)
			})
			if err != nil {
				return false, err
			}
			writing.Lock()
			_, err = fmt.Fprintf(os.Stdout, "%s\n%s\n", first.ID, second.ID)
			writing.Unlock()
			if err != nil {
				return false, err
			}
		}
		return true, nil
	})
}
