package step

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user"
)

type newPasswordStep struct {
	newcomers

	passwords *password.Service
}

func (newPasswordStep) Offer(run Run, id string) (Offer, bool) {
	return NewPasswordOffer{ID: id, Identifier: shown(run)}, true
}

func (h newPasswordStep) Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error) {
	answer := submission.(NewPasswordSubmission)
	if run.State.Proven != nil {
		return h.renew(ctx, run, answer)
	}
	identifier, err := named(run, answer.Identifier)
	if err != nil {
		return "", err
	}
	if _, err := h.mayRegister(ctx, run, identifier); err != nil {
		return "", err
	}
	profile := run.State.Profile
	if answer.Profile != nil {
		if profile, err = h.given(ctx, run, answer.Profile); err != nil {
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
	run.State.Password, run.State.Made = prepared.Encoded(), nil
	return journey.Chosen, nil
}

// renew chooses another password in the place of the expired one that was proven, or of
// whichever there is where an address was proven to recover the account.
func (h newPasswordStep) renew(ctx context.Context, run Run, answer NewPasswordSubmission) (journey.Outcome, error) {
	if answer.Identifier != "" {
		return "", ErrIdentifierGiven
	}
	if answer.Profile != nil {
		return "", ErrProfileGiven
	}
	found, err := h.users.ByID(ctx, run.State.Proven.User)
	if errors.Is(err, user.ErrUnknown) {
		return "", password.ErrWrong.Because(err)
	}
	if err != nil {
		return "", err
	}
	own, err := h.users.Own(ctx, found) // nobody finds out by trying what they do not see
	if err != nil {
		return "", err
	}
	prepared, err := h.passwords.Prepare(ctx, answer.Password, own.Words())
	if err != nil {
		return "", err
	}
	if run.State.Proven.Expired {
		switch _, err := h.passwords.Verify(ctx, found.ID, answer.Password); {
		case err == nil:
			return "", password.ErrRejected.At(fault.Field{Pointer: "/password", Code: "reused", Detail: "This is the password that has to be replaced."})
		case !errors.Is(err, password.ErrWrong):
			return "", err
		}
	}
	run.State.Password, run.State.Made = prepared.Encoded(), nil
	run.State.AtRisk = false
	return journey.Chosen, nil
}
