package storage_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

const (
	flushesDir       = "LINTEL_TEST_FLUSHES_DIR"
	flushesUngrouped = "LINTEL_TEST_FLUSHES_UNGROUPED"
	flushesWriters   = 64
	flushesOfEach    = 8 // units of one writer
)

// flushing is what the writing process says of itself.
type flushing struct {
	Synchronous    int
	Units, Commits int
}

// What is acknowledged has been flushed, and those who wait share a flush. The
// kernel's own calls are counted, in a process of its own: a setting that is not
// heeded, or a driver that forgets to flush, is seen here and nowhere else.
func TestEveryCommitIsFlushedAndUnitsShareIt(t *testing.T) {
	if dir := os.Getenv(flushesDir); dir != "" {
		writeCounted(t, dir, os.Getenv(flushesUngrouped) == "true")
		return
	}
	strace := tracer(t)
	const units = flushesWriters * flushesOfEach
	for name, ungrouped := range map[string]bool{"grouped": false, "ungrouped": true} {
		t.Run(name, func(t *testing.T) {
			said, flushes := trace(t, strace, ungrouped)
			t.Logf("%d units, %d commits, %d flushes", said.Units, said.Commits, flushes)
			require.Equal(t, 2, said.Synchronous, "not FULL")
			require.Equal(t, units, said.Units)
			require.GreaterOrEqual(t, flushes, said.Commits, "a commit that was not flushed")
			if ungrouped {
				require.Equal(t, units, said.Commits)
				require.GreaterOrEqual(t, flushes, units)
			} else {
				require.Less(t, flushes, units/4, "flushes are not shared")
			}
		})
	}
}

// tracer finds strace and sees whether it may trace here, which some containers forbid.
func tracer(t *testing.T) string {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err == nil {
		err = exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", os.DevNull, "true").Run()
	}
	if err != nil && os.Getenv("CI") != "true" {
		t.Skipf("flushes are counted with strace: %v", err)
	}
	require.NoError(t, err)
	return strace
}

// trace has this test again in a traced process, and counts the flushes of the
// write-ahead log between its two marks.
func trace(t *testing.T, strace string, ungrouped bool) (said flushing, flushes int) {
	t.Helper()
	dir := t.TempDir()
	calls := filepath.Join(dir, "calls")
	test, _, _ := strings.Cut(t.Name(), "/")
	child := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-y", "-e", "trace=fsync,fdatasync", "-o", calls,
		os.Args[0], "-test.run=^"+test+"$")
	child.Env = append(os.Environ(), flushesDir+"="+dir)
	if ungrouped {
		child.Env = append(child.Env, flushesUngrouped+"=true")
	}
	out, err := child.CombinedOutput()
	require.NoError(t, err, "%s", out)
	line, _, _ := strings.Cut(string(out), "\n")
	require.NoError(t, json.Unmarshal([]byte(line), &said), "%s", out)

	content, err := os.ReadFile(calls)
	require.NoError(t, err)
	marks := 0
	for line := range strings.Lines(string(content)) {
		switch {
		case strings.Contains(line, " fsync(-1"):
			marks++
		case marks == 1 && strings.Contains(line, "sync(") && strings.Contains(line, "-wal>"):
			flushes++ // the line that begins the call; one that resumes it has no bracket here
		}
	}
	require.Equal(t, 2, marks)
	return said, flushes
}

// mark leaves a call in the trace that nobody else makes.
func mark(t *testing.T) {
	t.Helper()
	require.ErrorIs(t, syscall.Fsync(-1), syscall.EBADF)
}

// writeCounted has 64 writers at once, each unit inserting two rows. How long a batch
// and a wait may take is out of the way, since a traced process is slow.
func writeCounted(t *testing.T, dir string, ungrouped bool) {
	t.Helper()
	db := storetest.Migrated(t, storage.Config{
		DataDir: dir, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler),
		Ungrouped: ungrouped, BatchTime: time.Hour, Wait: time.Hour,
	})
	var said flushing
	require.NoError(t, db.Run(t.Context(), func(ctx context.Context) error {
		return storage.Handle(ctx, db).Raw("PRAGMA synchronous").Scan(&said.Synchronous).Error
	}))
	events, tenant := storage.NewEvents(db), storetest.NewTenant()
	ctx := storetest.Within(t.Context(), tenant)
	before := db.Stats()
	mark(t)
	var writers sync.WaitGroup
	for range flushesWriters {
		writers.Go(func() {
			for range flushesOfEach {
				if err := db.Run(ctx, func(ctx context.Context) error {
					if err := events.AppendEvent(ctx, storetest.Envelope(tenant, "first", storetest.Start())); err != nil {
						return err
					}
					return events.AppendEvent(ctx, storetest.Envelope(tenant, "second", storetest.Start()))
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	mark(t)
	after := db.Stats()
	said.Units, said.Commits = int(after.Units-before.Units), int(after.Commits-before.Commits)
	require.NoError(t, json.NewEncoder(os.Stdout).Encode(said))
}
