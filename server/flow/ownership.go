package flow

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// takeOver is before somebody signs in who proved an address that the account never proved,
// nor any other: whoever made it may have been somebody else, so what they had goes, their
// password, every session and every other address. Where the account has another proven
// address, this one is not its own to prove: the proof is worth nothing.
func (s *Service) takeOver(ctx context.Context, found user.User, proven code.Address) (user.User, error) {
	held, _ := found.Holds(proven.Type, proven.Lookup)
	switch {
	case !found.ProvenBy(proven.Type, proven.Lookup, proven.Value):
		return user.User{}, password.ErrWrong
	case held.VerifiedAt != nil:
		return found, nil
	}
	input := user.IdentifierInput{Type: proven.Type, Value: proven.Value, VerifiedAt: nil}
	if _, err := s.deps.Users.Prove(ctx, found.ID, input); err != nil {
		return user.User{}, err
	}
	if err := s.deps.Users.Disown(ctx, found.ID, proven.Type, proven.Lookup); err != nil {
		return user.User{}, err
	}
	if err := s.deps.Passwords.Remove(ctx, found.ID); err != nil {
		return user.User{}, err
	}
	if _, err := s.deps.Sessions.EndOthers(ctx, found.ID, session.ID{}, session.IdentifierProven); err != nil {
		return user.User{}, err
	}
	return s.welcome(ctx, found.ID)
}

// stillProves tells whether an address still is whom it proved: they may have given it up
// meanwhile. Where a session is started it is asked after the user's row was written, which
// keeps that out.
func (s *Service) stillProves(ctx context.Context, proven *step.Proven) error {
	found, err := s.welcome(ctx, proven.User)
	if by := *proven.Address; err == nil && !found.ProvenBy(by.Type, by.Lookup, by.Value) {
		err = password.ErrWrong
	}
	return err
}

// release takes a proven address from whoever has it without having proven it, and ends
// what they began with it.
func (s *Service) release(ctx context.Context, proven code.Address) error {
	loser, err := s.deps.Users.Release(ctx, proven.Type, proven.Lookup)
	if err != nil || loser.IsZero() {
		return err
	}
	_, err = s.deps.Sessions.EndOthers(ctx, loser, session.ID{}, session.IdentifierProven)
	return err
}

// recover signs in whoever proved an address of the account and chose another password. All
// that was signed in ends: whoever knew the old one is out.
func (s *Service) recover(ctx context.Context, r *run) (secret.Text, error) {
	prepared, err := password.PreparedFrom(r.state.Password)
	if err != nil {
		return secret.Text{}, err
	}
	token, err := s.signIn(ctx, r)
	if err != nil {
		return secret.Text{}, err
	}
	owner := r.state.Proven.User
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: owner.String()})
	if err := s.deps.Passwords.Set(ctx, owner, prepared); err != nil {
		return secret.Text{}, err
	}
	r.state.Password = ""
	if _, err := s.deps.Sessions.EndOthers(ctx, owner, r.state.Outcome.Session.ID, session.PasswordChanged); err != nil {
		return secret.Text{}, err
	}
	return token, s.tell(ctx, r, owner, message.PasswordReset)
}

// noticeFor is for how long a notice is worth sending.
const noticeFor = 24 * time.Hour

// tell sends a notice to every address that the user has proven. Where one cannot be sent,
// for its budget or for want of a provider, what it tells of has happened all the same.
func (s *Service) tell(ctx context.Context, r *run, owner user.ID, kind message.Kind) error {
	found, err := s.deps.Users.ByID(ctx, owner)
	if err != nil {
		return err
	}
	client := reqctx.ClientOf(ctx)
	device := session.Describe(client.UserAgent, client.Address)
	for _, held := range found.Identifiers {
		channel, ok := code.ChannelOf(held.Type)
		if !ok || held.VerifiedAt == nil || !s.deps.Messages.Sends(channel) {
			continue
		}
		_, err := s.deps.Messages.Queue(ctx, message.Draft{
			Kind: kind, Channel: channel, To: held.Value, Locale: r.state.Locale, ValidFor: noticeFor, Person: owner.String(),
			HolderOnly: false, Application: r.app.ID.String(),
			Values: map[string]string{message.ValueDevice: device.Name, message.ValuePlace: device.Address},
		})
		switch {
		case err != nil && fault.As(err) == nil:
			return err
		case err != nil:
			s.deps.Logger.WarnContext(ctx, "flow: a notice is not sent", "kind", kind, "channel", channel, "error", err)
		}
	}
	return nil
}

// verify notes that the user of the session at hand has proven an address, which is theirs
// from then on. The session stays as it is.
func (s *Service) verify(ctx context.Context, r *run) error {
	owner, proven := r.state.Step.User, r.state.Owned
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: owner.String()})
	loser, err := s.deps.Users.Prove(ctx, owner, user.IdentifierInput{Type: proven.Type, Value: proven.Value, VerifiedAt: nil})
	if err != nil {
		return wrongWhereGone(err)
	}
	if !loser.IsZero() {
		if _, err := s.deps.Sessions.EndOthers(ctx, loser, session.ID{}, session.IdentifierProven); err != nil {
			return err
		}
	}
	held, err := s.deps.Sessions.Raise(ctx, r.state.Step.Session, nil)
	if err != nil {
		return err
	}
	who, err := s.welcome(ctx, owner)
	if err != nil {
		return err
	}
	return s.conclude(ctx, r, who, held)
}
