package storage_test

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// told requires that a caller is asked to come back.
func told(t *testing.T, err error, want *fault.Error) {
	t.Helper()
	require.ErrorIs(t, err, want)
	require.Equal(t, fault.Unavailable, fault.As(err).Kind)
	require.Positive(t, fault.As(err).RetryAfter)
}

// recordOne appends one event of a few kilobytes in a unit of work of its own.
func recordOne(t *testing.T, db *storage.DB, tenant id.Tenant) error {
	t.Helper()
	big := storetest.Envelope(tenant, "thing.happened", storetest.Start())
	big.Personal = make([]byte, 8<<10)
	return db.Run(storetest.Within(t.Context(), tenant), func(ctx context.Context) error {
		return storage.NewEvents(db).AppendEvent(ctx, big)
	})
}

func recorded(t *testing.T, db *storage.DB, tenant id.Tenant) []event.Envelope {
	t.Helper()
	list, err := storage.NewEvents(db).UnsequencedEvents(storetest.Within(t.Context(), tenant), nil, 1000)
	require.NoError(t, err)
	return list
}

// A full disk refuses changes, answers questions, and is forgotten once there is
// room: what was acknowledged is there, what was refused is not.
func TestAFullDatabaseAnswersAndRecovers(t *testing.T) {
	t.Parallel()
	db, tenant := storetest.Migrated(t, storetest.SQLite(t)), storetest.NewTenant()
	pages := func(most int) {
		require.NoError(t, storage.Tell(db, fmt.Sprintf("PRAGMA max_page_count = %d", most)))
	}
	pages(100)
	acknowledged := 0
	var err error
	for err == nil {
		if err = recordOne(t, db, tenant); err == nil {
			acknowledged++
		}
		require.Less(t, acknowledged, 1000)
	}
	told(t, err, storage.ErrAway)
	require.ErrorContains(t, err, "full")
	require.Len(t, recorded(t, db, tenant), acknowledged)
	told(t, recordOne(t, db, tenant), storage.ErrAway)

	pages(1 << 20)
	require.NoError(t, recordOne(t, db, tenant))
	require.Len(t, recorded(t, db, tenant), acknowledged+1)
}

// A database that takes no changes is told from a change in the wrong place.
func TestAReadOnlyDatabaseAnswersAndRecovers(t *testing.T) {
	t.Parallel()
	for engine, turn := range map[storage.Engine]func(t *testing.T, db *storage.DB, readOnly bool){
		storage.SQLite: func(t *testing.T, db *storage.DB, readOnly bool) {
			require.NoError(t, storage.Tell(db, fmt.Sprintf("PRAGMA query_only = %t", readOnly)))
		},
		storage.Postgres: func(t *testing.T, db *storage.DB, readOnly bool) {
			require.NoError(t, execute(t.Context(), db, fmt.Sprintf("SET default_transaction_read_only = %t", readOnly)))
		},
	} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			config := map[storage.Engine]func(*testing.T) storage.Config{
				storage.SQLite: storetest.SQLite, storage.Postgres: storetest.Postgres,
			}[engine](t)
			config.MaxOpen = 1 // PostgreSQL: the session that is told is the one that is used
			db, tenant := storetest.Migrated(t, config), storetest.NewTenant()
			turn(t, db, true)
			told(t, recordOne(t, db, tenant), storage.ErrAway)
			require.Empty(t, recorded(t, db, tenant))
			turn(t, db, false)
			require.NoError(t, recordOne(t, db, tenant))
			require.Len(t, recorded(t, db, tenant), 1)
		})
	}
	db := storetest.Migrated(t, storetest.SQLite(t))
	require.Nil(t, fault.As(execute(t.Context(), db, "DELETE FROM events")), "a mistake of ours stays one")
}

// postgresPool is a migrated database with two connections, and a way to ask it
// something in a unit of work and outside.
func postgresPool(t *testing.T, adjust func(config *storage.Config)) (db *storage.DB, ask, read func(statement string) error) {
	t.Helper()
	config := storetest.Postgres(t)
	config.MaxOpen = 2
	if adjust != nil {
		adjust(&config)
	}
	db = storetest.Migrated(t, config)
	read = func(statement string) error {
		var found []string
		return storage.Handle(t.Context(), db).Raw(statement).Scan(&found).Error
	}
	ask = func(statement string) error {
		return db.Run(t.Context(), func(ctx context.Context) error {
			var found []string
			return storage.Handle(ctx, db).Raw(statement).Scan(&found).Error
		})
	}
	return db, ask, read
}

// A server that ends our connections is asked again, on new ones.
func TestAnEndedConnectionIsNoMistake(t *testing.T) {
	t.Parallel()
	_, ask, read := postgresPool(t, nil)
	const suicide = "SELECT pg_terminate_backend(pg_backend_pid())::text"
	for range 3 {
		told(t, ask(suicide), storage.ErrAway)
		told(t, read(suicide), storage.ErrAway)
	}
	require.NoError(t, ask("SELECT 'back'"))
	require.NoError(t, read("SELECT 'back'"))
}

// After a restart every connection of the pool is dead. Nobody is told: the first
// that is found so is thrown away with all the others.
func TestConnectionsThatDiedUnusedAreNotNoticed(t *testing.T) {
	t.Parallel()
	config := storetest.Postgres(t)
	config.MaxOpen = 8
	db, admin := storetest.Migrated(t, config), storetest.Migrated(t, config)
	tenant := storetest.NewTenant()
	const others = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity" +
		" WHERE datname = current_database() AND pid <> pg_backend_pid()"
	for turn := range 6 {
		var all, held sync.WaitGroup // eight connections at once, so that they lie in the pool after
		held.Add(8)
		ended := make(chan error, 8)
		for range 8 {
			all.Go(func() {
				arrive := sync.OnceFunc(held.Done)
				ended <- db.Run(t.Context(), func(context.Context) error {
					arrive()
					held.Wait()
					return nil
				})
				arrive()
			})
		}
		all.Wait()
		for range 8 {
			require.NoError(t, <-ended)
		}
		require.NoError(t, execute(t.Context(), admin, others))
		if turn%2 == 0 {
			_, err := storage.NewEvents(db).LastSequence(t.Context())
			require.NoError(t, err)
		}
		for range 8 {
			require.NoError(t, recordOne(t, db, tenant))
		}
	}
}

// A server that takes no changes any more is left for one that does: what was
// connected to it is not used again.
func TestAConnectionThatTakesNoChangesIsLeft(t *testing.T) {
	t.Parallel()
	config := storetest.Postgres(t)
	config.MaxOpen = 1
	db, tenant := storetest.Migrated(t, config), storetest.NewTenant()
	require.NoError(t, execute(t.Context(), db, "SET default_transaction_read_only = true"))
	told(t, recordOne(t, db, tenant), storage.ErrAway)
	require.NoError(t, recordOne(t, db, tenant))
}

func TestWhatTakesTooLongIsBusy(t *testing.T) {
	t.Parallel()
	db, ask, read := postgresPool(t, func(config *storage.Config) {
		config.StatementTimeout, config.Wait = time.Second, 50*time.Millisecond
	})
	require.NoError(t, execute(t.Context(), db, "CREATE TABLE wanted (n int)"))
	told(t, read("SELECT pg_sleep(60)::text"), storage.ErrBusy)
	require.NoError(t, db.Run(t.Context(), func(ctx context.Context) error {
		require.NoError(t, execute(ctx, db, "LOCK TABLE wanted"))
		told(t, ask("SELECT n::text FROM wanted"), storage.ErrBusy)
		return nil
	}))
	require.NoError(t, ask("SELECT n::text FROM wanted"))
}

// What PostgreSQL says about itself, as it says it.
func TestStatesOfTheServerAreAway(t *testing.T) {
	t.Parallel()
	_, ask, read := postgresPool(t, nil)
	raised := func(code string) string {
		return "DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '" + code + "'; END $$"
	}
	for _, code := range []string{"08006", "53000", "53100", "53200", "53300", "57P01", "57P02", "57P03", "58030"} {
		told(t, ask(raised(code)), storage.ErrAway)
		told(t, read(raised(code)), storage.ErrAway)
	}
	told(t, ask(raised("40001")), storage.ErrBusy)
	told(t, ask(raised("40P01")), storage.ErrBusy)
	for _, code := range []string{"23505", "42601", "42P01", "22003"} {
		require.Nil(t, fault.As(ask(raised(code))), code)
	}
}

// Somebody else has all the connections there are.
func TestTooManyConnectionsIsAway(t *testing.T) {
	t.Parallel()
	config := storetest.Postgres(t)
	admin := storetest.Migrated(t, config)
	parsed, err := url.Parse(config.URL)
	require.NoError(t, err)
	role := strings.TrimPrefix(parsed.Path, "/")
	for _, statement := range []string{"CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 1", "GRANT pg_read_all_data TO " + role} {
		require.NoError(t, execute(t.Context(), admin, statement))
	}
	t.Cleanup(func() {
		require.NoError(t, execute(context.Background(), admin, "DROP ROLE "+role))
	})
	parsed.User = url.User(role)
	config.URL, config.MaxOpen = parsed.String(), 2
	db, err := storage.Open(t.Context(), config)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.Run(t.Context(), func(context.Context) error {
		_, err := storage.NewEvents(db).LastSequence(t.Context())
		told(t, err, storage.ErrAway)
		return nil
	}))
	_, err = storage.NewEvents(db).LastSequence(t.Context())
	require.NoError(t, err)
}

// A server that does not listen any more, and one that hangs up.
func TestALostServerIsAway(t *testing.T) {
	t.Parallel()
	for name, meet := range map[string]func(conn net.Conn){
		"hangs up":        func(conn net.Conn) { _ = conn.Close() },
		"talks something": func(conn net.Conn) { _, _ = conn.Write([]byte("HTTP/1.1 400\r\n\r\n")); _ = conn.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, storage.Explain(reach(t, meet)), storage.ErrAway)
		})
	}
	require.ErrorIs(t, storage.Explain(reach(t, nil)), storage.ErrAway, "refused")
}

// reach connects to a server that answers like that, or to none.
func reach(t *testing.T, meet func(net.Conn)) error {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	if meet == nil {
		require.NoError(t, listener.Close())
	} else {
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				meet(conn)
			}
		}()
	}
	pool, err := sql.Open("pgx", "postgres://lintel@"+listener.Addr().String()+"/x?sslmode=disable")
	require.NoError(t, err)
	defer func() { require.NoError(t, pool.Close()) }()
	err = pool.PingContext(t.Context())
	require.Error(t, err)
	return err
}
