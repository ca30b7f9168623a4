package boot

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

const (
	settleAfter = time.Second
	heapGrowth  = 200 // percent; at 100 the 19 MiB of one hash have the whole heap walked
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
// holds, once the first callers have been served, and then collects less often.
func settle(ctx context.Context) {
	started := time.NewTimer(settleAfter)
	defer started.Stop()
	select {
	case <-ctx.Done():
	case <-started.C:
		debug.FreeOSMemory()
		debug.SetGCPercent(heapGrowth)
	}
}
