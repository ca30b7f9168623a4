package erasure

import (
	"context"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
)

const (
	lookEvery = 5 * time.Minute
	batch     = 100
	rounds    = 100 // batches at one time; the rest waits for the next
)

// RunErasure erases the users whose time has come until ctx ends. Every node may run
// it: each user's own row decides which of them does it.
func (s *Service) RunErasure(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var last Guest
	for {
		var err error
		if last, err = s.DiscardGuests(ctx, last); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "erasure: will look for guests again", "error", err)
		}
		if _, err := s.EraseDue(ctx); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "erasure: will look again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// EraseDue erases over all tenants and tells how many. One who cannot be erased now
// keeps nobody else waiting, and is tried again at the next look.
func (s *Service) EraseDue(ctx context.Context) (int, error) {
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System, ID: ""})
	now, count := s.deps.Clock.Now(), 0
	var last user.Due
	for range rounds {
		due, err := s.deps.Queue.UsersDue(reqctx.WithEveryTenant(ctx), now, last, batch)
		if err != nil {
			return count, fmt.Errorf("users due: %w", err)
		}
		for _, one := range due {
			if last = one; s.tried(ctx, one) {
				count++
			}
		}
		if len(due) < batch {
			break
		}
	}
	return count, nil
}

// tried erases one user, and says so in the log where that does not work.
func (s *Service) tried(ctx context.Context, one user.Due) bool {
	erased, err := s.erase(reqctx.WithTenant(ctx, one.Tenant), one.ID)
	if err != nil {
		s.deps.Logger.ErrorContext(ctx, "erasure: a user could not be erased", "user", one.ID.String(), "error", err)
	}
	return erased
}
