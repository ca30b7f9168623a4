package tenant

import (
	"context"
	"errors"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
)

const (
	keyPurpose = "tenant.key"
	attempts   = 8
	// keepHosts bounds the hosts of a default tenant in development.
	keepHosts = 16
)

// Deps are what a Service needs.
type Deps struct {
	Store     Store
	Revisions SettingsStore
	Tx        tx.Runner
	Events    event.Recorder
	Clock     clock.Clock
	Root      seal.Wrapper // seals the tenants' keys
}

// Config sets what a base URL may be and how much is kept in memory.
type Config struct {
	// Development allows plain http on the loopback, and lets servers on several ports
	// of it share the default tenant.
	Development bool
	// CacheFor is how long a node may answer from memory after another has changed a tenant.
	CacheFor time.Duration
	// CacheSize bounds the hosts, known and unknown, and the tenants in memory.
	CacheSize int
}

// Default is a production setting.
func Default() Config {
	return Config{Development: false, CacheFor: 3 * time.Second, CacheSize: 1024}
}

// Validate names the field that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.CacheFor <= 0 || c.CacheFor > time.Minute:
		return errors.New("tenant: CacheFor must be above 0 and at most 1m")
	case c.CacheSize < 1:
		return errors.New("tenant: CacheSize must be at least 1")
	default:
		return nil
	}
}

// Service finds tenants and opens their keys.
type Service struct {
	deps   Deps
	config Config
	memory *memory
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Root == nil || deps.Revisions == nil {
		return nil, errors.New("tenant: a dependency is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	memory, err := newMemory(deps.Clock, config)
	if err != nil {
		return nil, err
	}
	return &Service{deps: deps, config: config, memory: memory}, nil
}

// ByHost finds the tenant that answers for the Host header of a request;
// ErrUnknownHost, also for a suspended tenant. Callers share what is returned and
// change nothing in it.
func (s *Service) ByHost(ctx context.Context, host string) (Tenant, error) {
	// Spelt as it is kept, which most hosts are, it need not be read.
	if found, kept, err := s.memory.hosts.Kept(ctx, host); kept {
		return active(found, err, ErrUnknownHost)
	}
	host, ok := normaliseHost(host)
	if !ok {
		return Tenant{}, ErrUnknownHost
	}
	found, err := s.memory.hosts.Get(ctx, host, func(ctx context.Context) (Tenant, error) {
		return s.deps.Store.TenantByHost(ctx, host)
	})
	return active(found, err, ErrUnknownHost)
}

// Current is the tenant in scope, for what has to know its base URL; ErrUnknown,
// also for a suspended tenant.
func (s *Service) Current(ctx context.Context) (Tenant, error) {
	found, err := s.current(ctx)
	return active(found, err, ErrUnknown)
}

func (s *Service) current(ctx context.Context) (Tenant, error) {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return Tenant{}, err
	}
	return s.memory.ids.Get(ctx, scope, func(ctx context.Context) (Tenant, error) {
		return s.deps.Store.TenantByID(ctx, scope)
	})
}

// Settings are those that hold for the tenant in scope.
func (s *Service) Settings(ctx context.Context) (Settings, error) {
	found, err := s.current(ctx)
	return found.InForce(), err
}

func active(found Tenant, err, otherwise error) (Tenant, error) {
	if err != nil {
		return Tenant{}, err
	}
	if found.Status != Active {
		return Tenant{}, otherwise
	}
	return found, nil
}

// Box is the opened key of the tenant in scope. A suspended tenant has one too,
// since its events are still sealed.
func (s *Service) Box(ctx context.Context) (*seal.Box, error) {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	if box, ok := s.memory.boxes.GetIfPresent(scope); ok {
		return box, nil
	}
	tenant, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	box, err := seal.OpenBox(s.deps.Root, keyPurpose, tenant.Key, []byte(scope.String()))
	if err != nil {
		return nil, err
	}
	if !tx.Active(ctx) { // a tenant that is not committed may never be
		s.memory.boxes.Set(scope, box)
	}
	return box, nil
}

// name makes an id of the kind that into has: platform/id keeps a tenant's kind to
// itself.
func name[K id.Kind](into *id.Of[K], at time.Time) { *into = id.New[K](at) }
