package storage

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// eachEngine is storetest.Engines for tests that look inside.
func eachEngine(t *testing.T, test func(t *testing.T, db *DB)) {
	t.Helper()
	for engine, place := range map[Engine]func(t *testing.T, config *Config){
		SQLite:   func(t *testing.T, config *Config) { t.Helper(); config.DataDir = t.TempDir() },
		Postgres: func(t *testing.T, config *Config) { t.Helper(); config.URL = postgres.NewDatabase(t) },
	} {
		t.Run(string(engine), func(t *testing.T) {
			config := Config{Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)}
			place(t, &config)
			db, err := Open(t.Context(), config)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, db.Close()) })
			require.NoError(t, db.Migrate(t.Context()))
			test(t, db)
		})
	}
}

type eventKind struct{}

func (eventKind) Prefix() string { return "evt" }

func newTenant() id.Tenant {
	var tenant id.Tenant
	into(&tenant, uidOf(id.New[eventKind](time.Unix(1_700_000_000, 0))))
	return tenant
}

func newEvent(tenant id.Tenant, at time.Time) event.Envelope {
	return event.Envelope{ID: event.ID(id.New[eventKind](at)), Tenant: tenant, Type: "one", Time: at, Data: []byte("{}")}
}

// Times keep their microsecond and their order on every engine, whatever zone
// they were given in.
func TestTimesAndIDsComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", 5*3600+1800)
	eachEngine(t, func(t *testing.T, db *DB) {
		tenant := newTenant()
		ctx := reqctx.WithTenant(t.Context(), tenant)
		for _, at := range []time.Time{
			time.Date(1969, 7, 20, 20, 17, 40, 123456000, time.UTC),
			time.Date(2026, 3, 1, 12, 0, 0, 1999, east),
			time.Date(2026, 3, 1, 12, 0, 0, 999999999, time.UTC),
			time.Date(2262, 1, 1, 0, 0, 0, 1000, time.UTC),
		} {
			want := newEvent(tenant, at)
			row := toEventRow(want)
			require.NoError(t, db.write(ctx, func(tx *gorm.DB, _ uid) error {
				return gorm.G[eventRow](tx).Create(ctx, &row)
			}))
			handle, mine, err := db.scoped(ctx)
			require.NoError(t, err)
			got, err := gorm.G[eventRow](handle).Where(of(mine)).
				Where("id = ? AND time = ? AND time > ?", uidOf(want.ID), microsOf(at), at.Add(-time.Second)).Take(ctx)
			require.NoError(t, err)
			want.Time = at.UTC().Truncate(time.Microsecond)
			require.Equal(t, want.Time, got.fromRow().Time)
			require.Equal(t, want.ID, got.fromRow().ID)
			var newest micros
			require.NoError(t, across(db.read(ctx)).Raw("SELECT MAX(time) FROM events").Row().Scan(&newest))
			require.Equal(t, want.Time, newest.time())
		}
	})
}

func TestColumnsRefuseWhatTheyCannotBe(t *testing.T) {
	t.Parallel()
	for _, stored := range []any{nil, 7, "", "not-an-id", []byte{1, 2, 3}} {
		var column uid
		require.Error(t, column.Scan(stored))
	}
	for _, stored := range []any{nil, "2026-03-01", 1.5} {
		var column micros
		require.Error(t, column.Scan(stored))
	}
	require.Nil(t, optionalMicros(nil))
	require.Nil(t, optionalTime(nil))
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	require.Equal(t, now, *optionalTime(optionalMicros(&now)))
}
