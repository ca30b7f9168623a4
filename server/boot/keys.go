package boot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
)

const (
	keyFileName     = "root-key"
	personalPurpose = "event.personal"
	schemePurpose   = "password.scheme"
)

// rootKeys come from the configuration; a development machine makes its own.
func rootKeys(config Config) (*seal.Keyring, error) {
	if !config.RootKeys.IsZero() {
		keys, err := seal.ParseRootKeys(config.RootKeys.Reveal())
		if err != nil {
			return nil, Problems{"root_keys: " + err.Error()}
		}
		return seal.NewKeyring(keys)
	}
	if config.Mode != Development {
		return nil, Problems{"root_keys: must be given in production"}
	}
	if err := os.MkdirAll(config.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("data_dir: %w", err)
	}
	path := keyFile(config)
	keys, err := seal.LoadOrCreateKeyFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return seal.NewKeyring(keys)
}

func keyFile(config Config) string { return filepath.Join(config.DataDir, keyFileName) }

// explainKey says what to do when a tenant's key does not open.
func explainKey(config Config, err error) error {
	if !errors.Is(err, seal.ErrUnknownKey) {
		return err
	}
	if config.RootKeys.IsZero() {
		return Problems{fmt.Sprintf("root_keys: the database was made with other keys than the one in %s; "+
			"put that file back, or give the keys with %sROOT_KEYS", keyFile(config), variablePrefix)}
	}
	return Problems{"root_keys: the database was made with a key that is not among these; list it too, after the one that seals"}
}

// personalSealer seals what events tell about a person under that person's key.
type personalSealer struct {
	tenants *tenant.Service
	people  *seal.UserKeys
}

// SealPersonal seals for one event. Of a person who was erased nothing is kept.
func (s *personalSealer) SealPersonal(ctx context.Context, person string, plaintext, associated []byte) ([]byte, error) {
	tenantBox, err := s.tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	box, err := s.people.Box(ctx, tenantBox, person)
	if errors.Is(err, seal.ErrDestroyed) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return box.Seal(personalPurpose, plaintext, associated)
}

// tenantMAC fingerprints under the key of the tenant in scope.
func tenantMAC(tenants *tenant.Service) func(ctx context.Context, parts ...[]byte) ([32]byte, error) {
	return func(ctx context.Context, parts ...[]byte) ([32]byte, error) {
		box, err := tenants.Box(ctx)
		if err != nil {
			return [32]byte{}, err
		}
		return box.MAC(schemePurpose, parts...), nil
	}
}
