package invitation

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/sweep"
)

const cleanupEvery = time.Hour

// RunCleanup deletes invitations that ran out long ago, until ctx ends.
func (s *Service) RunCleanup(ctx context.Context) {
	sweep.Run(ctx, cleanupEvery, "invitations", s.deps.Logger, s.DeleteExpired)
}

// DeleteExpired deletes in small batches, over all tenants, and tells how many.
func (s *Service) DeleteExpired(ctx context.Context) (int, error) {
	before := s.deps.Clock.Now().Add(-s.config.KeepFor)
	return sweep.All(ctx, func(ctx context.Context, limit int) (int, error) {
		return s.deps.Store.DeleteInvitations(ctx, before, limit)
	})
}
