package step

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/user"
)

type passwordStep struct {
	users     *user.Service
	passwords *password.Service
	guesses   *risk.Guesses
}

func (passwordStep) Offer(run Run, id string) (Offer, bool) {
	return PasswordOffer{ID: id, Identifier: shown(run)}, true
}

// Answer compares the password. A known and an unknown identifier, a wrong
// password, none, and a user who may not sign in all get the same answer after the
// same work. Somebody whose deletion is scheduled is let as far as the notice of it.
// Spec: NIST SP 800-63B-4 §3.2.2 for the limit on guesses.
func (h passwordStep) Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error) {
	answer := submission.(PasswordSubmission)
	if run.State.Step != nil {
		return h.stepUp(ctx, run, answer)
	}
	identifier, err := named(run, answer.Identifier)
	if err != nil {
		return "", err
	}
	attempt, err := h.guesses.Begin(ctx, string(identifier.Type)+":"+identifier.Lookup)
	if err != nil {
		return "", err
	}
	found, err := h.users.ByIdentifier(ctx, identifier.Type, identifier.Lookup)
	if errors.Is(err, user.ErrUnknown) {
		return "", attempt.Ended(ctx, h.passwords.VerifyAbsent(ctx, identifier.Lookup, answer.Password))
	}
	if err != nil {
		return "", attempt.Ended(ctx, err)
	}
	if err := attempt.Ended(ctx, h.verify(ctx, run, found, answer.Password)); err != nil {
		return "", err
	}
	run.State.Identifier = &identifier
	return journey.Proven, nil
}

// stepUp is about the user of the session at hand and nobody else.
func (h passwordStep) stepUp(ctx context.Context, run Run, answer PasswordSubmission) (journey.Outcome, error) {
	if answer.Identifier != "" {
		return "", ErrIdentifierGiven
	}
	found, err := h.users.ByID(ctx, run.State.Step.User)
	if errors.Is(err, user.ErrUnknown) {
		return "", password.ErrWrong.Because(err)
	}
	if err != nil {
		return "", err
	}
	attempt, err := h.guesses.Begin(ctx, counted(found))
	if err != nil {
		return "", err
	}
	if err := attempt.Ended(ctx, h.verify(ctx, run, found, answer.Password)); err != nil {
		return "", err
	}
	if run.State.Proven.Expired && len(found.Identifiers) > 0 { // whom the next question is about
		first := found.Identifiers[0]
		run.State.Identifier = &Identifier{Type: first.Type, Value: first.Value, Lookup: first.Lookup}
	}
	return journey.Proven, nil
}

// counted is the counter that a login with the user's first identifier uses, so
// that stepping up is no second set of guesses.
func counted(found user.User) string {
	if len(found.Identifiers) == 0 {
		return found.ID.String()
	}
	return string(found.Identifiers[0].Type) + ":" + found.Identifiers[0].Lookup
}

func (h passwordStep) verify(ctx context.Context, run Run, found user.User, text secret.Text) error {
	verified, err := h.passwords.Verify(ctx, found.ID, text)
	if err != nil {
		return err
	}
	deletion := scheduled(run, found)
	if err := found.RequireActive(); err != nil && deletion == nil {
		return password.ErrWrong.Because(err)
	}
	if err := h.passwords.Rehash(ctx, found.ID, verified); err != nil {
		return err
	}
	run.State.Proven = &Proven{
		User:          found.ID,
		Facts:         []assurance.Fact{{Method: assurance.Password, At: run.Now}},
		PasswordSetAt: verified.SetAt(),
		Expired:       verified.Expired(),
	}
	run.State.Deletion = deletion
	run.State.Profile = found.Profile
	run.State.AtRisk = h.passwords.AtRisk(ctx, text)
	return nil
}

// scheduled is the deletion that a login may undo. A step-up undoes none: it is about
// a session, and there is none.
func scheduled(run Run, found user.User) *Deletion {
	if run.State.Step != nil || !found.Restorable(run.Now) {
		return nil
	}
	return &Deletion{At: *found.DeleteAt, Seen: false}
}
