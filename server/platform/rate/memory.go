package rate

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
)

const (
	shardCount = 64
	// sweepPerTake is how many recovered keys each call clears away: more than a
	// call can add, so the memory shrinks by traffic alone, without a goroutine.
	sweepPerTake = 2
)

// MemoryDeps are what Memory needs from others.
type MemoryDeps struct {
	Clock clock.Clock
}

// MemoryConfig bounds the memory.
type MemoryConfig struct {
	// MaxKeys is how many keys can be counted at a time, about 100 bytes each.
	MaxKeys int
}

// DefaultMemoryConfig takes 25 MB at the very most.
func DefaultMemoryConfig() MemoryConfig { return MemoryConfig{MaxKeys: 1 << 18} }

// Validate names the bad field.
func (c MemoryConfig) Validate() error {
	if c.MaxKeys < shardCount {
		return fmt.Errorf("max_keys: must be at least %d", shardCount)
	}
	return nil
}

// Memory is a Limiter for one node. Keys are kept as hashes under a random seed:
// no address or account name stays in memory, and nobody outside can aim at one
// shard or make two keys collide.
type Memory struct {
	clock  clock.Clock
	start  time.Time
	shift  atomic.Int64 // what the clock has been set back by
	latest atomic.Int64 // the latest time that was told
	seed   maphash.Seed
	shards [shardCount]shard
}

var _ Limiter = (*Memory)(nil)

type shard struct {
	mu      sync.Mutex
	max     int
	entries map[uint64]*entry
	heap    entryHeap
}

// NewMemory checks its parts.
func NewMemory(deps MemoryDeps, config MemoryConfig) (*Memory, error) {
	if deps.Clock == nil {
		return nil, errors.New("rate: clock is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("rate: %w", err)
	}
	m := &Memory{clock: deps.Clock, start: deps.Clock.Now(), seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].max = config.MaxKeys / shardCount
		m.shards[i].entries = map[uint64]*entry{}
	}
	return m, nil
}

// Take charges the key. The state of a key is one moment, the time at which its
// whole burst is back; a request is allowed if that moment, moved by its cost,
// stays within a burst of now.
func (m *Memory) Take(_ context.Context, key string, limit Limit, cost int) (Decision, error) {
	if err := check(limit, cost); err != nil {
		return Decision{}, err
	}
	hash := maphash.String(m.seed, key)
	s := &m.shards[hash%shardCount]
	s.mu.Lock()
	defer s.mu.Unlock()
	now := m.now() // inside the lock, or a later call could see an earlier time
	s.sweep(now, sweepPerTake)

	interval := limit.interval()
	window := limit.Window()
	known := s.entries[hash]
	full := now
	if known != nil {
		full = known.within(now, window)
		s.move(known, full)
	}
	charged := full + interval*time.Duration(cost)
	if wait := charged - window - now; wait > 0 {
		return decide(false, full-now, window, interval, wait), nil
	}
	switch {
	case cost == 0:
	case known != nil:
		s.move(known, charged)
	case len(s.heap) >= s.max: // the sweep found nothing to clear: see the package comment
		return Decision{Allowed: false, Remaining: 0, RetryAfter: s.heap[0].full - now, ResetAfter: s.heap[0].full - now}, nil
	default:
		s.add(&entry{hash: hash, full: charged})
	}
	return decide(true, charged-now, window, interval, 0), nil
}

// Refund moves the key back by the cost, never to before now.
func (m *Memory) Refund(_ context.Context, key string, limit Limit, cost int) error {
	if err := check(limit, cost); err != nil {
		return err
	}
	hash := maphash.String(m.seed, key)
	s := &m.shards[hash%shardCount]
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.entries[hash]; known != nil {
		interval := limit.interval()
		full := known.within(m.now(), limit.Window())
		s.move(known, full-interval*time.Duration(cost))
	}
	return nil
}

// Len is how many keys are being counted, for a metric.
func (m *Memory) Len() int {
	total := 0
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		total += len(s.heap)
		s.mu.Unlock()
	}
	return total
}

// standstill is how far a clock may go back without being followed: within it the
// limiter's time stands still until the clock is there again.
const standstill = time.Second

// now is the limiter's own time, which never goes back. When the clock is set back it
// goes on from where it was: whoever was being counted has used what they had used
// before, and neither less nor all of it.
func (m *Memory) now() time.Duration {
	for {
		shift, latest := m.shift.Load(), m.latest.Load()
		now := int64(m.clock.Now().Sub(m.start)) + shift
		switch {
		case now >= latest:
			if m.latest.CompareAndSwap(latest, now) {
				return time.Duration(now)
			}
		case latest-now <= int64(standstill):
			return time.Duration(latest)
		default:
			m.shift.CompareAndSwap(shift, shift+latest-now)
		}
	}
}

func check(limit Limit, cost int) error {
	if err := limit.Validate(); err != nil {
		return fmt.Errorf("rate: limit: %w", err)
	}
	if cost < 0 || cost > limit.Burst {
		return ErrCost
	}
	return nil
}

func decide(allowed bool, used, window, interval, wait time.Duration) Decision {
	return Decision{Allowed: allowed, Remaining: int((window - used) / interval), RetryAfter: wait, ResetAfter: used}
}
