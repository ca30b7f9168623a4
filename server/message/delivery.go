package message

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// reportAgain is when whoever reports of a message that is being sent is to come back.
const reportAgain = 30 * time.Second

// Outcome is what became of a message after a provider took it.
type Outcome string

// The outcomes, each of which says more than those before it: a report that comes late, or
// twice, takes nothing back.
const (
	Relayed    Outcome = "relayed"    // the reader's carrier has it
	Deferred   Outcome = "deferred"   // held up, and tried still
	Delivered  Outcome = "delivered"  // it has arrived
	Bounced    Outcome = "bounced"    // it will not, or was sent back
	Complained Outcome = "complained" // its reader did not want it
)

// ladder is their order, from nothing.
func ladder() []Outcome { return []Outcome{"", Relayed, Deferred, Delivered, Bounced, Complained} }

// Delivery is what a provider tells of a message that it took.
type Delivery struct {
	Outcome Outcome
	Code    string // why, as the provider calls it; empty: it did not say
	At      time.Time
}

// Report is what a provider tells, once it is known to be the provider's.
type Report struct {
	ID        ID
	Channels  []Channel // whose messages whoever reports is handed; of another's they know nothing
	Reference string    // what the provider calls it; empty: it did not say
	Outcome   Outcome
	Code      string
}

// Note writes down what became of a message. ErrUnknown for one that is not here, was not sent,
// is called otherwise or is not theirs; ErrNotNoted for one that is being sent.
func (s *Service) Note(ctx context.Context, told Report) error {
	step := slices.Index(ladder(), told.Outcome)
	if step < 1 {
		return fmt.Errorf("message: there is no outcome %q", told.Outcome)
	}
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		about, err := s.deps.Store.MessageByID(ctx, told.ID)
		switch {
		case err != nil:
			return err
		case !slices.Contains(told.Channels, about.Channel):
			return ErrUnknown
		case about.Status == Queued:
			return ErrNotNoted
		case about.Status == Withheld, about.Reference != "" && told.Reference != "" && about.Reference != told.Reference:
			return ErrUnknown
		}
		about.Delivery = &Delivery{Outcome: told.Outcome, Code: told.Code, At: s.deps.Clock.Now()}
		noted, err := s.deps.Store.NoteDelivery(ctx, about, ladder()[:step])
		if err != nil || !noted {
			return err
		}
		return s.recordDelivery(ctx, about)
	})
}

func (s *Service) recordDelivery(ctx context.Context, about Message) error {
	data := DeliveryData{Kind: about.Kind, Channel: about.Channel, Code: about.Delivery.Code}
	switch about.Delivery.Outcome {
	case Delivered:
		return s.record(ctx, EventDelivered, about, data)
	case Bounced:
		return s.record(ctx, EventBounced, about, data)
	case Complained:
		return s.record(ctx, EventComplained, about, data)
	case Relayed, Deferred: // nothing is decided
	}
	return nil
}
