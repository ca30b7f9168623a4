package step

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/user"
)

type newPasskeyStep struct {
	newcomers

	passkeys *passkey.Service
}

// Offer needs an application with passkeys.
func (newPasskeyStep) Offer(run Run, id string) (Offer, bool) {
	if !hasPasskeys(run) || run.State.Asked == nil {
		return nil, false
	}
	options := ceremony(run, passkey.ToMake).Creation(run.State.Asked.Person, nil)
	options.Exclude = run.State.Asked.Exclude
	return NewPasskeyOffer{ID: id, Identifier: shownNew(run), Options: options, Conditional: conditional(run)}, true
}

// shownNew is whom the step is about where that was said; a known user's is nobody's to name.
func shownNew(run Run) string {
	if !ofUser(run).IsZero() {
		return ""
	}
	return shown(run)
}

// ofUser is the user who gets the passkey; zero: one who is yet to be made.
func ofUser(run Run) user.ID {
	switch {
	case run.State.Step != nil:
		return run.State.Step.User
	case run.State.Proven != nil:
		return run.State.Proven.User
	}
	return user.ID{}
}

// conditional tells whether the passkey may be made without asking: after a login, and not
// where it was asked for.
func conditional(run Run) bool {
	return run.State.Proven != nil && (run.Journey.Proof == journey.Login || run.Journey.Proof == journey.Either)
}

// Prepare looks up whom the passkey is for, and where they have one.
func (h newPasskeyStep) Prepare(ctx context.Context, run Run) error {
	if !hasPasskeys(run) {
		return nil
	}
	asked := Asked{}
	if run.State.Asked != nil {
		asked = *run.State.Asked
	}
	owner, relyingParty := ofUser(run), run.Application.Passkeys.ID
	if owner.IsZero() {
		handle, err := h.passkeys.NewHandle(ctx, run.State.Seed, run.ID)
		asked.Person = passkey.Person{Handle: handle, Name: shown(run), DisplayName: shown(run)}
		run.State.Asked = &asked
		return err
	}
	held, err := h.passkeys.Of(ctx, owner, relyingParty)
	if err != nil {
		return err
	}
	asked.Exclude = passkey.Descriptors(held)
	asked.Person, err = h.passkeys.PersonFor(ctx, owner, relyingParty, run.State.Seed, run.ID)
	run.State.Asked = &asked
	return err
}

// Answer takes a new passkey, of somebody who is known or of a newcomer.
func (h newPasskeyStep) Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error) {
	answer := submission.(NewPasskeySubmission)
	if err := h.about(ctx, run, answer); err != nil {
		return "", err
	}
	made, err := h.passkeys.Check(ctx, ceremony(run, passkey.ToMake), passkey.Made{
		Credential: answer.Credential, Name: answer.Name, Handle: run.State.Asked.Person.Handle, Conditional: conditional(run),
	})
	if err != nil {
		return "", err
	}
	run.State.Made = &made
	if !conditional(run) {
		run.State.Password = "" // of the two the last one counts
	}
	return journey.Chosen, nil
}

// about notes who registers; where somebody is known the answer names nobody.
func (h newPasskeyStep) about(ctx context.Context, run Run, answer NewPasskeySubmission) error {
	switch {
	case ofUser(run).IsZero():
		return h.newcomer(ctx, run, answer)
	case answer.Identifier != "":
		return ErrIdentifierGiven
	case answer.Profile != nil:
		return ErrProfileGiven
	}
	return nil
}

// newcomer notes who registers.
func (h newPasskeyStep) newcomer(ctx context.Context, run Run, answer NewPasskeySubmission) error {
	identifier, err := named(run, answer.Identifier)
	if err != nil {
		return err
	}
	if _, err := h.mayRegister(ctx, run, identifier); err != nil {
		return err
	}
	profile := run.State.Profile
	if answer.Profile != nil {
		if profile, err = h.given(ctx, run, answer.Profile); err != nil {
			return err
		}
	}
	run.State.Identifier, run.State.Profile = &identifier, profile
	return nil
}

// given is the profile of a new user with what they give; an invitation may have begun it.
func (n newcomers) given(ctx context.Context, run Run, profile []byte) (json.RawMessage, error) {
	if run.State.Invited != nil {
		return n.users.MergeProfile(ctx, run.State.Profile, profile)
	}
	return n.users.Profile(ctx, profile)
}

// Upgrades tells whether a passkey may be made in passing for who signed in, if they have none.
// A client has to say that it can show it: to another one the login would not end.
func Upgrades(run Run) bool {
	proven := run.State.Proven
	return hasPasskeys(run) && run.Application.Passkeys.Upgrades && proven != nil && !proven.PasswordSetAt.IsZero() &&
		run.State.Made == nil && !run.State.Skipped &&
		slices.Contains(run.State.Accepts, string(journey.NewPasskey)) && slices.Contains(run.State.Accepts, string(journey.Skip))
}

type skipStep struct{}

func (skipStep) Offer(_ Run, id string) (Offer, bool) { return SkipOffer{ID: id}, true }

// Answer passes the question over.
func (skipStep) Answer(_ context.Context, run Run, _ Submission) (journey.Outcome, error) {
	run.State.Skipped = true
	return journey.Skipped, nil
}
