package fault_test

import (
	"database/sql"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/process"
)

const bulk = 32 << 20

// mark leaves a table in a database that nobody serves from, and bulk, so that there is
// time to be killed in.
func mark(t *testing.T, here place, name string) {
	t.Helper()
	pool, err := sql.Open("sqlite", storage.DatabaseFile(here.dir))
	require.NoError(t, err)
	defer pool.Close()
	for _, statement := range []string{"CREATE TABLE " + name + " (filler BLOB)", "INSERT INTO " + name + " VALUES (randomblob(33554432))"} {
		_, err := pool.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
}

// marked are the marks that a database has.
func marked(t *testing.T, path string) (names []string) {
	t.Helper()
	pool, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer pool.Close()
	rows, err := pool.QueryContext(t.Context(), "SELECT name FROM sqlite_master WHERE name LIKE 'mark_%' ORDER BY name")
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		names = append(names, name)
	}
	require.NoError(t, rows.Err())
	return names
}

func command(t *testing.T, here place, arguments ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t), arguments...)
	cmd.Env = process.Environment(here.environ()...)
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", said)
}

// killSoon begins a command, and kills it at some instant before or after it is done.
func killSoon(t *testing.T, here place, random *rand.Rand, usual time.Duration, arguments ...string) {
	t.Helper()
	begun := process.Begin(t, program(t), arguments, here.environ())
	<-time.After(upTo(random, usual+usual/4))
	begun.Kill()
}

// A backup that is killed at any instant leaves the file that was there, or the new one.
func TestABackupIsKilledAtAnyInstant(t *testing.T) {
	random, here := chance(t), newPlace(t, storage.SQLite)
	require.NoError(t, here.serve(t).Stop())
	mark(t, here, "mark_first")
	file := filepath.Join(t.TempDir(), "backup.db")
	began := time.Now()
	command(t, here, "backup", file)
	usual := time.Since(began)
	was := sized(t, file)
	mark(t, here, "mark_second")
	replaced := 0
	for range 12 {
		killSoon(t, here, random, usual, "backup", file, "--force")
		into := filepath.Join(t.TempDir(), "unpacked.db")
		_, err := storage.UnpackBackup(t.Context(), file, into)
		require.NoError(t, err)
		_, err = storage.Inspect(t.Context(), into)
		require.NoError(t, err)
		if sized(t, file) != was {
			replaced++
		}
	}
	t.Logf("%d of 12 were the new one", replaced)
	command(t, here, "backup", file, "--force")
	require.Greater(t, sized(t, file), was+bulk)
}

func sized(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

// A restore that is killed at any instant leaves the database that was there, or the
// restored one, whole; and can be begun again.
func TestARestoreIsKilledAtAnyInstant(t *testing.T) {
	random, here := chance(t), newPlace(t, storage.SQLite)
	require.NoError(t, here.serve(t).Stop())
	mark(t, here, "mark_first")
	file := filepath.Join(t.TempDir(), "backup.db")
	command(t, here, "backup", file)
	began := time.Now()
	command(t, here, "restore", file, "--force")
	usual := time.Since(began)
	news := 0
	for range 10 {
		old := append(marked(t, storage.DatabaseFile(here.dir)), "mark_second")
		if len(old) == 2 {
			mark(t, here, "mark_second")
		} else {
			old = old[:2]
		}
		killSoon(t, here, random, usual, "restore", file, "--force")
		switch now := marked(t, storage.DatabaseFile(here.dir)); len(now) {
		case 1:
			news++
			require.Equal(t, []string{"mark_first"}, now)
		default:
			require.Equal(t, old, now)
		}
		server := here.serve(t)
		ready(t, server, 200)
		require.NoError(t, server.Stop())
		command(t, here, "audit", "verify")
		kept, err := filepath.Glob(storage.DatabaseFile(here.dir) + ".replaced-*")
		require.NoError(t, err)
		for _, one := range kept {
			require.NoError(t, os.Remove(one))
		}
	}
	t.Logf("%d of 10 were the restored one", news)
	command(t, here, "restore", file, "--force")
	require.Equal(t, []string{"mark_first"}, marked(t, storage.DatabaseFile(here.dir)))
	_, err := os.Stat(filepath.Join(here.dir, "restoring"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
