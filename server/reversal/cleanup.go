package reversal

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/sweep"
)

const cleanupEvery = time.Hour

// RunCleanup deletes ways back that have expired, until ctx ends.
func (s *Service) RunCleanup(ctx context.Context) {
	sweep.Run(ctx, cleanupEvery, "reversals", s.deps.Logger, s.DeleteExpired)
}

// DeleteExpired deletes in small batches, over all tenants, and tells how many.
func (s *Service) DeleteExpired(ctx context.Context) (int, error) {
	now := s.deps.Clock.Now()
	return sweep.All(ctx, func(ctx context.Context, limit int) (int, error) {
		return s.deps.Store.DeleteReversals(ctx, now, limit)
	})
}
