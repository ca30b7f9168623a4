package running

import (
	"context"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
)

// opener reads what events tell about people, with the server's own root keys.
type opener struct {
	tenants *tenant.Service
	people  *seal.UserKeys
}

func newOpener(settings config.Config, clock clock.Clock, db *storage.DB) (*opener, error) {
	root, err := settings.Keyring()
	if err != nil {
		return nil, err
	}
	nothing := event.New(event.Deps{Store: nil, Sealer: nil, Clock: clock, Wake: func() {}})
	tenants, err := tenant.New(tenant.Deps{
		Store: storage.NewTenants(db), Revisions: storage.NewTenantSettings(db), Tx: db, Events: nothing, Clock: clock, Root: root,
	}, tenant.Default())
	if err != nil {
		return nil, err
	}
	people, err := seal.NewUserKeys(seal.UserKeysDeps{
		Store: storage.NewUserKeys(db), Clock: clock, AfterCommit: tx.AfterCommit,
	}, seal.DefaultUserKeysConfig())
	return &opener{tenants: tenants, people: people}, err
}

// Unseal opens what the tenant in scope has sealed.
func (s *Server) Unseal(ctx context.Context, purpose string, blob []byte, associated string) ([]byte, error) {
	box, err := s.opener.tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	return box.Open(purpose, blob, []byte(associated))
}

// SealPersonal seals what an event tells about a person, as the server does.
func (s *Server) SealPersonal(ctx context.Context, person string, plaintext, associated []byte) ([]byte, error) {
	above, err := s.opener.tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	box, err := s.opener.people.Box(ctx, above, person)
	if err != nil {
		return nil, err
	}
	return box.Seal("event.personal", plaintext, associated)
}

// Personal opens what an event tells about a person; seal.ErrDestroyed once they
// were erased.
func (s *Server) Personal(ctx context.Context, told event.Envelope) ([]byte, error) {
	ctx = reqctx.WithTenant(ctx, told.Tenant)
	above, err := s.opener.tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	box, err := s.opener.people.Existing(ctx, above, told.Person)
	if err != nil {
		return nil, err
	}
	return box.Open("event.personal", told.Personal, []byte(told.ID.String()))
}
