package boot

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
)

const (
	personalPurpose = "event.personal"
	schemePurpose   = "password.scheme"
)

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

// OpenPersonal opens what an event tells about a person; seal.ErrDestroyed once they
// were erased.
func (s *personalSealer) OpenPersonal(ctx context.Context, person string, sealed, associated []byte) ([]byte, error) {
	tenantBox, err := s.tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	box, err := s.people.Existing(ctx, tenantBox, person)
	if err != nil {
		return nil, err
	}
	return box.Open(personalPurpose, sealed, associated)
}

// EraseUser destroys the person's key: what events tell about them is unreadable for
// ever, wherever copies are.
func (s *personalSealer) EraseUser(ctx context.Context, person user.ID) error {
	tenantBox, err := s.tenants.Box(ctx)
	if err != nil {
		return err
	}
	return s.people.Destroy(ctx, tenantBox, person.String())
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
