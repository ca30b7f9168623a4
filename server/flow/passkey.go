package flow

import "context"

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
