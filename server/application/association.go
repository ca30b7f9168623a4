package application

import (
	"context"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Associations are what the tenant's active applications say of the relying party that a
// host of the tenant stands for. Anybody may ask, so it comes from memory; callers share it
// and change nothing in it. ErrNoAssociation.
func (s *Service) Associations(ctx context.Context, host string) (relyingparty.Association, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return relyingparty.Association{}, err
	}
	found, err := s.memory.associations.Get(ctx, hostKey{tenant: tenant, host: host}, func(ctx context.Context) (relyingparty.Association, error) {
		policies, err := s.policies(ctx)
		return relyingparty.Associate(host, policies), err
	})
	if err == nil && found.ID == "" {
		err = ErrNoAssociation
	}
	return found, err
}

// policies are those of the active applications, the oldest first.
func (s *Service) policies(ctx context.Context) ([]relyingparty.Policy, error) {
	all, err := s.deps.Store.Applications(ctx)
	if err != nil {
		return nil, err
	}
	var found []relyingparty.Policy
	for _, app := range all {
		if app.Status == Active && app.Passkeys != nil {
			found = append(found, *app.Passkeys)
		}
	}
	return found, nil
}
