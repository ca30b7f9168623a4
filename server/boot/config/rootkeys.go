package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/server/platform/seal"
)

const keyFile = "root-key"

// Keyring is the root keys of the configuration; a development machine makes its own.
func (c Config) Keyring() (*seal.Keyring, error) {
	if !c.RootKeys.IsZero() {
		keys, err := seal.ParseRootKeys(c.RootKeys.Reveal())
		if err != nil {
			return nil, Problems{"root_keys: " + err.Error()}
		}
		return seal.NewKeyring(keys)
	}
	if c.Mode != Development {
		return nil, Problems{"root_keys: must be given in production"}
	}
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("data_dir: %w", err)
	}
	path := c.KeyFile()
	keys, err := seal.LoadOrCreateKeyFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return seal.NewKeyring(keys)
}

// ExistingKeyring is Keyring for what works on a database that is there already. It makes
// up no key: a fresh one would open nothing.
func (c Config) ExistingKeyring() (*seal.Keyring, error) {
	if c.RootKeys.IsZero() && c.Mode == Development {
		if _, err := os.Stat(c.KeyFile()); errors.Is(err, fs.ErrNotExist) {
			return nil, Problems{fmt.Sprintf("root_keys: %s is gone; put it back, or give the keys with %sROOT_KEYS", c.KeyFile(), VariablePrefix)}
		}
	}
	return c.Keyring()
}

// KeyFile is where a development machine keeps its root key.
func (c Config) KeyFile() string { return filepath.Join(c.DataDir, keyFile) }

// ExplainKey says what to do when a tenant's key does not open.
func (c Config) ExplainKey(err error) error {
	if !errors.Is(err, seal.ErrUnknownKey) {
		return err
	}
	needed := ""
	if unknown, ok := errors.AsType[seal.UnknownKeyError](err); ok {
		needed = " (the key with the id " + unknown.ID + ")"
	}
	if c.RootKeys.IsZero() {
		return Problems{fmt.Sprintf("root_keys: the database was made with other keys than the one in %s%s; "+
			"put that file back, or give the keys with %sROOT_KEYS", c.KeyFile(), needed, VariablePrefix)}
	}
	return Problems{"root_keys: the database was made with a key that is not among these" + needed + "; list it too, after the one that seals"}
}
