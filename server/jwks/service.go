package jwks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/jose"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/tenant"
)

// Deps are what a Service needs.
type Deps struct {
	Store   Store
	Tx      tx.Runner
	Events  event.Recorder
	Clock   clock.Clock
	Tenants *tenant.Service
	Logger  *slog.Logger
}

// Service signs, and keeps the keys for it.
type Service struct {
	deps   Deps
	config Config
	memory *memory
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Tenants == nil || deps.Logger == nil {
		return nil, errors.New("jwks: a dependency is missing")
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

// Sign makes a compact token in the name of the tenant in scope, which lives for
// MaxLifetime at most. A suspended tenant signs nothing: tenant.ErrUnknown. The first
// need makes the first key.
func (s *Service) Sign(ctx context.Context, typ string, claims any) (string, error) {
	if _, err := s.deps.Tenants.Current(ctx); err != nil {
		return "", err
	}
	ring, err := s.ring(ctx)
	if err != nil {
		return "", err
	}
	key, err := s.open(ctx, ring.keys[signer(ring.keys, s.deps.Clock.Now())])
	if err != nil {
		return "", err
	}
	return key.Sign(typ, claims)
}

// Document is the JWK Set of the tenant in scope, as it is sent; callers change
// nothing in it. Spec: RFC 7517 §5.
func (s *Service) Document(ctx context.Context) ([]byte, error) {
	ring, err := s.ring(ctx)
	if err != nil {
		return nil, err
	}
	return ring.document, nil
}

// ring is a tenant's keys with the document that they make. There is at least one.
type ring struct {
	keys     []Key
	document []byte
}

func (s *Service) ring(ctx context.Context) (*ring, error) {
	if tx.Active(ctx) {
		return nil, errInUnit
	}
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	return s.memory.rings.Get(ctx, scope, s.load)
}

func (s *Service) load(ctx context.Context) (*ring, error) {
	keys, err := s.deps.Store.Keys(ctx)
	if err == nil && len(keys) == 0 {
		keys, err = s.first(ctx)
	}
	if err != nil {
		return nil, err
	}
	document, err := s.render(keys)
	return &ring{keys: keys, document: document}, err
}

// first makes the tenant's first key, or finds that another node just has.
func (s *Service) first(ctx context.Context) ([]Key, error) {
	made, err := s.generate(ctx, s.deps.Clock.Now())
	if err != nil {
		return nil, err
	}
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System}) // whoever asked did not choose to
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error { return s.insert(ctx, made) })
	if err != nil && !errors.Is(err, ErrChanged) {
		return nil, err
	}
	return s.deps.Store.Keys(ctx)
}

// render goes through the key set of platform/jose, which knows what is public: no
// other member of a stored key could leave.
func (s *Service) render(keys []Key) ([]byte, error) {
	now := s.deps.Clock.Now()
	var published [][]byte
	for _, key := range keys {
		if key.State(now) != Expired {
			published = append(published, key.Public)
		}
	}
	set, err := jose.ParseKeySet([]byte(`{"keys":[` + string(bytes.Join(published, []byte(","))) + `]}`))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStored, err)
	}
	if set.Len() != len(published) {
		return nil, errStored
	}
	return json.Marshal(set)
}
