package schema

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
)

// memory keeps which version is the newest for a few seconds, and a tenant's compiled
// schema for as long as it is used.
type memory struct {
	current *otter.Cache[epochKey, *Schema]
	opened  *otter.Cache[id.Tenant, *Schema]
	epoch   atomic.Uint64
}

// epochKey is a tenant within an epoch. Forgetting begins another, so that what is being
// loaded meanwhile ends up where nobody looks.
type epochKey struct {
	epoch  uint64
	tenant id.Tenant
}

func newMemory(clock clock.Clock, config Config) (*memory, error) {
	current, err := otter.New(&otter.Options[epochKey, *Schema]{
		MaximumSize:      config.CacheSize,
		ExpiryCalculator: otter.ExpiryWriting[epochKey, *Schema](config.CacheFor),
		Clock:            timeSource{clock},
	})
	if err != nil {
		return nil, err
	}
	opened, err := otter.New(&otter.Options[id.Tenant, *Schema]{MaximumSize: config.CacheSize})
	if err != nil {
		return nil, err
	}
	return &memory{current: current, opened: opened}, nil
}

// answer is from memory, or loaded once for all who wait.
func (m *memory) answer(ctx context.Context, tenant id.Tenant, load func(ctx context.Context) (*Schema, error)) (*Schema, error) {
	return m.current.Get(ctx, epochKey{m.epoch.Load(), tenant},
		otter.LoaderFunc[epochKey, *Schema](func(ctx context.Context, _ epochKey) (*Schema, error) { return load(ctx) }))
}

// forget drops which versions are the newest, those being loaded included.
func (m *memory) forget() {
	m.epoch.Add(1)
	m.current.InvalidateAll()
}

// timeSource lets the cache see the service's clock. It has no ticks: what has
// expired goes with the next write, so that no goroutine outlives the service.
type timeSource struct{ clock clock.Clock }

// NowNano is the present.
func (t timeSource) NowNano() int64 { return t.clock.Now().UnixNano() }

// Tick never ticks.
func (timeSource) Tick(time.Duration) <-chan time.Time { return nil }
