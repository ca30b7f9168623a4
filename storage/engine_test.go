package storage_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

func TestUnits(t *testing.T) { storetest.Units(t) }

// The second run of a body starts with no hooks, and what the first one left is
// never heard of.
func TestASerializationFailureRepeatsTheBody(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		tenant, attempts, hooks := storetest.NewTenant(), 0, []int(nil)
		ctx := storetest.Within(t.Context(), tenant)
		require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
			attempts++
			attempt := attempts
			tx.AfterCommit(ctx, func() { hooks = append(hooks, attempt) })
			err := storage.NewEvents(db).AppendEvent(ctx, storetest.Envelope(tenant, "once", storetest.Start()))
			if attempts < 3 {
				err = errors.Join(err, &pgconn.PgError{Code: "40001"})
			}
			return err
		}))
		require.Equal(t, 3, attempts)
		require.Equal(t, []int{3}, hooks)
		require.EqualValues(t, 2, db.Stats().Repeats)
		list, err := storage.NewEvents(db).UnsequencedEvents(ctx, nil, 10)
		require.NoError(t, err)
		require.Len(t, list, 1)

		attempts = 0
		require.Error(t, db.Run(ctx, func(context.Context) error {
			attempts++
			return &pgconn.PgError{Code: "40P01"}
		}))
		require.Equal(t, 10, attempts, "it gives up")
	})
}

// A nested body cannot hide a serialization failure from the outermost.
func TestANestedSerializationFailureRepeatsTheWhole(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		attempts := 0
		require.NoError(t, db.Run(t.Context(), func(ctx context.Context) error {
			attempts++
			_ = db.Run(ctx, func(context.Context) error {
				if attempts == 1 {
					return &pgconn.PgError{Code: "40001"}
				}
				return nil
			})
			return nil
		}))
		require.Equal(t, 2, attempts)
	})
}

// Two real transactions at PostgreSQL's strictest level, each writing what the
// other has read: both become true in the end.
func TestPostgresHealsARealSerializationFailure(t *testing.T) {
	t.Parallel()
	db := storetest.Migrated(t, storetest.Postgres(t))
	for _, name := range []string{"a", "b"} {
		require.NoError(t, execute(t.Context(), db, "INSERT INTO event_sequencer VALUES (?, '', 0, now(), 0)", name))
	}
	var met sync.WaitGroup
	met.Add(2)
	done := make(chan error, 2)
	for _, pair := range [][2]string{{"a", "b"}, {"b", "a"}} {
		go func() {
			first := true
			done <- db.Run(t.Context(), func(ctx context.Context) error {
				if err := execute(ctx, db, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"); err != nil {
					return err
				}
				var read int64
				err := storage.Handle(ctx, db).
					Raw("SELECT last_seq FROM event_sequencer WHERE name = ?", pair[0]).Scan(&read).Error
				if first {
					first = false
					met.Done()
					met.Wait()
				}
				if err != nil {
					return err
				}
				return execute(ctx, db, "UPDATE event_sequencer SET last_seq = ? WHERE name = ?", read+1, pair[1])
			})
		}()
	}
	require.NoError(t, <-done)
	require.NoError(t, <-done)
	require.Positive(t, db.Stats().Repeats)
	var sum int64
	require.NoError(t, storage.Handle(t.Context(), db).
		Raw("SELECT SUM(last_seq) FROM event_sequencer").Scan(&sum).Error)
	require.EqualValues(t, 3, sum, "as if one had run after the other")
}

// An event made early and committed late must not get a number behind a cursor
// that has already passed it.
func TestALateCommitNeverSlipsBehindACursor(t *testing.T) {
	t.Parallel()
	db := storetest.Migrated(t, storetest.Postgres(t))
	events, tenant := storage.NewEvents(db), storetest.NewTenant()
	ctx := storetest.Within(reqctx.WithEveryTenant(t.Context()), tenant)
	now := storetest.Start()
	fence, held, err := events.ClaimSequencer(ctx, "node", now, now.Add(time.Hour))
	require.NoError(t, err)
	require.True(t, held)

	written, commit, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Run(ctx, func(ctx context.Context) error {
			err := events.AppendEvent(ctx, storetest.Envelope(tenant, "early", now))
			close(written)
			<-commit
			return err
		})
	}()
	<-written
	storetest.Append(t, db, storetest.Envelope(tenant, "late", now.Add(time.Second)))
	n, err := events.AssignSequence(ctx, "node", fence, 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	seen, err := events.EventsAfter(ctx, 0, nil, 10)
	require.NoError(t, err)
	require.Len(t, seen, 1)

	close(commit)
	require.NoError(t, <-done)
	n, err = events.AssignSequence(ctx, "node", fence, 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	rest, err := events.EventsAfter(ctx, seen[0].Seq, nil, 10)
	require.NoError(t, err)
	require.Len(t, rest, 1)
	require.Equal(t, "early", rest[0].Type)
}

// Two processes that start at once must not migrate at once.
func TestMigrationsExcludeEachOther(t *testing.T) {
	for name, config := range map[string]func(*testing.T) storage.Config{
		"sqlite": storetest.SQLite, "postgres": storetest.Postgres,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shared := config(t)
			var dbs []*storage.DB
			for range 4 {
				db, err := storage.Open(t.Context(), shared)
				require.NoError(t, err)
				t.Cleanup(func() { require.NoError(t, db.Close()) })
				dbs = append(dbs, db)
			}
			current, _, err := dbs[0].MigrationState(t.Context())
			require.NoError(t, err)
			require.Zero(t, current)
			storetest.Race(t, func(racer int) (bool, error) {
				return true, dbs[racer%len(dbs)].Migrate(t.Context())
			})
			current, latest, err := dbs[0].MigrationState(t.Context())
			require.NoError(t, err)
			require.Equal(t, latest, current)
		})
	}
}

func TestOpenRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	good := storetest.SQLite(t)
	for name, spoil := range map[string]func(c *storage.Config){
		"no directory": func(c *storage.Config) { c.DataDir = "" },
		"other scheme": func(c *storage.Config) { c.URL = "mysql://secret@host/db" },
		"no clock":     func(c *storage.Config) { c.Clock = nil },
		"no logger":    func(c *storage.Config) { c.Logger = nil },
		"synchronous":  func(c *storage.Config) { c.Synchronous = "OFF" },
		"negative":     func(c *storage.Config) { c.BatchUnits = -1 },
		"unparsable":   func(c *storage.Config) { c.URL = "postgres://me:secret@:x/" },
		"nobody there": func(c *storage.Config) { c.URL = "postgres://me:secret@127.0.0.1:1/none" },
	} {
		t.Run(name, func(t *testing.T) {
			config := good
			spoil(&config)
			_, err := storage.Open(t.Context(), config)
			require.Error(t, err)
			require.NotContains(t, err.Error(), "secret")
		})
	}
}

// Nobody else on the machine may read what we hold.
func TestSQLiteFilesAreOurOwn(t *testing.T) {
	t.Parallel()
	config := storetest.SQLite(t)
	config.DataDir = filepath.Join(config.DataDir, "deep", "with space?and#more")
	db := storetest.Migrated(t, config)
	storetest.Append(t, db, storetest.Envelope(storetest.NewTenant(), "one", storetest.Start()))
	folder, err := os.Stat(config.DataDir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), folder.Mode().Perm())
	files, err := os.ReadDir(config.DataDir)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		info, err := file.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file.Name())
	}
}

func execute(ctx context.Context, db *storage.DB, statement string, args ...any) error {
	return storage.Handle(ctx, db).Exec(statement, args...).Error
}

func everyTenant(t *testing.T) context.Context {
	t.Helper()
	return reqctx.WithEveryTenant(t.Context())
}
