package flow

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// invite has a start be about an invitation, if it brings one: its claims tell the invitation
// and where the run stands, and never the token. invitation.ErrInvalid, ErrJourney, and what
// step.Doorway refuses; there is no flow then.
func (s *Service) invite(ctx context.Context, c *claims, app application.Application, j journey.Journey, token secret.Text) error {
	if token.IsZero() {
		return nil
	}
	if j.Proof != journey.Registration && j.Proof != journey.Either {
		return ErrJourney
	}
	brought, err := s.deps.Invitations.Bring(ctx, token)
	if err != nil {
		return err
	}
	if brought.Application != app.ID {
		return invitation.ErrInvalid
	}
	invited := &step.Invited{
		ID: brought.ID, Digest: brought.Digest, To: brought.To, Proves: brought.Proves(), ByUser: !brought.Inviter.IsZero(),
		Profile: brought.Profile,
		Node:    "", Free: false, Owned: false, At: c.StartedAt,
	}
	r := s.begin(*c, app, j, c.StartedAt)
	if err := s.deps.Doorway.Enter(ctx, r.handed(), invited); err != nil {
		return err
	}
	if err := s.advance(ctx, &r, journey.Identified); err != nil {
		return err
	}
	invited.Node, invited.Free, invited.Owned = r.state.Node, r.state.Free, r.state.Owned != nil
	c.Invited = invited
	return nil
}

// over is a run that was refused at its end: where its invitation is worth nothing any more
// there is nothing to go on with.
func over(r run, err error) run {
	if errors.Is(err, invitation.ErrInvalid) {
		r.row.Status = Denied
	}
	return r
}
