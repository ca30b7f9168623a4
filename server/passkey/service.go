package passkey

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/google/uuid"

	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
)

// maxPasskeys bounds those of a user.
const maxPasskeys = 20

// Ways knows how else a user gets in.
type Ways interface {
	// OtherWay tells whether a user can sign in without any passkey.
	OtherWay(ctx context.Context, owner user.ID) (bool, error)
}

// Holder keeps everybody else from changing a user, until a unit of work is over.
type Holder interface {
	// HoldUser locks the user's row; user.ErrUnknown for who is deleted.
	HoldUser(ctx context.Context, person user.ID) error
}

// Deps are what a Service needs.
type Deps struct {
	Store   Store
	Tenants *tenant.Service
	Users   *user.Service
	Models  *models.Models
	Ways    Ways
	Holder  Holder
	Notices *notice.Service
	Tx      tx.Runner
	Events  event.Recorder
	Clock   clock.Clock
}

// Service keeps passkeys and judges what is shown of them.
type Service struct {
	deps    Deps
	nobodys []byte // a public key, for what nobody has
}

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Store == nil || deps.Tenants == nil || deps.Users == nil || deps.Models == nil || deps.Ways == nil || deps.Holder == nil ||
		deps.Notices == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil {
		return nil, errors.New("passkey: a dependency is missing")
	}
	nobodys, err := newKey()
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	return &Service{deps: deps, nobodys: nobodys}, nil
}

// newKey is a public key as most passkeys have one, as COSE_Key. Spec: RFC 9053 §7.1.1.
func newKey() ([]byte, error) {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	point := key.PublicKey().Bytes()[1:]
	return webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[:32], -3: point[32:]})
}

// Describe is what people call a make of authenticator; empty where that is not known.
func (s *Service) Describe(aaguid uuid.UUID) string { return s.deps.Models.Name(aaguid) }

// List gives a user's passkeys, oldest first.
func (s *Service) List(ctx context.Context, owner user.ID) ([]Passkey, error) {
	return s.deps.Store.PasskeysOf(ctx, owner)
}

// Of lists those that a user has at one relying party, oldest first.
func (s *Service) Of(ctx context.Context, owner user.ID, relyingParty string) ([]Passkey, error) {
	all, err := s.deps.Store.PasskeysOf(ctx, owner)
	return at(all, relyingParty), err
}

func at(all []Passkey, relyingParty string) []Passkey {
	kept := []Passkey{}
	for _, one := range all {
		if one.RelyingParty == relyingParty {
			kept = append(kept, one)
		}
	}
	return kept
}
