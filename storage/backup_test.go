package storage_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// A copy that is made while others write is the database at one moment: each unit of
// work is in it whole or not at all, and all that were done before it began are.
func TestCopyBesideWriters(t *testing.T) {
	dir := t.TempDir()
	db := openIn(t, dir)
	require.NoError(t, db.Migrate(t.Context()))
	ctx, stop := context.WithCancel(t.Context())
	done, wait := writePairs(ctx, t, db)
	for round := range 8 {
		require.Eventually(t, func() bool {
			return !slices.ContainsFunc(done, func(n *atomic.Int64) bool { return n.Load() < int64(20*round) })
		}, time.Minute, time.Millisecond)
		before := make([]int64, len(done))
		for w := range done {
			before[w] = done[w].Load()
		}
		path := filepath.Join(t.TempDir(), "copy.db")
		require.NoError(t, db.CopyTo(t.Context(), path))
		found, err := storage.Inspect(t.Context(), path)
		require.NoError(t, err)
		require.Positive(t, found.Schema)
		require.NoFileExists(t, path+"-wal")
		for w := range done {
			rows, last := pairsIn(t, path, w)
			require.GreaterOrEqual(t, last, before[w])
			require.Equal(t, 2*last, rows)
		}
	}
	stop()
	wait()
}

// writePairs has several write two rows in each unit of work, and counts what was done.
func writePairs(ctx context.Context, t *testing.T, db *storage.DB) (done []*atomic.Int64, wait func()) {
	t.Helper()
	exec := func(ctx context.Context, statement string, values ...any) error {
		return storage.Handle(ctx, db).Exec(statement, values...).Error
	}
	require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
		return exec(ctx, "CREATE TABLE pairs (writer INTEGER, n INTEGER, half INTEGER, filler BLOB)")
	}))
	var all sync.WaitGroup
	for w := range 4 {
		count := &atomic.Int64{}
		done = append(done, count)
		all.Go(func() {
			for n := int64(1); ctx.Err() == nil; n++ {
				err := db.Run(context.WithoutCancel(ctx), func(ctx context.Context) error {
					return errors.Join(
						exec(ctx, "INSERT INTO pairs VALUES (?, ?, 0, zeroblob(4000))", w, n),
						exec(ctx, "INSERT INTO pairs VALUES (?, ?, 1, zeroblob(4000))", w, n))
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
				count.Store(n)
			}
		})
	}
	return done, all.Wait
}

func pairsIn(t *testing.T, path string, writer int) (rows, last int64) {
	t.Helper()
	pool, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer pool.Close()
	require.NoError(t, pool.QueryRowContext(t.Context(),
		"SELECT COUNT(*), COALESCE(MAX(n), 0) FROM pairs WHERE writer = ?", writer).Scan(&rows, &last))
	return rows, last
}

// What a closed database has is in its one file: an operator may copy that.
func TestClosingLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	db := openIn(t, dir)
	require.NoError(t, db.Migrate(t.Context()))
	require.NoError(t, db.Run(t.Context(), func(ctx context.Context) error {
		return storage.Handle(ctx, db).Exec("UPDATE event_sequencer SET fence = 7").Error
	}))
	require.NoError(t, db.Close())
	require.NoFileExists(t, storage.DatabaseFile(dir)+"-wal")
}

// What was deleted stands nowhere in the file.
func TestClass_Secrets_WhatIsErasedIsNotLeftInTheFile(t *testing.T) {
	dir := t.TempDir()
	db := openIn(t, dir)
	require.NoError(t, db.Migrate(t.Context()))
	var tenant id.Tenant
	require.NoError(t, tenant.UnmarshalText([]byte("tnt_01h455vb4pex5vsknk084sn02q")))
	ctx := reqctx.WithTenant(t.Context(), tenant)
	const canary = "canary-in-the-file"
	keys := storage.NewUserKeys(db)
	for i := range 50 {
		require.NoError(t, keys.InsertUserKey(ctx, fmt.Sprint(canary, i), []byte(canary)))
	}
	stored := func() bool {
		content, err := os.ReadFile(storage.DatabaseFile(dir))
		require.NoError(t, err)
		return bytes.Contains(content, []byte(canary))
	}
	require.NoError(t, db.Close())
	require.True(t, stored(), "the test looks in the right place")
	db = openIn(t, dir)
	require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
		return storage.Handle(ctx, db).Exec("DELETE FROM seal_user_keys").Error
	}))
	require.NoError(t, db.Close())
	require.False(t, stored())
}

// SQLite itself can open a backup, and no bit of it can change unseen.
func TestABackupIsADatabaseWithANote(t *testing.T) {
	dir := t.TempDir()
	db := openIn(t, dir)
	require.NoError(t, db.Migrate(t.Context()))
	path := filepath.Join(dir, "copy.db")
	require.NoError(t, db.CopyTo(t.Context(), path))
	_, err := storage.Inspect(t.Context(), path)
	require.NoError(t, err)
	made, err := storage.FinishBackup(t.Context(), path, storage.Note{Users: 7})
	require.NoError(t, err)
	pool, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	var verdict string
	require.NoError(t, pool.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict))
	require.Equal(t, "ok", verdict)
	require.NoError(t, pool.Close())
	note, err := storage.UnpackBackup(t.Context(), path, filepath.Join(dir, "again.db"))
	require.NoError(t, err)
	require.Equal(t, made, note)
	require.Equal(t, int64(7), note.Users)
	_, err = storage.UnpackBackup(t.Context(), path, filepath.Join(dir, "again.db"))
	require.Error(t, err, "nothing is written over")
}

func openIn(t *testing.T, dir string) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), storage.Config{DataDir: dir, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}
