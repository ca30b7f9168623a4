package seal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const maxKeyFileBytes = 64 << 10

// LoadOrCreateKeyFile reads the root keys of a development machine, making the
// file with one fresh key when there is none. Of several processes that start at
// once one makes the file and all read the same. The directory must exist.
func LoadOrCreateKeyFile(path string) (RootKeys, error) {
	keys, err := loadKeyFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	if err := createKeyFile(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return RootKeys{}, fmt.Errorf("seal: create key file: %w", err)
	}
	return loadKeyFile(path)
}

func loadKeyFile(path string) (RootKeys, error) {
	file, err := os.Open(path)
	if err != nil {
		return RootKeys{}, fmt.Errorf("seal: open key file: %w", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return RootKeys{}, fmt.Errorf("seal: key file: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxKeyFileBytes {
		return RootKeys{}, ErrKeyFile
	}
	// Windows has no mode bits: access follows from the directory there.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return RootKeys{}, ErrKeyFileExposed
	}
	text, err := io.ReadAll(io.LimitReader(file, maxKeyFileBytes))
	if err != nil {
		return RootKeys{}, fmt.Errorf("seal: read key file: %w", err)
	}
	defer clear(text)
	return ParseRootKeys(strings.TrimSpace(string(text)))
}

// createKeyFile writes beside the path and links into place: the name appears
// only with its content complete, and only once.
func createKeyFile(path string) error {
	text, err := GenerateRootKey("development")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".root-key-*") // 0600 by its contract
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = temp.WriteString(text + "\n")
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err != nil {
		return err
	}
	return os.Link(temp.Name(), path)
}
