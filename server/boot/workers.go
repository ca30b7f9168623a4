package boot

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

const (
	flowCleanupEvery = 10 * time.Minute
	flowKeepExpired  = time.Hour
	cleanupBatch     = 500
	cleanupRounds    = 200 // batches at one time; the rest waits for the next
	settleAfter      = time.Second
)

// worker is a loop that ends with its context.
type worker struct {
	name string
	run  func(ctx context.Context)
}

// runWorkers runs all and returns when all have ended.
func runWorkers(ctx context.Context, workers []worker, logger *slog.Logger) {
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() {
			w.run(ctx)
			logger.DebugContext(ctx, "worker ended", "worker", w.name)
		})
	}
	all.Wait()
}

// settle gives back what only the start needed, which is more than an idle server
// holds, once the first callers have been served.
func settle(ctx context.Context) {
	started := time.NewTimer(settleAfter)
	defer started.Stop()
	select {
	case <-ctx.Done():
	case <-started.C:
		debug.FreeOSMemory()
	}
}

// flowCleanup deletes flows and answers that expired a while ago.
type flowCleanup struct {
	store  flow.Store
	clock  clock.Clock
	logger *slog.Logger
}

func (f flowCleanup) run(ctx context.Context) {
	tick := time.NewTicker(flowCleanupEvery)
	defer tick.Stop()
	for {
		if err := f.once(ctx); err != nil && ctx.Err() == nil {
			f.logger.WarnContext(ctx, "old flows will be deleted later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// once deletes in small batches, so that others get their turn in between.
func (f flowCleanup) once(ctx context.Context) error {
	ctx = reqctx.WithEveryTenant(ctx)
	before := f.clock.Now().Add(-flowKeepExpired)
	for range cleanupRounds {
		count, err := f.store.DeleteFlows(ctx, before, cleanupBatch)
		if err != nil || count < cleanupBatch {
			return err
		}
	}
	return nil
}
