package storage_test

import (
	"context"
	"log/slog"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// BenchmarkUnits has 64 writers, each unit inserting two rows. What counts is the
// first against the second: durable and grouped must not be slower than neither.
func BenchmarkUnits(b *testing.B) {
	base := storage.Config{Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)}
	for _, one := range []struct {
		name   string
		config func(b *testing.B) storage.Config
	}{
		{"SQLite/FULL/grouped", func(b *testing.B) storage.Config {
			config := base
			config.DataDir = b.TempDir()
			return config
		}},
		{"SQLite/NORMAL/ungrouped", func(b *testing.B) storage.Config {
			config := base
			config.DataDir, config.Synchronous, config.Ungrouped = b.TempDir(), "NORMAL", true
			return config
		}},
		{"SQLite/FULL/ungrouped", func(b *testing.B) storage.Config {
			config := base
			config.DataDir, config.Ungrouped = b.TempDir(), true
			return config
		}},
		{"Postgres", func(b *testing.B) storage.Config {
			config := base
			config.URL = postgres.NewDatabase(b)
			return config
		}},
	} {
		b.Run(one.name, func(b *testing.B) { benchmarkUnits(b, one.config(b)) })
	}
}

func benchmarkUnits(b *testing.B, config storage.Config) {
	db, err := storage.Open(b.Context(), config)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	require.NoError(b, db.Migrate(b.Context()))
	events, tenant := storage.NewEvents(db), storetest.NewTenant()
	ctx := storetest.Within(b.Context(), tenant)
	var turn atomic.Int64
	b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			at := storetest.Start().Add(time.Duration(turn.Add(2)) * time.Microsecond)
			err := db.Run(ctx, func(ctx context.Context) error {
				if err := events.AppendEvent(ctx, storetest.Envelope(tenant, "user.created", at)); err != nil {
					return err
				}
				return events.AppendEvent(ctx, storetest.Envelope(tenant, "user.changed", at))
			})
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	stats := db.Stats()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "units/s")
	b.ReportMetric(float64(stats.Units)/float64(stats.Commits), "units/commit")
}

// BenchmarkRead is one indexed read outside a unit of work.
func BenchmarkRead(b *testing.B) {
	config := storage.Config{DataDir: b.TempDir(), Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)}
	db, err := storage.Open(b.Context(), config)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	require.NoError(b, db.Migrate(b.Context()))
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := storage.NewEvents(db).LastSequence(b.Context()); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
