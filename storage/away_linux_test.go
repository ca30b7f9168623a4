package storage_test

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// A disk that fails under SQLite is away; one that works again is used again. The
// log's descriptors are pointed at something that takes no writes.
func TestAFailingDiskIsAway(t *testing.T) {
	config := storetest.SQLite(t)
	db, tenant := storetest.Migrated(t, config), storetest.NewTenant()
	require.NoError(t, recordOne(t, db, tenant))
	mend := breakFile(t, filepath.Join(config.DataDir, "lintel.db-wal"))
	err := recordOne(t, db, tenant)
	mend()
	told(t, err, storage.ErrAway)
	require.ErrorContains(t, err, "I/O")
	require.Len(t, recorded(t, db, tenant), 1)
	require.NoError(t, recordOne(t, db, tenant))
	require.Len(t, recorded(t, db, tenant), 2)
}

// breakFile makes every descriptor of this process on a file one that only reads
// nothing.
func breakFile(t *testing.T, path string) (mend func()) {
	t.Helper()
	broken, err := os.Open(os.DevNull)
	require.NoError(t, err)
	kept := map[int]int{} // a copy of each descriptor
	for _, number := range descriptorsOn(t, path) {
		kept[number], err = syscall.Dup(number)
		require.NoError(t, err)
		require.NoError(t, syscall.Dup3(int(broken.Fd()), number, syscall.O_CLOEXEC))
	}
	require.NotEmpty(t, kept)
	return func() {
		for number, copied := range kept {
			require.NoError(t, syscall.Dup3(copied, number, syscall.O_CLOEXEC))
			require.NoError(t, syscall.Close(copied))
		}
		require.NoError(t, broken.Close())
	}
}

func descriptorsOn(t *testing.T, path string) (numbers []int) {
	t.Helper()
	own, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	for _, entry := range own {
		if target, err := os.Readlink("/proc/self/fd/" + entry.Name()); err != nil || target != path {
			continue
		}
		number, err := strconv.Atoi(entry.Name())
		require.NoError(t, err)
		numbers = append(numbers, number)
	}
	return numbers
}
