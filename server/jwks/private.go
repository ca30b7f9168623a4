package jwks

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/jose"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// privatePurpose is what a private part is sealed for; it is bound to the key's id.
const privatePurpose = "jwks.private"

// generate makes a key that would begin to sign at the given time. It is slow, as
// units of work go.
func (s *Service) generate(ctx context.Context, activates time.Time) (Key, error) {
	if tx.Active(ctx) {
		return Key{}, errInUnit
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return Key{}, err
	}
	made, err := jose.GenerateKey(jose.ES256)
	if err != nil {
		return Key{}, err
	}
	public, err := json.Marshal(made.Public())
	if err != nil {
		return Key{}, err
	}
	private, err := made.MarshalPrivateJWK()
	if err != nil {
		return Key{}, err
	}
	defer clear(private)
	now := s.deps.Clock.Now()
	key := Key{
		ID: id.New[idKind](now), KeyID: made.ID(), Algorithm: made.Algorithm(), Public: public,
		CreatedAt: now, ActivatesAt: activates, Version: 1,
	}
	key.Private, err = box.Seal(privatePurpose, private, []byte(key.ID.String()))
	return key, err
}

// open reads the private part, once per key and node.
func (s *Service) open(ctx context.Context, key Key) (*jose.SigningKey, error) {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	place := openedKey{tenant: scope, key: key.ID}
	if opened, ok := s.memory.opened.GetIfPresent(place); ok {
		return opened, nil
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	private, err := box.Open(privatePurpose, key.Private, []byte(key.ID.String()))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStored, err)
	}
	defer clear(private)
	opened, err := jose.ParsePrivateJWK(private)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStored, err)
	}
	if opened.ID() != key.KeyID { // or verifiers would look for another one
		return nil, errStored
	}
	s.memory.opened.Set(place, opened)
	return opened, nil
}
