package session

import (
	"context"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

const (
	cleanupEvery  = time.Hour
	cleanupBatch  = 500
	cleanupRounds = 200 // batches at one time; the rest waits for the next
)

// RunCleanup deletes sessions that ended or expired long ago, until ctx ends.
func (s *Service) RunCleanup(ctx context.Context) {
	tick := time.NewTicker(cleanupEvery)
	defer tick.Stop()
	for {
		if _, err := s.DeleteExpired(ctx); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "session: old sessions will be deleted later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// DeleteExpired deletes in small batches, over all tenants, and tells how many.
func (s *Service) DeleteExpired(ctx context.Context) (int, error) {
	ctx = reqctx.WithEveryTenant(ctx)
	before, total := s.deps.Clock.Now().Add(-s.config.KeepEnded), 0
	for range cleanupRounds {
		count, err := s.deps.Store.DeleteSessions(ctx, before, cleanupBatch)
		total += count
		if err != nil {
			return total, fmt.Errorf("delete sessions: %w", err)
		}
		if count < cleanupBatch {
			break
		}
	}
	return total, nil
}
