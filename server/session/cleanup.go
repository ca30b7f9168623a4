package session

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/sweep"
)

const cleanupEvery = time.Hour

// RunCleanup deletes sessions that ended or expired long ago, until ctx ends.
func (s *Service) RunCleanup(ctx context.Context) {
	sweep.Run(ctx, cleanupEvery, "sessions", s.deps.Logger, s.DeleteExpired)
}

// DeleteExpired deletes in small batches, over all tenants, and tells how many.
func (s *Service) DeleteExpired(ctx context.Context) (int, error) {
	before := s.deps.Clock.Now().Add(-s.config.KeepEnded)
	return sweep.All(ctx, func(ctx context.Context, limit int) (int, error) {
		return s.deps.Store.DeleteSessions(ctx, before, limit)
	})
}
