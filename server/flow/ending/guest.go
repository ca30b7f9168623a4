package ending

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// enter makes a guest, of whom nothing was asked, and the one session that is theirs.
func (s *Service) enter(ctx context.Context, run step.Run) (secret.Text, error) {
	made, err := s.deps.Users.Create(ctx, user.NewUser{Guest: true})
	if err != nil {
		return secret.Text{}, err
	}
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: made.ID.String()})
	return s.startSession(ctx, run, made, nil)
}

// newcomer is the user that a registration makes, or the guest that it makes a user like
// others. Every session that the guest had ends: whoever else had one was never the user.
func (s *Service) newcomer(ctx context.Context, run step.Run, input user.IdentifierInput) (user.User, error) {
	guest := run.State.Guest
	if guest == nil {
		return s.deps.Users.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{input}, Profile: run.State.Profile, By: writer(run)})
	}
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: guest.User.String()})
	made, err := s.deps.Users.Upgrade(ctx, guest.User, input, user.GivenProfile{Claims: run.State.Profile, By: writer(run)})
	if errors.Is(err, user.ErrUnknown) || errors.Is(err, user.ErrSuspended) {
		err = session.ErrNone.Because(err)
	}
	if err != nil {
		return user.User{}, err
	}
	if err := s.deps.Passwords.Remove(ctx, guest.User); err != nil { // whoever set one was somebody else
		return user.User{}, err
	}
	if missing := step.Missing(run.Application.ProfileClaims, made.Profile); len(missing) > 0 { // taken away since the run began
		return user.User{}, step.LacksClaims(missing)
	}
	err = s.deps.Sessions.End(ctx, guest.User, guest.Session, session.GuestUpgraded)
	if errors.Is(err, session.ErrUnknown) { // it has ended since
		err = session.ErrNone.Because(err)
	}
	if err != nil {
		return user.User{}, err
	}
	_, err = s.deps.Sessions.EndOthers(ctx, guest.User, session.ID{}, session.GuestUpgraded)
	return made, err
}

// leave ends the session of the guest whom somebody was until they signed in as another
// user. The guest stays: what an application keeps for them is its own to bring over.
func (s *Service) leave(ctx context.Context, run step.Run) error {
	guest := run.State.Guest
	if guest == nil {
		return nil
	}
	who := run.State.Proven.User
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: who.String()})
	err := s.deps.Sessions.End(ctx, guest.User, guest.Session, session.GuestSignedIn)
	if errors.Is(err, session.ErrUnknown) { // it has ended before, or they are registered by now
		return nil
	}
	if err != nil {
		return err
	}
	return s.deps.Users.GuestSignedIn(ctx, who, guest.User)
}
