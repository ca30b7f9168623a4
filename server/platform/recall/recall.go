package recall

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// Config bounds a Memory.
type Config struct {
	For  time.Duration // how long an answer is repeated
	Size int           // how many answers there are at most
	// None is the error that is an answer as well, so that what does not exist costs no
	// query each time it is asked for; nil: no error is.
	None error
}

// Memory repeats answers. It is safe for concurrent use, and what it gives is shared:
// callers change nothing in it.
type Memory[K comparable, V any] struct {
	none  error
	kept  *otter.Cache[within[K], answer[V]]
	epoch atomic.Uint64
}

// within is a key in its epoch. Forgetting begins another epoch, so that what is being
// read meanwhile ends up where nobody looks.
type within[K comparable] struct {
	epoch uint64
	key   K
}

type answer[V any] struct {
	value V
	err   error
}

// New makes a Memory.
func New[K comparable, V any](clock clock.Clock, config Config) (*Memory[K, V], error) {
	if clock == nil || config.For <= 0 || config.Size < 1 {
		return nil, errors.New("recall: a clock, a time and a size are needed")
	}
	kept, err := otter.New(&otter.Options[within[K], answer[V]]{
		MaximumSize:      config.Size,
		ExpiryCalculator: otter.ExpiryWriting[within[K], answer[V]](config.For),
		Clock:            timeSource{clock},
	})
	if err != nil {
		return nil, err
	}
	return &Memory[K, V]{none: config.None, kept: kept}, nil
}

// Kept is an answer that is in memory; found is false where it has to be read. Inside a
// unit of work nothing is: what is true there may never be committed.
func (m *Memory[K, V]) Kept(ctx context.Context, key K) (value V, found bool, err error) {
	if tx.Active(ctx) {
		return value, false, nil
	}
	kept, found := m.kept.GetIfPresent(within[K]{m.epoch.Load(), key})
	return kept.value, found, kept.err
}

// Get repeats an answer, or reads it once for all who wait. Inside a unit of work it
// reads.
func (m *Memory[K, V]) Get(ctx context.Context, key K, read func(ctx context.Context) (V, error)) (V, error) {
	if tx.Active(ctx) {
		return read(ctx)
	}
	if value, found, err := m.Kept(ctx, key); found {
		return value, err
	}
	found, err := m.kept.Get(ctx, within[K]{m.epoch.Load(), key},
		otter.LoaderFunc[within[K], answer[V]](func(ctx context.Context, _ within[K]) (answer[V], error) {
			value, err := read(ctx)
			if err != nil && (m.none == nil || !errors.Is(err, m.none)) {
				return answer[V]{}, err
			}
			return answer[V]{value: value, err: err}, nil
		}))
	if err != nil {
		var nothing V
		return nothing, err
	}
	return found.value, found.err
}

// Forget drops all answers, and those that are being read.
func (m *Memory[K, V]) Forget() {
	m.epoch.Add(1)
	m.kept.InvalidateAll()
}

// timeSource lets the cache see the service's clock. It has no ticks: what has expired
// goes with the next write, so that no goroutine outlives the service.
type timeSource struct{ clock clock.Clock }

// NowNano is the present.
func (t timeSource) NowNano() int64 { return t.clock.Now().UnixNano() }

// Tick never ticks.
func (timeSource) Tick(time.Duration) <-chan time.Time { return nil }
