package event

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
)

// SequencerStore numbers the log. There is one sequencer at a time over all
// nodes: the holder of the lease, fenced so that a paused holder that wakes up
// late can write nothing.
type SequencerStore interface {
	// ClaimSequencer takes or renews the lease until the given time. held is false
	// while another holder's lease runs. A change of holder raises the fence.
	ClaimSequencer(ctx context.Context, holder string, now, until time.Time) (fence int64, held bool, err error)
	// AssignSequence numbers up to limit committed events without a number, oldest
	// first, and tells how many. A fence that is no longer the lease's assigns none
	// and answers ErrFenced.
	AssignSequence(ctx context.Context, holder string, fence int64, limit int) (int, error)
	// ReleaseSequencer ends the holder's lease at once, so that the next does not have
	// to wait for it to run out. Another's lease is left alone.
	ReleaseSequencer(ctx context.Context, holder string, now time.Time) error
}

// Reader reads the log.
type Reader interface {
	// EventsAfter lists numbered events above the cursor in order. With types
	// given, only those.
	EventsAfter(ctx context.Context, after int64, types []string, limit int) ([]Envelope, error)
	// UnsequencedEvents lists committed events of the given types that have no
	// number yet, for followers that must not wait for the sequencer.
	UnsequencedEvents(ctx context.Context, types []string, limit int) ([]Envelope, error)
	// LastSequence is the highest number given so far.
	LastSequence(ctx context.Context) (int64, error)
}

// SequencerConfig sets the pace.
type SequencerConfig struct {
	Holder   string        // unique per process
	Interval time.Duration // how often to look without being woken
	Gather   time.Duration // how long to let commits gather once woken, so that one look serves many
	Lease    time.Duration // how long a silent holder keeps the others out
	Batch    int
}

// DefaultSequencerConfig is the pace that keeps a follower well under a second behind.
func DefaultSequencerConfig(holder string) SequencerConfig {
	return SequencerConfig{Holder: holder, Interval: 100 * time.Millisecond, Gather: 50 * time.Millisecond, Lease: 2 * time.Second, Batch: 500}
}

// SequencerDeps are what a Sequencer needs.
type SequencerDeps struct {
	Store  SequencerStore
	Clock  clock.Clock
	Logger *slog.Logger
}

// Sequencer gives committed events their numbers.
type Sequencer struct {
	deps   SequencerDeps
	config SequencerConfig
	wake   chan struct{}
}

// NewSequencer makes a Sequencer; Run starts it.
func NewSequencer(deps SequencerDeps, config SequencerConfig) *Sequencer {
	return &Sequencer{deps: deps, config: config, wake: make(chan struct{}, 1)}
}

// Wake asks for a look now; it never blocks.
func (s *Sequencer) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run numbers events until ctx ends; an error is logged and tried again at the
// next tick, since a number may be late but never lost.
func (s *Sequencer) Run(ctx context.Context) {
	tick := time.NewTicker(s.config.Interval)
	defer tick.Stop()
	for {
		if err := s.Step(ctx); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "sequencer: will try again", "error", err)
		}
		select {
		case <-ctx.Done():
			s.leave(ctx)
			return
		case <-tick.C:
		case <-s.wake:
			select {
			case <-time.After(s.config.Gather):
			case <-ctx.Done():
			}
		}
	}
}

// leave numbers what was committed last and gives the lease back.
func (s *Sequencer) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	err := errors.Join(s.Step(ctx), s.deps.Store.ReleaseSequencer(ctx, s.config.Holder, s.deps.Clock.Now()))
	if err != nil {
		s.deps.Logger.WarnContext(ctx, "sequencer: the next one waits for the lease to run out", "error", err)
	}
}

// Step claims the lease and numbers all there is.
func (s *Sequencer) Step(ctx context.Context) error {
	for {
		now := s.deps.Clock.Now()
		fence, held, err := s.deps.Store.ClaimSequencer(ctx, s.config.Holder, now, now.Add(s.config.Lease))
		if err != nil || !held {
			return err
		}
		n, err := s.deps.Store.AssignSequence(ctx, s.config.Holder, fence, s.config.Batch)
		if err != nil || n < s.config.Batch {
			return err
		}
	}
}
