package jwks

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/jose"
)

// memory keeps what was read for a few seconds, and opened keys for as long as they
// are used.
type memory struct {
	rings  *otter.Cache[ringKey, *ring]
	opened *otter.Cache[openedKey, *jose.SigningKey]
	epoch  atomic.Uint64
}

// ringKey is a tenant within an epoch. Forgetting begins another, so that what is
// being loaded meanwhile ends up where nobody looks.
type ringKey struct {
	epoch  uint64
	tenant id.Tenant
}

type openedKey struct {
	tenant id.Tenant
	key    ID
}

func newMemory(clock clock.Clock, config Config) (*memory, error) {
	rings, err := otter.New(&otter.Options[ringKey, *ring]{
		MaximumSize:      config.CacheSize,
		ExpiryCalculator: otter.ExpiryWriting[ringKey, *ring](config.CacheFor),
		Clock:            timeSource{clock},
	})
	if err != nil {
		return nil, err
	}
	opened, err := otter.New(&otter.Options[openedKey, *jose.SigningKey]{MaximumSize: config.CacheSize})
	if err != nil {
		return nil, err
	}
	return &memory{rings: rings, opened: opened}, nil
}

// ring answers from memory or loads once for all who wait.
func (m *memory) ring(ctx context.Context, tenant id.Tenant, load func(ctx context.Context) (*ring, error)) (*ring, error) {
	key := ringKey{m.epoch.Load(), tenant}
	if found, ok := m.rings.GetIfPresent(key); ok {
		return found, nil
	}
	return m.rings.Get(ctx, key,
		otter.LoaderFunc[ringKey, *ring](func(ctx context.Context, _ ringKey) (*ring, error) { return load(ctx) }))
}

// forget drops what was read, what is being loaded included, and every opened key.
func (m *memory) forget() {
	m.epoch.Add(1)
	m.rings.InvalidateAll()
	m.opened.InvalidateAll()
}

// timeSource lets the cache see the service's clock. It has no ticks: what has
// expired goes with the next write, so that no goroutine outlives the service.
type timeSource struct{ clock clock.Clock }

// NowNano is the present.
func (t timeSource) NowNano() int64 { return t.clock.Now().UnixNano() }

// Tick never ticks.
func (timeSource) Tick(time.Duration) <-chan time.Time { return nil }
