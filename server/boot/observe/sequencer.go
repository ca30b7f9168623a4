package observe

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// silence is how long the sequencer may say nothing before the server is not ready.
const silence = 5 * time.Second

// Sequencer stands between the sequencer and its store and notes each success,
// so that the platform learns when events are no longer numbered.
type Sequencer struct {
	events *storage.Events
	clock  clock.Clock
	seen   atomic.Pointer[clock.Stopwatch]
}

var errSilent = errors.New("the sequencer has not worked lately")

// NewSequencer stands before the store.
func NewSequencer(events *storage.Events, clock clock.Clock) *Sequencer {
	return &Sequencer{events: events, clock: clock}
}

var _ event.SequencerStore = (*Sequencer)(nil)

// ClaimSequencer passes on. Not being the one who numbers is a success too.
func (s *Sequencer) ClaimSequencer(ctx context.Context, holder string, now, until time.Time) (int64, bool, error) {
	fence, held, err := s.events.ClaimSequencer(ctx, holder, now, until)
	if err == nil && !held {
		s.note()
	}
	return fence, held, err
}

// AssignSequence passes on.
func (s *Sequencer) AssignSequence(ctx context.Context, holder string, fence int64, limit int) (int, error) {
	count, err := s.events.AssignSequence(ctx, holder, fence, limit)
	if err == nil {
		s.note()
	}
	return count, err
}

// ReleaseSequencer passes on.
func (s *Sequencer) ReleaseSequencer(ctx context.Context, holder string, now time.Time) error {
	return s.events.ReleaseSequencer(ctx, holder, now)
}

func (s *Sequencer) note() {
	watch := clock.Started()
	s.seen.Store(&watch)
}

// Alive tells whether the sequencer has worked lately.
func (s *Sequencer) Alive(context.Context) error {
	if seen := s.seen.Load(); seen == nil || seen.Elapsed() >= silence {
		return errSilent
	}
	return nil
}

// lag is the age of the oldest event without a number, and the last number given.
func (s *Sequencer) lag(ctx context.Context) (time.Duration, int64, error) {
	ctx = reqctx.WithEveryTenant(ctx)
	last, err := s.events.LastSequence(ctx)
	if err != nil {
		return 0, 0, err
	}
	waiting, err := s.events.UnsequencedEvents(ctx, nil, 1)
	if err != nil || len(waiting) == 0 {
		return 0, last, err
	}
	return max(0, s.clock.Now().Sub(waiting[0].Time)), last, nil
}
