package ending

import (
	"context"
	"slices"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// takeOver is before somebody signs in who proved an address that the account never proved,
// nor any other: whoever made it may have been somebody else, so what they had goes, their
// password, their passkeys, every session and every other address. Where the account has another proven
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
	if err := s.deps.Passkeys.RemoveAll(ctx, found.ID, passkey.ByOwnership); err != nil {
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

// recover signs in whoever proved an address of the account and chose a new way in: another
// password, or a passkey, with which the password goes. All that was signed in ends: whoever
// knew the old one is out.
func (s *Service) recover(ctx context.Context, run step.Run) (secret.Text, error) {
	chosen := run.State.Password
	run.State.Password = ""
	proven := *run.State.Proven
	proven.Facts = slices.Concat(proven.Facts, shows(run))
	run.State.Proven = &proven
	token, err := s.signIn(ctx, run)
	if err != nil {
		return secret.Text{}, err
	}
	owner := run.State.Proven.User
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: owner.String()})
	if err := s.deps.Recoveries.Withdraw(ctx, owner); err != nil { // they have a way in
		return secret.Text{}, err
	}
	told := message.PasswordReset
	if chosen == "" {
		told, err = "", s.deps.Passwords.Remove(ctx, owner)
	} else {
		err = s.choose(ctx, owner, chosen)
	}
	if err != nil {
		return secret.Text{}, err
	}
	if _, err := s.deps.Sessions.EndOthers(ctx, owner, run.State.Outcome.Session.ID, session.PasswordChanged); err != nil {
		return secret.Text{}, err
	}
	if told == "" { // of the passkey they are told as it is added
		return token, nil
	}
	return token, s.tell(ctx, run, owner, told)
}

// choose sets a password that was prepared.
func (s *Service) choose(ctx context.Context, owner user.ID, encoded string) error {
	prepared, err := password.PreparedFrom(encoded)
	if err != nil {
		return err
	}
	return s.deps.Passwords.Set(ctx, owner, prepared)
}

// tell has the user told, at every address that they have proven, what a run has led to.
func (s *Service) tell(ctx context.Context, run step.Run, owner user.ID, kind message.Kind) error {
	return s.deps.Notices.Tell(ctx, noticeOf(run, owner, kind))
}

func noticeOf(run step.Run, owner user.ID, kind message.Kind) notice.Notice {
	return notice.Notice{Owner: owner, Kind: kind, Application: run.Application.ID.String(), Locale: run.State.Locale, Values: nil}
}

// verify notes that the user of the session at hand has proven an address, which is theirs
// from then on. The session stays as it is.
func (s *Service) verify(ctx context.Context, run step.Run) error {
	owner, proven := run.State.Step.User, run.State.Owned
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: owner.String()})
	before, err := s.deps.Users.ByID(ctx, owner)
	if err != nil {
		return wrongWhereGone(err)
	}
	loser, err := s.deps.Users.Prove(ctx, owner, user.IdentifierInput{Type: proven.Type, Value: proven.Value, VerifiedAt: nil})
	if err != nil {
		return wrongWhereGone(err)
	}
	if !loser.IsZero() {
		if _, err := s.deps.Sessions.EndOthers(ctx, loser, session.ID{}, session.IdentifierProven); err != nil {
			return err
		}
	}
	if err := s.tellAdded(ctx, run, before, *proven); err != nil {
		return err
	}
	if err := s.deps.Recoveries.Withdraw(ctx, owner); err != nil { // they have a way in, and nobody told this address
		return err
	}
	held, err := s.deps.Sessions.Raise(ctx, run.State.Step.Session, nil)
	if err != nil {
		return err
	}
	who, err := s.welcome(ctx, owner)
	if err != nil {
		return err
	}
	return s.conclude(ctx, run, who, held)
}

// tellAdded tells of an address that was not the user's until they proved it, at every other one.
func (s *Service) tellAdded(ctx context.Context, run step.Run, before user.User, proven step.Owned) error {
	if _, had := before.Holds(proven.Type, proven.Lookup); had {
		return nil
	}
	told := noticeOf(run, before.ID, message.IdentifierAdded)
	told.Values = map[string]string{message.ValueIdentifier: proven.Value}
	return s.deps.Notices.TellOthers(ctx, told, user.Identifier{Type: proven.Type, Lookup: proven.Lookup})
}
