package provisioning

import (
	"context"

	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// GivenPassword is a password that an operator gives to somebody.
type GivenPassword struct {
	Text         secret.Text
	Temporary    bool // another one has to be chosen at the next login
	KeepSessions bool
}

// SetPassword gives a user a password in the place of whatever they had, and unless they
// are kept ends all their sessions. password.ErrRejected, user.ErrUnknown, user.ErrGuest.
func (s *Service) SetPassword(ctx context.Context, person user.ID, given GivenPassword) error {
	who, err := s.deps.Users.ByID(ctx, person)
	if err != nil {
		return err
	}
	if who.Guest {
		return user.ErrGuest
	}
	prepared, err := s.deps.Passwords.Prepare(ctx, given.Text, who.Words())
	if err != nil {
		return err
	}
	set := s.deps.Passwords.Set
	if given.Temporary {
		set = s.deps.Passwords.SetTemporary
	}
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		// It may have been deleted while the hash was made, or be about to.
		if err := s.deps.Holder.HoldUser(ctx, person); err != nil {
			return err
		}
		if err := set(ctx, person, prepared); err != nil || given.KeepSessions {
			return err
		}
		_, err := s.deps.Sessions.EndOthers(ctx, person, session.ID{}, session.PasswordChanged)
		return err
	})
}

// ExpirePassword has a user choose another password at the next login, and ends their
// sessions where that is wanted. password.ErrNone, user.ErrUnknown.
func (s *Service) ExpirePassword(ctx context.Context, person user.ID, endSessions bool) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Holder.HoldUser(ctx, person); err != nil {
			return err
		}
		if err := s.deps.Passwords.Expire(ctx, person); err != nil || !endSessions {
			return err
		}
		_, err := s.deps.Sessions.EndOthers(ctx, person, session.ID{}, session.PasswordExpired)
		return err
	})
}
