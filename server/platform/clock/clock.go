package clock

import (
	"sync"
	"sync/atomic"
	"time"
)

// Clock tells the time, so that a test or test mode can decide what it is.
type Clock interface {
	// Now is the present in UTC, cut to the microsecond every engine can store.
	Now() time.Time
}

// System is the machine's own clock.
type System struct{}

// Now reads the machine's clock.
func (System) Now() time.Time { return cut(time.Now()) }

// Started measures how long something takes; it keeps the monotonic reading
// that Now drops, so a clock that jumps cannot make a duration negative.
func Started() Stopwatch {
	now := time.Now()
	return Stopwatch{at: now, wall: now.Round(0)}
}

// Stopwatch is a running measurement.
type Stopwatch struct {
	at   time.Time
	wall time.Time // the same without its monotonic reading
}

// Elapsed is the time since the stopwatch was started.
func (s Stopwatch) Elapsed() time.Duration { return time.Since(s.at) }

// Age is the time since the stopwatch was started, as the clock says that says more.
// The monotonic one stands still while the whole machine is suspended, and the other
// can be set back; for what must not be believed for too long, neither may hide it.
func (s Stopwatch) Age() time.Duration {
	return max(s.Elapsed(), time.Now().Round(0).Sub(s.wall))
}

// Fake is a clock that stands still until it is moved.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake starts a standing clock at the given time.
func NewFake(at time.Time) *Fake { return &Fake{now: cut(at)} }

// Now is the time the clock was last set to.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock forward.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = cut(f.now.Add(d))
}

// Movable goes on like the clock behind it and can be set, for a server whose
// journeys are being tested.
type Movable struct {
	behind Clock
	offset atomic.Int64
}

// NewMovable starts at the time of the clock behind.
func NewMovable(behind Clock) *Movable { return &Movable{behind: behind} }

// Now is the time it was moved to, and what has passed since.
func (m *Movable) Now() time.Time { return cut(m.behind.Now().Add(m.Offset())) }

// Offset is how far it is ahead of the clock behind.
func (m *Movable) Offset() time.Duration { return time.Duration(m.offset.Load()) }

// Set makes it the given time.
func (m *Movable) Set(to time.Time) { m.offset.Store(int64(to.Sub(m.behind.Now()))) }

// Advance moves it.
func (m *Movable) Advance(by time.Duration) { m.offset.Add(int64(by)) }

// Reset goes back to the clock behind.
func (m *Movable) Reset() { m.offset.Store(0) }

func cut(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
