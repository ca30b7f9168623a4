package boot

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

func (s *services) wirePasskeys() error {
	known, err := models.Open(models.Deps{Clock: s.clock, Logger: s.logger}, models.Default())
	if err != nil {
		return err
	}
	s.passkeys, err = passkey.New(passkey.Deps{
		Store: storage.NewPasskeys(s.db), Tenants: s.tenants, Users: s.users, Models: known,
		Ways:   waysIn{users: s.users, passwords: s.passwords, codes: s.codes},
		Holder: storage.NewUsers(s.db), Notices: s.notices, Tx: s.db, Events: s.recorder, Clock: s.clock,
	})
	return err
}

// waysIn tell how a user gets in without a passkey.
type waysIn struct {
	users     *user.Service
	passwords *password.Service
	codes     *code.Service
}

// OtherWay tells whether the user has a password, or a proven address that a code reaches.
func (w waysIn) OtherWay(ctx context.Context, owner user.ID) (bool, error) {
	switch _, err := w.passwords.SetAt(ctx, owner); {
	case err == nil:
		return true, nil
	case !errors.Is(err, password.ErrNone):
		return false, err
	}
	found, err := w.users.ByID(ctx, owner)
	if err != nil {
		return false, err
	}
	for _, held := range found.Identifiers {
		if held.VerifiedAt != nil && w.codes.Reaches(held.Type) {
			return true, nil
		}
	}
	return false, nil
}
