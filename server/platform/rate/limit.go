package rate

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// maxSpan bounds how far ahead a key can be charged, well inside what 64-bit
// nanoseconds hold.
const maxSpan = 366 * 24 * time.Hour

// ErrCost means the cost can never be paid within the limit, or is negative.
var ErrCost = errors.New("rate: cost must be between 0 and the burst")

// Limit allows Rate per Period on average and Burst at once.
type Limit struct {
	Rate   int
	Period time.Duration
	Burst  int
}

// Validate names the bad field.
func (l Limit) Validate() error {
	switch {
	case l.Rate < 1:
		return errors.New("rate: must be at least 1")
	case l.Period < time.Microsecond || l.Period > maxSpan:
		return fmt.Errorf("period: must be between 1µs and %v", maxSpan)
	case l.Burst < 1:
		return errors.New("burst: must be at least 1")
	case l.interval() > maxSpan/time.Duration(l.Burst):
		return fmt.Errorf("burst: takes longer than %v to recover", maxSpan)
	}
	return nil
}

// interval is the time one unit takes to come back, rounded up so that rounding
// never allows more than the limit.
func (l Limit) interval() time.Duration {
	return (l.Period + time.Duration(l.Rate) - 1) / time.Duration(l.Rate)
}

// Window is the time in which a spent burst is whole again.
func (l Limit) Window() time.Duration { return l.interval() * time.Duration(l.Burst) }

// Decision is the answer to one question, with what a caller needs for its headers.
type Decision struct {
	Allowed    bool
	Remaining  int           // how many units could be taken right now
	RetryAfter time.Duration // until the same cost would be allowed; 0 if it was
	ResetAfter time.Duration // until the whole burst is back
}

// Limiter counts by key.
type Limiter interface {
	// Take charges the cost if the limit has room and leaves everything as it was if
	// not. A cost of 0 only looks. An error means that nothing was decided; callers
	// that protect secrets must then refuse.
	Take(ctx context.Context, key string, limit Limit, cost int) (Decision, error)
	// Refund gives back what a Take was charged, once it turns out not to count: a
	// guess is charged before it is checked, so that parallel guesses cannot slip
	// through, and given back when it was right. A caller refunds only what it took.
	Refund(ctx context.Context, key string, limit Limit, cost int) error
}
