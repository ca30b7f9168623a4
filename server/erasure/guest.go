package erasure

import (
	"context"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
)

// Guest is a guest, and whether they have a session left.
type Guest struct {
	Tenant    id.Tenant
	ID        user.ID
	CreatedAt time.Time
	Held      bool
}

const (
	guestBatch  = 500
	guestRounds = 20 // batches at one look; the next goes on behind them
	// useLag is more than any use of a session waits to be written.
	useLag = 7 * 24 * time.Hour
)

// DiscardGuests goes along the guests of all tenants behind the one that is given, and has
// those erased whom nobody can be any more: what proved them was their session alone. It
// tells where to go on, which is the start again after the last. One who cannot be discarded
// now keeps nobody else waiting.
func (s *Service) DiscardGuests(ctx context.Context, last Guest) (Guest, error) {
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System, ID: ""})
	at := s.deps.Clock.Now().Add(-useLag)
	for range guestRounds {
		guests, err := s.deps.Queue.Guests(reqctx.WithEveryTenant(ctx), at, last, guestBatch)
		if err != nil {
			return last, fmt.Errorf("guests: %w", err)
		}
		for _, one := range guests {
			last = one
			if one.Held {
				continue
			}
			if _, err := s.deps.Users.DiscardGuest(reqctx.WithTenant(ctx, one.Tenant), one.ID, s.config.Guests); err != nil {
				s.deps.Logger.ErrorContext(ctx, "erasure: a guest could not be discarded", "user", one.ID.String(), "error", err)
			}
		}
		if len(guests) < guestBatch {
			return Guest{}, nil
		}
	}
	return last, nil
}
