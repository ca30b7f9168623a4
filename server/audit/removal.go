package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Removal is what retention has taken from the beginning of a tenant's chain; the
// number is 0 while nothing was.
type Removal struct {
	Tenant id.Tenant
	Number int64 // of the last record that was removed
	Hash   Hash  // of that record: what the chain goes on from
	Seq    int64 // of its event
	At     time.Time
}

// First is the number that the chain begins with.
func (r Removal) First() int64 { return r.Number + 1 }

// before is the hash that the first record follows.
func (r Removal) before() Hash {
	if r.Number == 0 {
		return genesis(r.Tenant)
	}
	return r.Hash
}

// Removal is what retention has taken from a tenant's chain.
func (s *Service) Removal(ctx context.Context, tenant id.Tenant) (Removal, error) {
	return s.deps.Store.AuditRemoval(reqctx.WithEveryTenant(ctx), tenant)
}

// mostWaiting bounds the removals that are looked at before they have records, ten looks
// of the Trimmer.
const mostWaiting = 10 * trimRounds

// claim is what an event tells of a removal, and when.
type claim struct {
	TrimmedData

	at time.Time
}

// claimed reads the event; false for any other.
func claimed(told event.Envelope) (claim, bool) {
	made := claim{TrimmedData: TrimmedData{First: 0, Last: 0, Hash: "", Days: 0}, at: told.Time}
	return made, told.Type == EventTrimmed.Name && json.Unmarshal(told.Data, &made.TrimmedData) == nil
}

// of tells whether the claim is about this removal.
func (c claim) of(removal Removal) bool {
	return c.Last == removal.Number && c.Hash == removal.Hash.String()
}

// explained holds what is missing at the beginning against the events: the last removal
// that was told of is this one, and what it took was old enough, as far as the log still
// has it. Whoever takes more, and moves the place where the chain begins, is found here.
func (w *walk) explained(ctx context.Context) error {
	if w.removal.Number == 0 || w.tail {
		return nil
	}
	last := w.claim
	if !last.of(w.removal) && last.Last < w.removal.Number { // it may have no record yet
		events, err := w.service.deps.Log.EventsAfter(ctx, w.seq, []string{EventTrimmed.Name}, mostWaiting)
		if err != nil {
			return fmt.Errorf("events: %w", err)
		}
		for _, told := range append(w.waiting, events...) {
			if made, ok := claimed(told); ok && made.of(w.removal) {
				last = made
			}
		}
	}
	switch {
	case last.of(w.removal):
	case last.Last == w.removal.Number:
		w.breaks(last.Last, w.removal.Seq, Rewritten)
		return nil
	default:
		w.breaks(min(last.Last, w.removal.Number)+1, 0, Missing)
		return nil
	}
	page, err := w.service.deps.Log.EventsAfter(ctx, w.removal.Seq-1, nil, 1)
	if err != nil {
		return fmt.Errorf("events: %w", err)
	}
	if len(page) > 0 && page[0].Seq == w.removal.Seq && !page[0].Time.Before(last.at.Add(-days(last.Days))) {
		w.breaks(w.removal.Number, w.removal.Seq, Missing)
	}
	return nil
}

func days(count int) time.Duration { return time.Duration(count) * 24 * time.Hour }
