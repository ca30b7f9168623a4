package ending

import (
	"context"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

var errUnproven = errors.New("ending: a journey ended without the proof it owes")

// end does what the journey of a run leads to.
func (s *Service) end(ctx context.Context, run step.Run) (secret.Text, error) {
	state := run.State
	registers := state.Proven == nil && state.Step == nil && s.mayRegister(run)
	// Another password is chosen by whoever proved an expired one, and by nobody else.
	proves := state.Proven != nil && state.Proven.Expired == (state.Password != "")
	switch run.Journey.Proof {
	case journey.StepUp:
		if proves && state.Step != nil && state.Proven.User == state.Step.User {
			return secret.Text{}, s.raise(ctx, run)
		}
	case journey.Login:
		if proves && state.Step == nil {
			return s.signIn(ctx, run)
		}
	case journey.Registration:
		if registers {
			return s.register(ctx, run)
		}
	case journey.Either:
		if registers && (state.Free || state.Owned != nil) {
			return s.register(ctx, run)
		}
		if proves && state.Step == nil {
			return s.signIn(ctx, run)
		}
	case journey.Nothing:
		if state.Entered && state.Proven == nil && state.Step == nil && run.Application.Guests {
			return s.enter(ctx, run)
		}
	case journey.Enrolment:
		if state.Step != nil && state.Made != nil && state.Proven == nil {
			return secret.Text{}, s.enrol(ctx, run)
		}
	case journey.Recovery:
		chosen := (state.Password != "") != (state.Made != nil)
		if state.Proven != nil && state.Proven.Address != nil && chosen && state.Step == nil {
			return s.recover(ctx, run)
		}
	case journey.Verification:
		if state.Owned != nil && state.Step != nil {
			return secret.Text{}, s.verify(ctx, run)
		}
	}
	if state.Proven == nil && state.Step == nil && step.OwnershipWanted(run) {
		return secret.Text{}, user.ErrIdentifierUnprovable // the application wants it since the run began
	}
	return secret.Text{}, errUnproven
}

// mayRegister tells whether a run has what a new user needs: a password that was chosen or
// an address that was proven, and the latter in any case where the application wants it.
func (s *Service) mayRegister(run step.Run) bool {
	owned, identifier := run.State.Owned, run.State.Identifier
	if identifier == nil || owned != nil && (owned.Type != identifier.Type || owned.Lookup != identifier.Lookup) {
		return false
	}
	return (run.State.Password != "" || run.State.Made != nil || owned != nil) && !step.OwnershipWanted(run)
}

// register makes the user, with what they chose and proved, and their first session.
func (s *Service) register(ctx context.Context, run step.Run) (secret.Text, error) {
	input := user.IdentifierInput{Type: run.State.Identifier.Type, Value: run.State.Identifier.Value, VerifiedAt: nil}
	facts := []assurance.Fact{}
	if owned := run.State.Owned; owned != nil {
		if err := s.release(ctx, owned.Address); err != nil {
			return secret.Text{}, err
		}
		input.VerifiedAt = &owned.At
		facts = append(facts, assurance.Fact{Method: step.MethodOf(owned.Address), At: owned.At})
	}
	made, err := s.newcomer(ctx, run, input)
	if err != nil {
		return secret.Text{}, err
	}
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: made.ID.String()})
	if run.State.Password != "" {
		prepared, err := password.PreparedFrom(run.State.Password)
		if err != nil {
			return secret.Text{}, err
		}
		if err := s.deps.Passwords.Set(ctx, made.ID, prepared); err != nil {
			return secret.Text{}, err
		}
		run.State.Password = ""
		facts = append(facts, assurance.Fact{Method: assurance.Password, At: run.Now})
	}
	facts = append(facts, shows(run)...)
	if err := s.keep(ctx, run, made.ID, true); err != nil {
		return secret.Text{}, err
	}
	return s.startSession(ctx, run, made, facts)
}

// signIn starts a session for whoever has proven to be there, if they still may
// have one and the proof still holds.
func (s *Service) signIn(ctx context.Context, run step.Run) (secret.Text, error) {
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: run.State.Proven.User.String()})
	if err := s.reinstate(ctx, run); err != nil {
		return secret.Text{}, err
	}
	found, err := s.welcome(ctx, run.State.Proven.User)
	switch proven := run.State.Proven; {
	case err != nil || proven.Address == nil:
	case proven.Regains:
		found, err = s.regain(ctx, run, found)
	default:
		found, err = s.takeOver(ctx, found, *proven.Address)
	}
	if err != nil {
		return secret.Text{}, err
	}
	// The session writes the user's row, and an erasure writes that before the password's:
	// in the other order the two would wait for each other.
	token, err := s.startSession(ctx, run, found, run.State.Proven.Facts)
	if errors.Is(err, session.ErrNone) { // perhaps they were kept out while it waited
		if _, gone := s.welcome(ctx, found.ID); gone != nil {
			err = gone
		}
	}
	if err != nil {
		return secret.Text{}, err
	}
	if err := s.confirm(ctx, run, run.State.Outcome.Session.ID); err != nil {
		return secret.Text{}, err
	}
	about := run.State.Made != nil || run.State.Proven.Passkey != nil
	if err := s.keep(ctx, run, found.ID, false); err != nil {
		return secret.Text{}, err
	}
	if err := s.signal(ctx, run, found, about); err != nil {
		return secret.Text{}, err
	}
	return token, s.leave(ctx, run)
}

// welcome is a user who may sign in.
func (s *Service) welcome(ctx context.Context, who user.ID) (user.User, error) {
	found, err := s.deps.Users.ByID(ctx, who)
	if err == nil {
		err = found.RequireActive()
	}
	return found, wrongWhereGone(err)
}

// reinstate takes a deletion back that was shown and acknowledged in this run. A
// session that was being started while the deletion was scheduled ends here at the
// latest, so that none from before comes back to life.
func (s *Service) reinstate(ctx context.Context, run step.Run) error {
	if run.State.Deletion == nil || !run.State.Deletion.Seen {
		return nil
	}
	restored, err := s.deps.Users.CancelDeletion(ctx, run.State.Proven.User, run.State.Deletion.At)
	if err != nil || !restored {
		return wrongWhereGone(err)
	}
	_, err = s.deps.Sessions.EndOthers(ctx, run.State.Proven.User, session.ID{}, session.UserDeletion)
	return err
}

// wrongWhereGone tells of a user who may not sign in, or is there no more, what a
// wrong password is told.
func wrongWhereGone(err error) error {
	if errors.Is(err, user.ErrUnknown) || errors.Is(err, user.ErrSuspended) || errors.Is(err, recovery.ErrUnknown) {
		return password.ErrWrong.Because(err)
	}
	return err
}

// confirm spends the proof. Where it was an expired password, the chosen one takes its
// place, and every session but the one at hand ends: whoever knew the old one is out.
func (s *Service) confirm(ctx context.Context, run step.Run, keep session.ID) error {
	proven := run.State.Proven
	if proven.Passkey != nil {
		if err := s.deps.Passkeys.Spend(ctx, *proven.Passkey); err != nil {
			return err
		}
	}
	if proven.Alone() {
		return nil
	}
	if proven.Address != nil {
		return s.stillProves(ctx, proven)
	}
	verified := password.VerifiedAt(proven.User, proven.PasswordSetAt, proven.Expired)
	if !proven.Expired {
		return s.deps.Passwords.Confirm(ctx, proven.User, verified)
	}
	prepared, err := password.PreparedFrom(run.State.Password)
	if err != nil {
		return err
	}
	if err := s.deps.Passwords.Renew(ctx, proven.User, verified, prepared); err != nil {
		return err
	}
	run.State.Password = ""
	if _, err := s.deps.Sessions.EndOthers(ctx, proven.User, keep, session.PasswordChanged); err != nil {
		return err
	}
	return s.tell(ctx, run, proven.User, message.PasswordChanged)
}

func (s *Service) startSession(ctx context.Context, run step.Run, who user.User, facts []assurance.Fact) (secret.Text, error) {
	for _, agreement := range run.State.Agreed {
		err := s.deps.Consents.Give(ctx, who.ID, run.Application.ID, consent.Subject(agreement.Subject), agreement.Version)
		if err != nil {
			return secret.Text{}, err
		}
	}
	client := reqctx.ClientOf(ctx)
	// Nobody goes on without it.
	started, token, err := s.deps.Sessions.Start(tx.Whole(ctx), session.StartInput{
		UserID: who.ID, ApplicationID: run.Application.ID, Transport: run.State.Transport, Facts: facts, Guest: who.Guest,
		Device: session.Describe(client.UserAgent, client.Address),
	})
	if err != nil {
		return secret.Text{}, fmt.Errorf("start session: %w", err)
	}
	return token.Text, s.conclude(ctx, run, who, started)
}

// conclude notes what the run has led to. It is kept, so it holds of the user only what
// they may see.
func (s *Service) conclude(ctx context.Context, run step.Run, who user.User, held session.Session) error {
	own, err := s.deps.Users.Own(ctx, who)
	if err != nil {
		return err
	}
	run.State.Outcome = &step.Outcome{User: own.User, Session: held, ClientID: run.Application.ClientID}
	return nil
}

// raise adds the proof to the session at hand; its token stays the same.
func (s *Service) raise(ctx context.Context, run step.Run) error {
	if err := s.confirm(ctx, run, run.State.Step.Session); err != nil {
		return err
	}
	raised, err := s.deps.Sessions.Raise(ctx, run.State.Step.Session, run.State.Proven.Facts)
	if err != nil {
		return err
	}
	who, err := s.deps.Users.ByID(ctx, run.State.Step.User)
	if err != nil {
		return err
	}
	if err := s.signal(ctx, run, who, run.State.Proven.Passkey != nil); err != nil {
		return err
	}
	return s.conclude(ctx, run, who, raised)
}
