package passkey

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/google/uuid"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/platform/event"
)

// maxCredential bounds what is parsed of an answer.
const maxCredential = 48 << 10

// Proof is that somebody has a passkey at hand.
type Proof struct {
	Passkey  Passkey
	Verified bool // the authenticator found out who it was
	Use      Use
}

// RefusedError is why a proof was not taken, with what to tell the platform and what to record.
type RefusedError struct {
	Fault     error
	Signals   *Signals
	Suspicion *Suspicion
}

// Suspicion is that there may be two of what there should be one of: a counter went back or
// stood still. Spec: WebAuthn L3 §6.1.1.
type Suspicion struct {
	passkey  Passkey
	received uint32
}

// Error is that of the fault.
func (e *RefusedError) Error() string { return e.Fault.Error() }

// Unwrap gives the fault.
func (e *RefusedError) Unwrap() error { return e.Fault }

// Verify judges the answer to a request: AuthenticationResponseJSON. Where the request named
// passkeys, allow has their ids. It writes nothing: Spend has the proof take effect, and Suspect
// records that a counter went back. ErrInvalid, ErrUnverified, ErrNotAllowed, as RefusedError
// where the platform is to be told.
// Spec: WebAuthn L3 §7.2.
func (s *Service) Verify(ctx context.Context, c Ceremony, allow [][]byte, credential []byte) (Proof, error) {
	if len(credential) > maxCredential {
		return Proof{}, ErrInvalid
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(credential)
	if err != nil {
		return Proof{}, ErrInvalid.Because(err)
	}
	// A handle says whose it is; without one it is said by the list alone.
	handle := parsed.Response.UserHandle
	listed := slices.ContainsFunc(allow, func(one []byte) bool { return bytes.Equal(one, parsed.RawID) })
	if !listed && (len(allow) > 0 || len(handle) == 0) {
		return Proof{}, ErrInvalid
	}
	found, err := s.deps.Store.PasskeyByCredential(ctx, c.Policy.ID, parsed.RawID)
	// Another's is told no other than one that is not here: who was shown ids that may be made
	// up must not find out which are.
	if errors.Is(err, ErrUnknown) || err == nil && len(handle) > 0 && !bytes.Equal(handle, found.Handle) {
		return Proof{}, s.unknown(ctx, c, parsed)
	}
	if err != nil {
		return Proof{}, err
	}
	if err := c.holds(parsed, found); err != nil {
		return Proof{}, err
	}
	flags := parsed.Response.AuthenticatorData.Flags
	if c.Policy.Verification == relyingparty.VerificationRequired && !flags.HasUserVerified() {
		return Proof{}, ErrUnverified
	}
	if err := s.counts(c, found.AAGUID, found.Attested); err != nil {
		return Proof{}, err
	}
	count := parsed.Response.AuthenticatorData.Counter
	if (count != 0 || found.SignCount != 0) && count <= found.SignCount {
		return Proof{}, &RefusedError{Fault: ErrInvalid, Signals: nil, Suspicion: &Suspicion{passkey: found, received: count}}
	}
	return Proof{
		Passkey: found, Verified: flags.HasUserVerified(),
		Use: Use{ID: found.ID, From: found.SignCount, SignCount: count, BackedUp: flags.HasBackupState(), At: s.deps.Clock.Now()},
	}, nil
}

// holds checks an answer against the passkey that it names.
func (c Ceremony) holds(parsed *protocol.ParsedCredentialAssertionData, found Passkey) error {
	err := parsed.Verify(c.challenge(), c.Policy.ID, "", c.origins(), c.Policy.AppOrigins(), nil, protocol.TopOriginExplicitVerificationMode,
		false, false, true, found.PublicKey, protocol.SignaturePolicy{})
	if err != nil {
		return ErrInvalid.Because(err)
	}
	flags := parsed.Response.AuthenticatorData.Flags
	if flags.HasBackupEligible() != found.Eligible || flags.HasBackupState() && !flags.HasBackupEligible() {
		return ErrInvalid
	}
	return nil
}

// unknown tells the platform of a passkey of this tenant that is not here any more. Of one
// that is another tenant's nothing is told, so that nobody's is taken from the list of their
// device. It takes as long as what is known.
func (s *Service) unknown(ctx context.Context, c Ceremony, parsed *protocol.ParsedCredentialAssertionData) error {
	_ = c.holds(parsed, Passkey{PublicKey: s.nobodys})
	ours, err := s.ours(ctx, parsed.Response.UserHandle)
	if err != nil {
		return err
	}
	if !ours {
		return ErrInvalid
	}
	gone := UnknownCredential{RelyingParty: c.Policy.ID, CredentialID: parsed.RawID}
	return &RefusedError{Fault: ErrInvalid, Signals: &Signals{Unknown: []UnknownCredential{gone}, Accepted: nil, Details: nil}, Suspicion: nil}
}

// counts tells whether a make of authenticator counts here. What was only claimed of it does
// not prove that it is one of those that are allowed.
func (s *Service) counts(c Ceremony, aaguid uuid.UUID, attested bool) error {
	policy := c.Policy
	switch {
	case slices.Contains(policy.DeniedAAGUIDs, aaguid),
		len(policy.AllowedAAGUIDs) > 0 && (!attested || !slices.Contains(policy.AllowedAAGUIDs, aaguid)),
		policy.Attestation == relyingparty.AttestationRequired && !attested,
		policy.Attestation != relyingparty.AttestationNone && s.deps.Models.Withdrawn(aaguid):
		return ErrNotAllowed
	}
	return nil
}

// Suspect records a suspicion, within the unit of work in ctx: where the answer that raised it
// is the same that was taken at the same moment, there is nothing to tell.
func (s *Service) Suspect(ctx context.Context, what Suspicion) error {
	return s.tell(ctx, what.passkey, EventSuspected, SuspectedData{
		UserID: what.passkey.UserID.String(), Stored: int64(what.passkey.SignCount), Received: int64(what.received),
	})
}

// Spend notes what a proof changes, within the unit of work in ctx; ErrMoved where the passkey
// was used or removed since.
func (s *Service) Spend(ctx context.Context, use Use) error { return s.deps.Store.UsePasskey(ctx, use) }

func (s *Service) tell(ctx context.Context, about Passkey, told event.Type, data any) error {
	return s.deps.Events.Record(ctx, event.Draft{
		Type: told, Subject: about.ID.String(), Data: data, Person: about.UserID.String(), Personal: nil,
	})
}
