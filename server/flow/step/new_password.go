package step

import (
	"context"

	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/user"
)

type newPasswordStep struct {
	users     *user.Service
	passwords *password.Service
}

func (newPasswordStep) Offer(run Run, id string) Offer {
	return NewPasswordOffer{ID: id, Identifier: shown(run)}
}

func (h newPasswordStep) Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error) {
	answer := submission.(NewPasswordSubmission)
	identifier, err := named(run, answer.Identifier)
	if err != nil {
		return "", err
	}
	if _, err := mayRegister(ctx, h.users, run, identifier); err != nil {
		return "", err
	}
	profile := run.State.Profile
	if answer.Profile != nil {
		if profile, err = h.users.Profile(ctx, answer.Profile); err != nil {
			return "", err
		}
	}
	inputs := append(user.Words(profile), identifier.Value)
	prepared, err := h.passwords.Prepare(ctx, answer.Password, inputs)
	if err != nil {
		return "", err
	}
	run.State.Identifier = &identifier
	run.State.Profile = profile
	run.State.Password = prepared.Encoded()
	return journey.Chosen, nil
}
