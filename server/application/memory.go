package application

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// memory keeps answers for a few seconds. "There is none" is an answer too, in the
// same bound, so that made-up client ids cost no query each.
type memory struct {
	applications *otter.Cache[key, answer]
	origins      *otter.Cache[key, map[string]bool]
	epoch        atomic.Uint64
}

// key is what is asked within one tenant and one epoch. Forgetting begins another
// epoch, so that what is being loaded meanwhile ends up where nobody looks.
type key struct {
	epoch    uint64
	tenant   id.Tenant
	id       ID
	clientID string // empty, beside a zero id: the default application
}

type answer struct {
	application Application
	err         error // ErrUnknown or none
}

func newMemory(clock clock.Clock, config Config) (*memory, error) {
	applications, err := otter.New(&otter.Options[key, answer]{
		MaximumSize:      config.CacheSize,
		ExpiryCalculator: otter.ExpiryWriting[key, answer](config.CacheFor),
		Clock:            timeSource{clock},
	})
	if err != nil {
		return nil, err
	}
	origins, err := otter.New(&otter.Options[key, map[string]bool]{
		MaximumSize:      config.CacheSize,
		ExpiryCalculator: otter.ExpiryWriting[key, map[string]bool](config.CacheFor),
		Clock:            timeSource{clock},
	})
	if err != nil {
		return nil, err
	}
	return &memory{applications: applications, origins: origins}, nil
}

// forget drops the answers, those being loaded included.
func (m *memory) forget() {
	m.epoch.Add(1)
	m.applications.InvalidateAll()
	m.origins.InvalidateAll()
}

// find answers from memory or loads once for all who wait. Inside a unit of work it
// does neither: what is read there may never be committed.
func (m *memory) find(ctx context.Context, asked key, load func(ctx context.Context) (Application, error)) (Application, error) {
	if tx.Active(ctx) {
		return load(ctx)
	}
	asked.epoch = m.epoch.Load()
	found, err := m.applications.Get(ctx, asked, otter.LoaderFunc[key, answer](func(ctx context.Context, _ key) (answer, error) {
		app, err := load(ctx)
		if err != nil && !errors.Is(err, ErrUnknown) {
			return answer{}, err
		}
		return answer{application: app, err: err}, nil
	}))
	if err != nil {
		return Application{}, err
	}
	return found.application, found.err
}

// originsOf is find for the set of a tenant's origins.
func (m *memory) originsOf(ctx context.Context, tenant id.Tenant, load func(ctx context.Context) (map[string]bool, error)) (map[string]bool, error) {
	if tx.Active(ctx) {
		return load(ctx)
	}
	return m.origins.Get(ctx, key{epoch: m.epoch.Load(), tenant: tenant},
		otter.LoaderFunc[key, map[string]bool](func(ctx context.Context, _ key) (map[string]bool, error) { return load(ctx) }))
}

// timeSource lets the caches see the service's clock. It has no ticks: what has
// expired goes with the next write, so that no goroutine outlives the service.
type timeSource struct{ clock clock.Clock }

// NowNano is the present.
func (t timeSource) NowNano() int64 { return t.clock.Now().UnixNano() }

// Tick never ticks.
func (timeSource) Tick(time.Duration) <-chan time.Time { return nil }
