package flow

import (
	"context"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

const (
	cleanupEvery  = 10 * time.Minute
	keepExpired   = time.Hour
	cleanupBatch  = 500
	cleanupRounds = 200 // batches at one time; the rest waits for the next
)

// RunCleanup deletes flows and answers that expired a while ago, until ctx ends.
func (s *Service) RunCleanup(ctx context.Context) {
	tick := time.NewTicker(cleanupEvery)
	defer tick.Stop()
	for {
		if _, err := s.DeleteExpired(ctx); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "flow: old flows will be deleted later", "error", err)
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
	before, total := s.deps.Clock.Now().Add(-keepExpired), 0
	for range cleanupRounds {
		count, err := s.deps.Store.DeleteFlows(ctx, before, cleanupBatch)
		total += count
		if err != nil {
			return total, fmt.Errorf("delete flows: %w", err)
		}
		if count < cleanupBatch {
			break
		}
	}
	return total, nil
}
