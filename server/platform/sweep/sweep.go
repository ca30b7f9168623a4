package sweep

import (
	"context"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

const (
	batch  = 500
	rounds = 200 // batches at one time; the rest waits for the next
)

// Run sweeps at once and then every so often, until ctx ends. One that fails is noted with the
// name of what it was to delete, and tried again the next time.
func Run(ctx context.Context, every time.Duration, what string, logger *slog.Logger, sweep func(ctx context.Context) (int, error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := sweep(ctx); err != nil && ctx.Err() == nil {
			logger.WarnContext(ctx, "what is over will be deleted later", "what", what, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// All deletes over all tenants, so much at a time and so often at most, and tells how many;
// remove deletes up to limit and tells how many those were.
func All(ctx context.Context, remove func(ctx context.Context, limit int) (int, error)) (int, error) {
	ctx, total := reqctx.WithEveryTenant(ctx), 0
	for range rounds {
		count, err := remove(ctx, batch)
		total += count
		if err != nil || count < batch {
			return total, err
		}
	}
	return total, nil
}
