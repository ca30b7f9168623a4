package rate_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/rate"
)

func newMemory(t testing.TB, maxKeys int) (*rate.Memory, *clock.Fake) {
	t.Helper()
	fake := clock.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	memory, err := rate.NewMemory(rate.MemoryDeps{Clock: fake}, rate.MemoryConfig{MaxKeys: maxKeys})
	require.NoError(t, err)
	return memory, fake
}

func take(t testing.TB, m *rate.Memory, key string, limit rate.Limit, cost int) rate.Decision {
	t.Helper()
	decision, err := m.Take(context.Background(), key, limit, cost)
	require.NoError(t, err)
	return decision
}

func TestTakeTellsWhatIsLeft(t *testing.T) {
	m, fake := newMemory(t, 1024)
	limit := rate.Limit{Rate: 60, Period: time.Minute, Burst: 3}
	require.Equal(t, rate.Decision{Allowed: true, Remaining: 3, RetryAfter: 0, ResetAfter: 0}, take(t, m, "a", limit, 0))
	require.Equal(t, rate.Decision{Allowed: true, Remaining: 2, RetryAfter: 0, ResetAfter: time.Second}, take(t, m, "a", limit, 1))
	require.Equal(t, rate.Decision{Allowed: true, Remaining: 0, RetryAfter: 0, ResetAfter: 3 * time.Second}, take(t, m, "a", limit, 2))
	require.Equal(t, rate.Decision{Allowed: false, Remaining: 0, RetryAfter: time.Second, ResetAfter: 3 * time.Second}, take(t, m, "a", limit, 1))
	require.Equal(t, rate.Decision{Allowed: false, Remaining: 0, RetryAfter: 3 * time.Second, ResetAfter: 3 * time.Second}, take(t, m, "a", limit, 3))
	require.Equal(t, rate.Decision{Allowed: true, Remaining: 0, RetryAfter: 0, ResetAfter: 3 * time.Second}, take(t, m, "a", limit, 0), "looking charges nothing")
	require.True(t, take(t, m, "b", limit, 1).Allowed, "another key has its own burst")

	fake.Advance(time.Second - time.Microsecond)
	require.Equal(t, time.Microsecond, take(t, m, "a", limit, 1).RetryAfter)
	fake.Advance(time.Microsecond)
	require.True(t, take(t, m, "a", limit, 1).Allowed)
	require.False(t, take(t, m, "a", limit, 1).Allowed)
	fake.Advance(time.Hour)
	require.Equal(t, 3, take(t, m, "a", limit, 0).Remaining, "a long pause earns one burst, not more")
}

func TestRefundGivesBackWhatWasTaken(t *testing.T) {
	m, _ := newMemory(t, 1024)
	ctx, limit := t.Context(), rate.Limit{Rate: 1, Period: time.Minute, Burst: 2}
	for range 10 {
		require.True(t, take(t, m, "a", limit, 2).Allowed)
		require.NoError(t, m.Refund(ctx, "a", limit, 2))
	}
	require.True(t, take(t, m, "a", limit, 1).Allowed)
	for range 10 {
		require.NoError(t, m.Refund(ctx, "a", limit, 2))
	}
	require.NoError(t, m.Refund(ctx, "never seen", limit, 1))
	require.Equal(t, 2, take(t, m, "a", limit, 0).Remaining, "no refund saves up more than a burst")
	require.ErrorIs(t, m.Refund(ctx, "a", limit, 3), rate.ErrCost)
	require.Error(t, m.Refund(ctx, "a", rate.Limit{}, 1))
}

// Whatever the pattern of requests, refused ones included, no span of time t ever
// sees more than burst + rate·t.
func TestNeverMoreThanTheLimit(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		limit := rate.Limit{Rate: 1 + random.IntN(50), Period: time.Duration(1+random.IntN(5000)) * time.Millisecond, Burst: 1 + random.IntN(20)}
		m, fake := newMemory(t, 1024)
		type grant struct {
			at   time.Time
			cost int
		}
		var grants []grant
		for range 300 {
			fake.Advance(time.Duration(random.Int64N(int64(limit.Period)/2)) / time.Duration(1+random.IntN(limit.Rate)))
			cost := 1 + random.IntN(limit.Burst)
			if take(t, m, "key", limit, cost).Allowed {
				grants = append(grants, grant{fake.Now(), cost})
			}
		}
		require.NotEmpty(t, grants)
		for i := range grants {
			total := 0
			for _, g := range grants[i:] {
				total += g.cost
				allowed := float64(limit.Burst) + float64(limit.Rate)*float64(g.at.Sub(grants[i].at))/float64(limit.Period)
				if float64(total) > allowed+1e-6 {
					require.Fail(t, "over the limit", "seed %d, %+v: %d > %f", seed, limit, total, allowed)
				}
			}
		}
	}
}

// RetryAfter is a promise: a caller that waits that long, and nobody else comes, is let in.
func TestRetryAfterIsEnough(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	limit := rate.Limit{Rate: 7, Period: time.Second, Burst: 5}
	m, fake := newMemory(t, 1024)
	for range 1000 {
		cost := 1 + random.IntN(5)
		if decision := take(t, m, "key", limit, cost); !decision.Allowed {
			fake.Advance(decision.RetryAfter + time.Microsecond) // the clock counts whole microseconds
			require.True(t, take(t, m, "key", limit, cost).Allowed)
		}
	}
}

// Side-door: 16 parallel guessers get the burst and not one more.
func TestClass_SideDoorParallelTakes(t *testing.T) {
	m, _ := newMemory(t, 1024)
	limit := rate.Limit{Rate: 1, Period: time.Hour, Burst: 5}
	var allowed atomic.Int64
	var done sync.WaitGroup
	for i := range 16 {
		done.Go(func() {
			for j := range 100 {
				if d, err := m.Take(context.Background(), "victim", limit, 1); err == nil && d.Allowed {
					allowed.Add(1)
				}
				_, _ = m.Take(context.Background(), fmt.Sprint(i, j), limit, 1)
			}
		})
	}
	done.Wait()
	require.Equal(t, int64(5), allowed.Load())
}

// Exhaustion: a flood of invented keys neither grows the memory without bound nor
// frees a key that is being throttled; when the flood ends, everybody is let in again.
func TestClass_ExhaustionFloodOfKeys(t *testing.T) {
	const maxKeys = 640
	m, fake := newMemory(t, maxKeys)
	limit := rate.Limit{Rate: 1, Period: time.Minute, Burst: 3}
	require.True(t, take(t, m, "victim", limit, 3).Allowed)
	refused := 0
	for i := range 100 * maxKeys {
		if d := take(t, m, fmt.Sprint("flood ", i), limit, 1); !d.Allowed {
			require.True(t, d.RetryAfter > 0 && d.RetryAfter <= 3*time.Minute)
			refused++
		}
	}
	require.Equal(t, maxKeys, m.Len())
	require.Equal(t, 99*maxKeys+1, refused)
	require.False(t, take(t, m, "victim", limit, 1).Allowed)
	fake.Advance(time.Minute)
	require.True(t, take(t, m, "victim", limit, 1).Allowed, "a known key goes on as before")
	require.False(t, take(t, m, "victim", limit, 1).Allowed)
	for i := range 9 { // as many as fit, even if all fell into the victim's shard
		require.True(t, take(t, m, fmt.Sprint("newcomer ", i), limit, 1).Allowed)
	}
}

func TestRecoveredKeysAreSweptByTraffic(t *testing.T) {
	m, fake := newMemory(t, 1<<16)
	limit := rate.Limit{Rate: 1, Period: time.Second, Burst: 1}
	for i := range 10_000 {
		take(t, m, fmt.Sprint(i), limit, 1)
	}
	require.Equal(t, 10_000, m.Len())
	fake.Advance(time.Second)
	for i := range 10_000 {
		take(t, m, fmt.Sprint("other", i), limit, 0)
	}
	require.Zero(t, m.Len())
}

// movable is a clock that can be set back, as a machine's can.
type movable struct{ now time.Time }

func (m *movable) Now() time.Time { return m.now }

// A clock that is set back leaves everybody with what they had left: nobody is locked
// out, and nobody gets anything back before its time.
func TestClockSetBack(t *testing.T) {
	for _, back := range []time.Duration{500 * time.Millisecond, 2 * time.Second, time.Minute, 24 * time.Hour} {
		t.Run(back.String(), func(t *testing.T) {
			hands := &movable{now: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
			m, err := rate.NewMemory(rate.MemoryDeps{Clock: hands}, rate.DefaultMemoryConfig())
			require.NoError(t, err)
			limit := rate.Limit{Rate: 1, Period: time.Second, Burst: 5}
			require.True(t, take(t, m, "spent", limit, 5).Allowed)
			require.Equal(t, 4, take(t, m, "used", limit, 1).Remaining)
			hands.now = hands.now.Add(-back)
			require.Equal(t, 3, take(t, m, "used", limit, 1).Remaining)
			decision := take(t, m, "spent", limit, 1)
			require.False(t, decision.Allowed)
			require.Equal(t, time.Second, decision.RetryAfter)
			require.Equal(t, 5*time.Second, decision.ResetAfter)

			hands.now = hands.now.Add(time.Second + min(back, time.Second))
			require.True(t, take(t, m, "spent", limit, 1).Allowed)
			hands.now = hands.now.Add(time.Hour)
			require.Equal(t, 4, take(t, m, "spent", limit, 1).Remaining)
			hands.now = hands.now.Add(-2 * time.Hour)
			require.Equal(t, 3, take(t, m, "spent", limit, 1).Remaining, "a second time as well")
		})
	}
}

func TestRefusesNonsense(t *testing.T) {
	m, _ := newMemory(t, 1024)
	for _, limit := range []rate.Limit{
		{}, {Rate: 0, Period: time.Second, Burst: 1}, {Rate: 1, Period: 0, Burst: 1}, {Rate: 1, Period: time.Second, Burst: 0},
		{Rate: -1, Period: time.Second, Burst: 1}, {Rate: 1, Period: 1 << 62, Burst: 1}, {Rate: 1, Period: time.Hour, Burst: 1 << 40},
	} {
		_, err := m.Take(t.Context(), "a", limit, 1)
		require.Error(t, err, "%+v", limit)
	}
	good := rate.Limit{Rate: 1, Period: time.Second, Burst: 2}
	for _, cost := range []int{-1, 3, 1 << 40} {
		_, err := m.Take(t.Context(), "a", good, cost)
		require.ErrorIs(t, err, rate.ErrCost)
	}
	_, err := rate.NewMemory(rate.MemoryDeps{}, rate.DefaultMemoryConfig())
	require.Error(t, err)
	_, err = rate.NewMemory(rate.MemoryDeps{Clock: &movable{}}, rate.MemoryConfig{MaxKeys: 1})
	require.ErrorContains(t, err, "max_keys")
}

func BenchmarkTake(b *testing.B) {
	m, err := rate.NewMemory(rate.MemoryDeps{Clock: clock.System{}}, rate.DefaultMemoryConfig())
	require.NoError(b, err)
	limit := rate.Limit{Rate: 1, Period: time.Hour, Burst: 10}
	keys := make([]string, 1<<16)
	for i := range keys {
		keys[i] = fmt.Sprint("login.source:", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_, _ = m.Take(context.Background(), keys[i%len(keys)], limit, 1)
	}
}

func BenchmarkTakeWhenFull(b *testing.B) {
	m, _ := newMemory(b, 1<<12)
	limit := rate.Limit{Rate: 1, Period: time.Hour, Burst: 10}
	for i := range 1 << 14 {
		take(b, m, fmt.Sprint(i), limit, 1)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = m.Take(context.Background(), "another", limit, 1)
	}
}
