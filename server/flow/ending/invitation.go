package ending

import (
	"context"

	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/schema"
)

// Complete makes a finished run take effect within the unit of work in ctx. What has to have
// been proven is checked here once more, apart from the journey's table: a definition with a
// mistake hands out nothing. Whoever brought an invitation has accepted it then, and where it
// is worth nothing any more nothing takes effect: invitation.ErrInvalid.
func (s *Service) Complete(ctx context.Context, run step.Run) (secret.Text, error) {
	token, err := s.end(ctx, run)
	invited := run.State.Invited
	if err != nil || invited == nil {
		return token, err
	}
	about := run.State.Identifier
	if about == nil || about.Type != invited.To.Type || about.Lookup != invited.To.Lookup || run.State.Outcome == nil {
		return secret.Text{}, errUnproven
	}
	who := run.State.Outcome.User.ID
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: who.String()})
	if err := s.deps.Invitations.Accept(ctx, invited.ID, invited.Digest, run.Application.ID, who); err != nil {
		return secret.Text{}, err
	}
	return token, nil
}

// writer is who wrote the profile of a new user. What an invitation began it with an operator
// wrote; what was added since was checked when it was given.
func writer(run step.Run) schema.Writer {
	if run.State.Invited != nil && run.State.Invited.Profile != nil {
		return schema.Operator
	}
	return schema.Person
}
