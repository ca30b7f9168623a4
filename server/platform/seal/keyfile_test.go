package seal_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/seal"
)

func openKeyFile(t *testing.T, path string) *seal.Keyring {
	t.Helper()
	keys, err := seal.LoadOrCreateKeyFile(path)
	require.NoError(t, err)
	ring, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	return ring
}

func TestKeyFileIsMadeOnceAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	blob, err := openKeyFile(t, path).Seal("p", []byte("v"), nil)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	_, err = openKeyFile(t, path).Open("p", blob, nil)
	require.NoError(t, err)
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "no temporary file stays")
}

// Servers that start at once on an empty directory agree on one key.
func TestKeyFileRace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	const n = 16
	blobs := make([][]byte, n)
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			keys, err := seal.LoadOrCreateKeyFile(path)
			if err != nil {
				return
			}
			ring, err := seal.NewKeyring(keys)
			if err != nil {
				return
			}
			blobs[i], _ = ring.Seal("p", []byte("v"), nil)
		})
	}
	done.Wait()
	ring := openKeyFile(t, path)
	for _, blob := range blobs {
		_, err := ring.Open("p", blob, nil)
		require.NoError(t, err)
	}
}

func TestKeyFileRefused(t *testing.T) {
	write := func(t *testing.T, text string, mode os.FileMode) string {
		path := filepath.Join(t.TempDir(), "root.key")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		require.NoError(t, os.Chmod(path, mode))
		return path
	}
	if runtime.GOOS != "windows" {
		for _, mode := range []os.FileMode{0o644, 0o640, 0o604, 0o620, 0o601} {
			_, err := seal.LoadOrCreateKeyFile(write(t, rootKey(t, "a"), mode))
			require.ErrorIs(t, err, seal.ErrKeyFileExposed, "%o", mode)
		}
	}
	_, err := seal.LoadOrCreateKeyFile(write(t, strings.Repeat("x", 1<<17), 0o600))
	require.ErrorIs(t, err, seal.ErrKeyFile)
	_, err = seal.LoadOrCreateKeyFile(t.TempDir())
	require.ErrorIs(t, err, seal.ErrKeyFile)
	_, err = seal.LoadOrCreateKeyFile(write(t, "", 0o600))
	require.ErrorContains(t, err, "root key 1")
	_, err = seal.LoadOrCreateKeyFile(filepath.Join(t.TempDir(), "absent", "root.key"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
