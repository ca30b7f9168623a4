package boot

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// silence is how long the sequencer may say nothing before the server is not ready.
const silence = 5 * time.Second

// sequencerWatch stands between the sequencer and its store and notes each success,
// so that the platform learns when events are no longer numbered.
type sequencerWatch struct {
	events *storage.Events
	clock  clock.Clock
	seen   atomic.Pointer[clock.Stopwatch]
}

var _ event.SequencerStore = (*sequencerWatch)(nil)

// ClaimSequencer passes on. Not being the one who numbers is a success too.
func (w *sequencerWatch) ClaimSequencer(ctx context.Context, holder string, now, until time.Time) (int64, bool, error) {
	fence, held, err := w.events.ClaimSequencer(ctx, holder, now, until)
	if err == nil && !held {
		w.note()
	}
	return fence, held, err
}

// AssignSequence passes on.
func (w *sequencerWatch) AssignSequence(ctx context.Context, holder string, fence int64, limit int) (int, error) {
	count, err := w.events.AssignSequence(ctx, holder, fence, limit)
	if err == nil {
		w.note()
	}
	return count, err
}

func (w *sequencerWatch) note() {
	watch := clock.Started()
	w.seen.Store(&watch)
}

// alive tells whether the sequencer has worked lately.
func (w *sequencerWatch) alive() bool {
	seen := w.seen.Load()
	return seen != nil && seen.Elapsed() < silence
}

// lag is the age of the oldest event without a number, and the last number given.
func (w *sequencerWatch) lag(ctx context.Context) (time.Duration, int64, error) {
	ctx = reqctx.WithEveryTenant(ctx)
	last, err := w.events.LastSequence(ctx)
	if err != nil {
		return 0, 0, err
	}
	waiting, err := w.events.UnsequencedEvents(ctx, nil, 1)
	if err != nil || len(waiting) == 0 {
		return 0, last, err
	}
	return max(0, w.clock.Now().Sub(waiting[0].Time)), last, nil
}
