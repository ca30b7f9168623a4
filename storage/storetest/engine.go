package storetest

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// Racers is how many goroutines race for what only one may have.
const Racers = 16

// Start is the time at which the clock of a test stands.
func Start() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// Engines runs the test on every engine, each time with fresh, migrated tables.
func Engines(t *testing.T, test func(t *testing.T, db *storage.DB)) {
	t.Helper()
	for engine, config := range map[storage.Engine]func(t *testing.T) storage.Config{
		storage.SQLite:   SQLite,
		storage.Postgres: Postgres,
	} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			test(t, Migrated(t, config(t)))
		})
	}
}

// SQLite is a file in a folder of the test's own.
func SQLite(t *testing.T) storage.Config {
	t.Helper()
	return storage.Config{
		DataDir: t.TempDir(), Clock: clock.NewFake(Start()), Logger: slog.New(slog.DiscardHandler),
	}
}

// Postgres is an empty database of the test's own.
func Postgres(t *testing.T) storage.Config {
	t.Helper()
	return storage.Config{
		URL: postgres.NewDatabase(t), Clock: clock.NewFake(Start()), Logger: slog.New(slog.DiscardHandler),
	}
}

// Migrated opens a database, makes its tables and closes it after the test.
func Migrated(t testing.TB, config storage.Config) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context()))
	return db
}

type tenantKind struct{}

func (tenantKind) Prefix() string { return "tnt" }

// NewTenant is the id of a tenant that nothing else uses.
func NewTenant() id.Tenant { return id.Tenant(id.New[tenantKind](Start())) }

// Within is a context of the given tenant.
func Within(ctx context.Context, tenant id.Tenant) context.Context {
	return reqctx.WithTenant(ctx, tenant)
}

// Race runs contend in Racers goroutines that start together and tells how many
// of them won; contend answers whether it did.
func Race(t *testing.T, contend func(racer int) (won bool, err error)) int {
	t.Helper()
	var (
		start   = make(chan struct{})
		done    sync.WaitGroup
		results = make([]bool, Racers)
		errs    = make([]error, Racers)
	)
	for racer := range Racers {
		done.Go(func() {
			<-start
			results[racer], errs[racer] = contend(racer)
		})
	}
	close(start)
	done.Wait()
	wins := 0
	for racer := range Racers {
		require.NoError(t, errs[racer])
		if results[racer] {
			wins++
		}
	}
	return wins
}
