package flow

import (
	"context"
	"slices"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow/journey"
)

// StepsOf lists the types of steps that a journey can offer in an application: those of
// passkeys where it has any.
func StepsOf(app application.Application, j journey.Journey) []journey.Step {
	return slices.DeleteFunc(j.Steps(), func(kind journey.Step) bool {
		switch kind {
		case journey.Passkey, journey.NewPasskey:
			return app.Passkeys == nil
		case journey.Skip:
			return app.Passkeys == nil || !app.Passkeys.Upgrades
		default:
			return false
		}
	})
}

// holdsPasskey tells whether who has proven something else has a passkey of the application
// too, where that matters.
func (s *Service) holdsPasskey(ctx context.Context, r run) (bool, error) {
	policy, proven := r.app.Passkeys, r.state.Proven
	if policy == nil || proven == nil || proven.Passkey != nil || r.state.Step != nil || !policy.SecondFactor && !policy.Upgrades {
		return false, nil
	}
	held, err := s.deps.Passkeys.Of(ctx, proven.User, policy.ID)
	return len(held) > 0, err
}
