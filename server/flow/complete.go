package flow

import (
	"context"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

var errUnproven = errors.New("flow: a journey ended without the proof it owes")

// complete makes a finished run take effect within the unit of work in ctx. What
// has to have been proven is checked here once more, apart from the journey's
// table: a definition with a mistake hands out nothing.
func (s *Service) complete(ctx context.Context, r *run) (secret.Text, error) {
	state := r.state
	registers := state.Proven == nil && state.Step == nil && s.mayRegister(*r)
	// Another password is chosen by whoever proved an expired one, and by nobody else.
	proves := state.Proven != nil && state.Proven.Expired == (state.Password != "")
	switch r.journey.Proof {
	case journey.StepUp:
		if proves && state.Step != nil && state.Proven.User == state.Step.User {
			return secret.Text{}, s.raise(ctx, r)
		}
	case journey.Login:
		if proves && state.Step == nil {
			return s.signIn(ctx, r)
		}
	case journey.Registration:
		if registers {
			return s.register(ctx, r)
		}
	case journey.Either:
		if registers && (state.Free || state.Owned != nil) {
			return s.register(ctx, r)
		}
		if proves && state.Step == nil {
			return s.signIn(ctx, r)
		}
	case journey.Recovery:
		if state.Proven != nil && state.Proven.Address != nil && state.Password != "" && state.Step == nil {
			return s.recover(ctx, r)
		}
	case journey.Verification:
		if state.Owned != nil && state.Step != nil {
			return secret.Text{}, s.verify(ctx, r)
		}
	}
	if state.Proven == nil && state.Step == nil && step.OwnershipWanted(r.handed()) {
		return secret.Text{}, user.ErrIdentifierUnprovable // the application wants it since the run began
	}
	return secret.Text{}, errUnproven
}

// mayRegister tells whether a run has what a new user needs: a password that was chosen or
// an address that was proven, and the latter in any case where the application wants it.
func (s *Service) mayRegister(r run) bool {
	owned, identifier := r.state.Owned, r.state.Identifier
	if identifier == nil || owned != nil && (owned.Type != identifier.Type || owned.Lookup != identifier.Lookup) {
		return false
	}
	return (r.state.Password != "" || owned != nil) && !step.OwnershipWanted(r.handed())
}

// register makes the user, with what they chose and proved, and their first session.
func (s *Service) register(ctx context.Context, r *run) (secret.Text, error) {
	input := user.IdentifierInput{Type: r.state.Identifier.Type, Value: r.state.Identifier.Value, VerifiedAt: nil}
	facts := []assurance.Fact{}
	if owned := r.state.Owned; owned != nil {
		if err := s.release(ctx, owned.Address); err != nil {
			return secret.Text{}, err
		}
		input.VerifiedAt = &owned.At
		facts = append(facts, assurance.Fact{Method: step.MethodOf(owned.Address), At: owned.At})
	}
	made, err := s.deps.Users.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{input}, Profile: r.state.Profile})
	if err != nil {
		return secret.Text{}, err
	}
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: made.ID.String()})
	if r.state.Password != "" {
		prepared, err := password.PreparedFrom(r.state.Password)
		if err != nil {
			return secret.Text{}, err
		}
		if err := s.deps.Passwords.Set(ctx, made.ID, prepared); err != nil {
			return secret.Text{}, err
		}
		r.state.Password = ""
		facts = append(facts, assurance.Fact{Method: assurance.Password, At: r.now})
	}
	return s.startSession(ctx, r, made, facts)
}

// signIn starts a session for whoever has proven to be there, if they still may
// have one and the proof still holds.
func (s *Service) signIn(ctx context.Context, r *run) (secret.Text, error) {
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: r.state.Proven.User.String()})
	if err := s.reinstate(ctx, r); err != nil {
		return secret.Text{}, err
	}
	found, err := s.welcome(ctx, r.state.Proven.User)
	if err == nil && r.state.Proven.Address != nil {
		found, err = s.takeOver(ctx, found, *r.state.Proven.Address)
	}
	if err != nil {
		return secret.Text{}, err
	}
	// The session writes the user's row, and an erasure writes that before the password's:
	// in the other order the two would wait for each other.
	token, err := s.startSession(ctx, r, found, r.state.Proven.Facts)
	if errors.Is(err, session.ErrNone) { // perhaps they were kept out while it waited
		if _, gone := s.welcome(ctx, found.ID); gone != nil {
			err = gone
		}
	}
	if err != nil {
		return secret.Text{}, err
	}
	return token, s.confirm(ctx, r, r.state.Outcome.Session.ID)
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
func (s *Service) reinstate(ctx context.Context, r *run) error {
	if r.state.Deletion == nil || !r.state.Deletion.Seen {
		return nil
	}
	restored, err := s.deps.Users.CancelDeletion(ctx, r.state.Proven.User, r.state.Deletion.At)
	if err != nil || !restored {
		return wrongWhereGone(err)
	}
	_, err = s.deps.Sessions.EndOthers(ctx, r.state.Proven.User, session.ID{}, session.UserDeletion)
	return err
}

// wrongWhereGone tells of a user who may not sign in, or is there no more, what a
// wrong password is told.
func wrongWhereGone(err error) error {
	if errors.Is(err, user.ErrUnknown) || errors.Is(err, user.ErrSuspended) {
		return password.ErrWrong.Because(err)
	}
	return err
}

// confirm spends the proof. Where it was an expired password, the chosen one takes its
// place, and every session but the one at hand ends: whoever knew the old one is out.
func (s *Service) confirm(ctx context.Context, r *run, keep session.ID) error {
	proven := r.state.Proven
	if proven.Address != nil {
		return s.stillProves(ctx, proven)
	}
	verified := password.VerifiedAt(proven.User, proven.PasswordSetAt, proven.Expired)
	if !proven.Expired {
		return s.deps.Passwords.Confirm(ctx, proven.User, verified)
	}
	prepared, err := password.PreparedFrom(r.state.Password)
	if err != nil {
		return err
	}
	if err := s.deps.Passwords.Renew(ctx, proven.User, verified, prepared); err != nil {
		return err
	}
	r.state.Password = ""
	_, err = s.deps.Sessions.EndOthers(ctx, proven.User, keep, session.PasswordChanged)
	return err
}

func (s *Service) startSession(ctx context.Context, r *run, who user.User, facts []assurance.Fact) (secret.Text, error) {
	for _, agreement := range r.state.Agreed {
		err := s.deps.Consents.Give(ctx, who.ID, r.app.ID, consent.Subject(agreement.Subject), agreement.Version)
		if err != nil {
			return secret.Text{}, err
		}
	}
	client := reqctx.ClientOf(ctx)
	started, token, err := s.deps.Sessions.Start(ctx, session.StartInput{
		UserID: who.ID, ApplicationID: r.app.ID, Transport: r.state.Transport, Facts: facts,
		Device: session.Describe(client.UserAgent, client.Address),
	})
	if err != nil {
		return secret.Text{}, fmt.Errorf("start session: %w", err)
	}
	return token.Text, s.conclude(ctx, r, who, started)
}

// conclude notes what the run has led to. It is kept, so it holds of the user only what
// they may see.
func (s *Service) conclude(ctx context.Context, r *run, who user.User, held session.Session) error {
	own, err := s.deps.Users.Own(ctx, who)
	if err != nil {
		return err
	}
	r.state.Outcome = &step.Outcome{User: own.User, Session: held, ClientID: r.app.ClientID}
	return nil
}

// raise adds the proof to the session at hand; its token stays the same.
func (s *Service) raise(ctx context.Context, r *run) error {
	if err := s.confirm(ctx, r, r.state.Step.Session); err != nil {
		return err
	}
	raised, err := s.deps.Sessions.Raise(ctx, r.state.Step.Session, r.state.Proven.Facts)
	if err != nil {
		return err
	}
	who, err := s.deps.Users.ByID(ctx, r.state.Step.User)
	if err != nil {
		return err
	}
	return s.conclude(ctx, r, who, raised)
}
