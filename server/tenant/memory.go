package tenant

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// memory keeps answers for a few seconds. "There is none" is an answer too, in the
// same bound, so that made-up hosts cost no query each.
type memory struct {
	hosts *otter.Cache[keyed[string], answer]
	ids   *otter.Cache[keyed[id.Tenant], answer]
	boxes *otter.Cache[id.Tenant, *seal.Box] // a tenant's key is the same for ever
	epoch atomic.Uint64
}

// keyed is a key within an epoch. Forgetting begins another, so that what is being
// loaded meanwhile ends up where nobody looks.
type keyed[K comparable] struct {
	epoch uint64
	key   K
}

type answer struct {
	tenant Tenant
	err    error // ErrUnknownHost or none
}

type load func(ctx context.Context) (Tenant, error)

func newMemory(clock clock.Clock, config Config) (*memory, error) {
	hosts, err := otter.New(options[string](clock, config))
	if err != nil {
		return nil, err
	}
	ids, err := otter.New(options[id.Tenant](clock, config))
	if err != nil {
		return nil, err
	}
	boxes, err := otter.New(&otter.Options[id.Tenant, *seal.Box]{MaximumSize: config.CacheSize})
	if err != nil {
		return nil, err
	}
	return &memory{hosts: hosts, ids: ids, boxes: boxes}, nil
}

func options[K comparable](clock clock.Clock, config Config) *otter.Options[keyed[K], answer] {
	return &otter.Options[keyed[K], answer]{
		MaximumSize:      config.CacheSize,
		ExpiryCalculator: otter.ExpiryWriting[keyed[K], answer](config.CacheFor),
		Clock:            timeSource{clock},
	}
}

// spelt finds a host that is written as it is kept, which spares most requests the
// reading of it.
func (m *memory) spelt(ctx context.Context, host string) (answer, bool) {
	if tx.Active(ctx) {
		return answer{}, false
	}
	return m.hosts.GetIfPresent(keyed[string]{m.epoch.Load(), host})
}

func (m *memory) byHost(ctx context.Context, host string, load load) (Tenant, error) {
	return remember(ctx, m.hosts, keyed[string]{m.epoch.Load(), host}, load)
}

func (m *memory) byID(ctx context.Context, scope id.Tenant, load load) (Tenant, error) {
	return remember(ctx, m.ids, keyed[id.Tenant]{m.epoch.Load(), scope}, load)
}

// forget drops the answers, those being loaded included.
func (m *memory) forget() {
	m.epoch.Add(1)
	m.hosts.InvalidateAll()
	m.ids.InvalidateAll()
}

// remember answers from memory or loads once for all who wait. Inside a unit of
// work it does neither: what is read there may never be committed.
func remember[K comparable](ctx context.Context, cache *otter.Cache[K, answer], key K, load load) (Tenant, error) {
	if tx.Active(ctx) {
		return load(ctx)
	}
	if found, ok := cache.GetIfPresent(key); ok {
		return found.tenant, found.err
	}
	found, err := cache.Get(ctx, key, otter.LoaderFunc[K, answer](func(ctx context.Context, _ K) (answer, error) {
		tenant, err := load(ctx)
		if err != nil && !errors.Is(err, ErrUnknownHost) {
			return answer{}, err
		}
		return answer{tenant: tenant, err: err}, nil
	}))
	if err != nil {
		return Tenant{}, err
	}
	return found.tenant, found.err
}

// timeSource lets the cache see the service's clock. It has no ticks: what has
// expired goes with the next write, so that no goroutine outlives the service.
type timeSource struct{ clock clock.Clock }

// NowNano is the present.
func (t timeSource) NowNano() int64 { return t.clock.Now().UnixNano() }

// Tick never ticks.
func (timeSource) Tick(time.Duration) <-chan time.Time { return nil }
