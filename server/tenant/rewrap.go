package tenant

import (
	"context"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// All lists the tenants, oldest first, suspended ones among them; for an operator.
func (s *Service) All(ctx context.Context) ([]Tenant, error) { return s.deps.Store.Tenants(ctx) }

// Progress is how far Rewrap has come.
type Progress struct {
	Total int // tenants there are
	Seen  int
	Moved int // whose key was under another root key
}

// Rewrap seals every tenant's key again under the first root key, so that the others
// can be taken off the list. The keys themselves stay what they are: servers go on
// beside it, and no event tells of it. It may be stopped and begun again; what is done
// is not done twice. seal.ErrUnknownKey when a key is under a root key that is not listed.
func (s *Service) Rewrap(ctx context.Context, tell func(Progress)) (Progress, error) {
	tenants, err := s.deps.Store.Tenants(ctx)
	if err != nil {
		return Progress{}, err
	}
	progress := Progress{Total: len(tenants), Seen: 0, Moved: 0}
	for _, one := range tenants {
		moved, err := s.rewrap(ctx, one.ID)
		if err != nil {
			return progress, fmt.Errorf("%s: %w", one.ID, err)
		}
		progress.Seen++
		if moved {
			progress.Moved++
		}
		tell(progress)
	}
	return progress, nil
}

// rewrap does one tenant, from how it is stored now.
func (s *Service) rewrap(ctx context.Context, tenant id.Tenant) (moved bool, err error) {
	for attempt := 1; ; attempt++ {
		err = s.deps.Tx.Run(ctx, func(ctx context.Context) (err error) {
			moved, err = s.tryRewrap(ctx, tenant)
			return err
		})
		if !errors.Is(err, ErrChanged) || attempt == attempts {
			return moved, err
		}
	}
}

func (s *Service) tryRewrap(ctx context.Context, tenant id.Tenant) (moved bool, err error) {
	stored, err := s.deps.Store.TenantByID(ctx, tenant)
	if err != nil {
		return false, err
	}
	associated := []byte(tenant.String())
	if !s.deps.Root.NeedsRewrap(stored.Key) {
		// The name of the root key proves nothing: see whether it opens.
		_, err := seal.OpenBox(s.deps.Root, keyPurpose, stored.Key, associated)
		return false, err
	}
	if stored.Key, err = seal.Rewrap(s.deps.Root, keyPurpose, stored.Key, associated); err != nil {
		return false, err
	}
	if err := s.deps.Store.UpdateTenant(ctx, stored); err != nil {
		return false, err
	}
	tx.AfterCommit(ctx, s.memory.forget)
	return true, nil
}
