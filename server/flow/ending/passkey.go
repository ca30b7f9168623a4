package ending

import (
	"context"

	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
)

// keep makes the passkey of a run its user's. Who had an account before is told of it.
func (s *Service) keep(ctx context.Context, run step.Run, owner user.ID, newcomer bool) error {
	made := run.State.Made
	if made == nil {
		return nil
	}
	added, err := s.deps.Passkeys.Add(ctx, owner, *made)
	if err != nil {
		return wrongWhereGone(err)
	}
	run.State.Made = nil
	if newcomer {
		return nil
	}
	return s.deps.Notices.PasskeyAdded(ctx, notice.Passkey{
		Owner: owner, Name: added.Name, Application: run.Application.ID.String(), Locale: run.State.Locale,
	})
}

// shows is that a new passkey was used to be made.
func shows(run step.Run) []assurance.Fact {
	if run.State.Made == nil {
		return nil
	}
	return []assurance.Fact{{Method: step.PasskeyMethod(run.State.Made.Verified), At: run.Now}}
}

// enrol adds a passkey to the account of the session at hand, which stays as it is: what was
// just added proves nobody who was not proven before.
func (s *Service) enrol(ctx context.Context, run step.Run) error {
	owner := run.State.Step.User
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: owner.String()})
	who, err := s.welcome(ctx, owner)
	if err != nil {
		return err
	}
	// The user's row before the session's, as an erasure has it: the two would wait for each other.
	if err := s.keep(ctx, run, owner, false); err != nil {
		return err
	}
	held, err := s.deps.Sessions.Raise(ctx, run.State.Step.Session, nil)
	if err != nil {
		return err
	}
	if err := s.signal(ctx, run, who, true); err != nil {
		return err
	}
	return s.conclude(ctx, run, who, held)
}

// signal notes what the platform is to be told of the user's passkeys, where the run was about
// one: which there are, and what the user is called.
func (s *Service) signal(ctx context.Context, run step.Run, who user.User, about bool) error {
	if policy := run.Application.Passkeys; policy != nil && about {
		told, err := s.deps.Passkeys.SignalsAt(ctx, who, policy.ID)
		run.State.Signals = told
		return err
	}
	return nil
}
