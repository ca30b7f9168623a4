package schema

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// builtinVersion is the number of the version that every tenant begins with.
const builtinVersion = 1

// Deps are what a Service needs.
type Deps struct {
	Store  Store
	Tx     tx.Runner
	Events event.Recorder
	Clock  clock.Clock
	Logger *slog.Logger
}

// Config sets how much is kept in memory.
type Config struct {
	// CacheFor is how long a node may go by a version after another node has stored the
	// next one.
	CacheFor time.Duration
	// CacheSize bounds the tenants whose schema is in memory.
	CacheSize int
}

// Default remembers for a moment.
func Default() Config { return Config{CacheFor: 3 * time.Second, CacheSize: 1024} }

// Validate names the field that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.CacheFor <= 0 || c.CacheFor > time.Minute:
		return errors.New("schema: CacheFor must be above 0 and at most 1m")
	case c.CacheSize < 1:
		return errors.New("schema: CacheSize must be at least 1")
	default:
		return nil
	}
}

// Service keeps the profile schemas of the tenants.
type Service struct {
	deps    Deps
	memory  *memory
	builtin document
	first   *Schema // what a tenant has that declared nothing
}

// New makes a Service and compiles the built-in schema.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Logger == nil {
		return nil, errors.New("schema: a dependency is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	memory, err := newMemory(deps.Clock, config)
	if err != nil {
		return nil, err
	}
	builtin, err := parse(builtinDocument)
	if err != nil {
		return nil, err
	}
	first, err := open([]document{builtin})
	if err != nil {
		return nil, err
	}
	return &Service{deps: deps, memory: memory, builtin: builtin, first: first}, nil
}

// Current is the newest version of the tenant in scope, as far as this node knows.
func (s *Service) Current(ctx context.Context) (*Schema, error) {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	return s.memory.current.Get(ctx, scope, s.load)
}

// For is the version that a profile written under the given one is read with: the
// current one, and not an older one that this node still remembers.
func (s *Service) For(ctx context.Context, version int) (*Schema, error) {
	current, err := s.Current(ctx)
	if err != nil || current.version >= version {
		return current, err
	}
	return s.load(ctx)
}

// Tenants lists, over all tenants, those that have declared a schema.
func (s *Service) Tenants(ctx context.Context) ([]id.Tenant, error) {
	return s.deps.Store.TenantsWithVersions(reqctx.WithEveryTenant(ctx))
}

func (s *Service) load(ctx context.Context) (*Schema, error) {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	latest, err := s.deps.Store.LatestVersion(ctx)
	if err != nil {
		return nil, fmt.Errorf("schema: latest version: %w", err)
	}
	if latest.Number == 0 {
		return s.first, nil
	}
	if opened, ok := s.memory.opened.GetIfPresent(scope); ok && opened.version == latest.Number {
		return opened, nil
	}
	known, err := s.known(ctx)
	if err != nil {
		return nil, err
	}
	opened, err := open(known.documents)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStored, err)
	}
	if !tx.Active(ctx) {
		s.memory.opened.Set(scope, opened)
	}
	return opened, nil
}
