package step

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/user"
)

type passkeyStep struct {
	users    *user.Service
	passkeys *passkey.Service
}

// Offer needs an application with passkeys; of somebody who is known already, it needs that
// they have one.
func (passkeyStep) Offer(run Run, id string) (Offer, bool) {
	if !hasPasskeys(run) {
		return nil, false
	}
	allow := []passkey.Descriptor{}
	if run.State.Asked != nil {
		allow = run.State.Asked.Allow
	}
	return PasskeyOffer{ID: id, Identifier: shown(run), Options: ceremony(run, passkey.ToProve).Request(allow)}, len(allow) > 0 || unnamed(run)
}

func hasPasskeys(run Run) bool { return run.Application.Passkeys != nil && len(run.State.Seed) > 0 }

// unnamed tells whether a passkey has to say whose it is.
func unnamed(run Run) bool {
	return run.State.Step == nil && run.State.Proven == nil && run.State.Identifier == nil
}

func ceremony(run Run, purpose passkey.Purpose) passkey.Ceremony {
	return passkey.Ceremony{
		Policy: *run.Application.Passkeys, Name: run.Application.Name, Origins: run.Application.Origins,
		Challenge: passkey.Challenge(run.State.Seed, run.ID, run.Turn, purpose),
	}
}

// Prepare looks up whose passkeys are asked for. Of somebody who was only named, as many are
// shown whoever it is.
func (h passkeyStep) Prepare(ctx context.Context, run Run) error {
	if !hasPasskeys(run) || unnamed(run) {
		return nil
	}
	allow, err := h.allowed(ctx, run)
	if err != nil {
		return err
	}
	asked := Asked{}
	if run.State.Asked != nil {
		asked = *run.State.Asked
	}
	asked.Allow = allow
	run.State.Asked = &asked
	return nil
}

func (h passkeyStep) allowed(ctx context.Context, run Run) ([]passkey.Descriptor, error) {
	known := ofUser(run)
	if known.IsZero() {
		return h.named(ctx, *run.State.Identifier, run.Application.Passkeys.ID)
	}
	held, err := h.passkeys.Of(ctx, known, run.Application.Passkeys.ID)
	return passkey.Descriptors(held), err
}

func (h passkeyStep) named(ctx context.Context, who Identifier, relyingParty string) ([]passkey.Descriptor, error) {
	found, err := h.users.ByIdentifier(ctx, who.Type, who.Lookup)
	if err != nil && !errors.Is(err, user.ErrUnknown) {
		return nil, err
	}
	return h.passkeys.Named(ctx, relyingParty, string(who.Type)+":"+who.Lookup, found.ID)
}

// Answer judges what the authenticator says. Whoever may not sign in is told what a passkey
// is told that is not right.
func (h passkeyStep) Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error) {
	answer := submission.(PasskeySubmission)
	var allow [][]byte
	if asked := run.State.Asked; asked != nil {
		for _, one := range asked.Allow {
			allow = append(allow, one.ID)
		}
	}
	proof, err := h.passkeys.Verify(ctx, ceremony(run, passkey.ToProve), allow, answer.Credential)
	if refused := (*passkey.RefusedError)(nil); errors.As(err, &refused) {
		run.State.Signals, run.State.Suspicion, err = refused.Signals, refused.Suspicion, refused.Fault
	}
	if err != nil {
		return "", err
	}
	found, err := h.users.ByID(ctx, proof.Passkey.UserID)
	if errors.Is(err, user.ErrUnknown) {
		return "", passkey.ErrInvalid.Because(err)
	}
	if err != nil {
		return "", err
	}
	deletion := scheduled(run, found)
	if err := found.RequireActive(); err != nil && deletion == nil {
		return "", passkey.ErrInvalid.Because(err)
	}
	return h.proves(run, found, proof, deletion)
}

// proves notes a proof, beside what was proven before where it is the second.
func (passkeyStep) proves(run Run, found user.User, proof passkey.Proof, deletion *Deletion) (journey.Outcome, error) {
	fact := assurance.Fact{Method: PasskeyMethod(proof.Verified), At: run.Now}
	if before := run.State.Proven; before != nil {
		if before.User != found.ID {
			return "", passkey.ErrInvalid
		}
		both := *before
		both.Passkey, both.Facts = &proof.Use, assurance.Merge(before.Facts, []assurance.Fact{fact})
		run.State.Proven = &both
		return journey.Proven, nil
	}
	if run.State.Step != nil && run.State.Step.User != found.ID {
		return "", passkey.ErrInvalid
	}
	run.State.Proven = &Proven{User: found.ID, Facts: []assurance.Fact{fact}, Passkey: &proof.Use}
	run.State.Deletion = deletion
	run.State.Profile = found.Profile
	return journey.Proven, nil
}

// PasskeyMethod is what a passkey proves: who it was, or only that it was at hand.
func PasskeyMethod(verified bool) assurance.Method {
	if verified {
		return assurance.Passkey
	}
	return assurance.SecurityKey
}
