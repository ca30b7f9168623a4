package drive

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/tests/load/process"
	"github.com/lintel-id/lintel/tests/load/report"
)

// mostWarmUp lets caches, connections and the collector settle before the first round.
const mostWarmUp = 300 * time.Millisecond

// Side is one of those that take turns.
type Side struct {
	// Process works for this side: its CPU time is told.
	Process int
	Go      func(ctx context.Context, lasts time.Duration) (Round, error)

	rounds []Round
	cpu    []float64 // of the process for one act, in ms
}

// NewSide is a side that loads a server.
func NewSide(process int, load Load) *Side {
	return &Side{Process: process, Go: func(ctx context.Context, lasts time.Duration) (Round, error) {
		load.Lasts = lasts
		return load.Drive(ctx)
	}}
}

// Warm runs for a moment and forgets what it saw.
func (s *Side) Warm(ctx context.Context, lasts time.Duration) error {
	_, err := s.Go(ctx, min(mostWarmUp, lasts/4))
	return err
}

// Round lets the side go once.
func (s *Side) Round(ctx context.Context, lasts time.Duration) error {
	before, unknown := process.CPUTime(s.Process)
	found, err := s.Go(ctx, lasts)
	if err != nil {
		return err
	}
	s.rounds = append(s.rounds, found)
	if after, err := process.CPUTime(s.Process); err == nil && unknown == nil && found.Answered > 0 {
		s.cpu = append(s.cpu, report.Milliseconds(after-before)/float64(found.Answered))
	}
	return nil
}

// Rounds is what all rounds found.
func (s *Side) Rounds() report.Rounds {
	found := report.Rounds{CPU: s.cpu}
	for _, r := range s.rounds {
		found.Rate = append(found.Rate, r.Rate)
		found.P50 = append(found.P50, report.Milliseconds(r.P50))
		found.P95 = append(found.P95, report.Milliseconds(r.P95))
		found.P99 = append(found.P99, report.Milliseconds(r.P99))
	}
	return found
}

// Turn lets every side go once. Who begins changes from turn to turn, so that nobody
// always runs in another's wake.
func Turn(ctx context.Context, turn int, lasts time.Duration, sides []*Side) error {
	for i := range sides {
		if err := sides[(i+turn)%len(sides)].Round(ctx, lasts); err != nil {
			return err
		}
	}
	return nil
}
