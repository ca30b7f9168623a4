package flow

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/sweep"
)

const (
	cleanupEvery = 10 * time.Minute
	keepExpired  = time.Hour
)

// RunCleanup deletes flows and answers that expired a while ago, until ctx ends.
func (s *Service) RunCleanup(ctx context.Context) {
	sweep.Run(ctx, cleanupEvery, "flows", s.deps.Logger, s.DeleteExpired)
}

// DeleteExpired deletes in small batches, over all tenants, and tells how many.
func (s *Service) DeleteExpired(ctx context.Context) (int, error) {
	before := s.deps.Clock.Now().Add(-keepExpired)
	return sweep.All(ctx, func(ctx context.Context, limit int) (int, error) { return s.deps.Store.DeleteFlows(ctx, before, limit) })
}
