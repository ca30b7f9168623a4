package passkey

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/google/uuid"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/user"
)

// Fresh is a passkey that was made and is nobody's yet. It outlives a run's next questions.
type Fresh struct {
	RelyingParty string    `json:"rp_id"`
	Handle       []byte    `json:"handle"`
	CredentialID []byte    `json:"credential_id"`
	PublicKey    []byte    `json:"public_key"`
	AAGUID       uuid.UUID `json:"aaguid"`
	Attested     bool      `json:"attested"`
	Format       string    `json:"format"`
	Name         string    `json:"name"`
	Transports   []string  `json:"transports"`
	Attachment   string    `json:"attachment"`
	Discoverable bool      `json:"discoverable"`
	Eligible     bool      `json:"eligible"`
	BackedUp     bool      `json:"backed_up"`
	Verified     bool      `json:"verified"`
	SignCount    uint32    `json:"sign_count"`
}

// Made is the answer to a creation.
type Made struct {
	Credential  []byte // RegistrationResponseJSON
	Name        string // what the person calls it; empty: one is made up
	Handle      []byte // that the options had
	Conditional bool   // it was made without asking
}

// Check judges the answer to a creation, and stores nothing: ErrInvalid, ErrUnverified,
// ErrNotAllowed, ErrTaken, ErrNameInvalid.
// Spec: WebAuthn L3 §7.1.
func (s *Service) Check(ctx context.Context, c Ceremony, made Made) (Fresh, error) {
	name := ""
	if made.Name != "" {
		var err error
		if name, err = named(made.Name); err != nil {
			return Fresh{}, err
		}
	}
	if len(made.Credential) > maxCredential {
		return Fresh{}, ErrInvalid
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(made.Credential)
	if err != nil {
		return Fresh{}, ErrInvalid.Because(err)
	}
	if err := sound(parsed.Response.AttestationObject); err != nil {
		return Fresh{}, ErrInvalid.Because(err)
	}
	attested, err := s.attested(c, parsed, made.Conditional)
	if err != nil {
		return Fresh{}, err
	}
	fresh := freshFrom(c, parsed)
	fresh.Handle, fresh.Name, fresh.Attested = made.Handle, name, attested
	if c.Policy.Verification == relyingparty.VerificationRequired && !fresh.Verified && !made.Conditional {
		return Fresh{}, ErrUnverified
	}
	if fresh.BackedUp && !fresh.Eligible || len(fresh.CredentialID) == 0 || len(fresh.CredentialID) > maxCredentialID {
		return Fresh{}, ErrInvalid
	}
	if err := s.counts(c, fresh.AAGUID, attested); err != nil {
		return Fresh{}, err
	}
	if fresh.Name == "" {
		if fresh.Name = s.deps.Models.Name(fresh.AAGUID); fresh.Name == "" {
			fresh.Name = "Passkey"
		}
	}
	if err := s.free(ctx, c.Policy.ID, fresh.CredentialID); err != nil {
		return Fresh{}, err
	}
	return fresh, nil
}

// free tells whether nobody has a credential id. One that was made up for strangers is taken
// too, since they would find out here that it is none.
func (s *Service) free(ctx context.Context, relyingParty string, credentialID []byte) error {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	_, err = s.deps.Store.PasskeyByCredential(ctx, relyingParty, credentialID)
	switch {
	case err == nil, isDecoy(box, credentialID):
		return ErrTaken
	case !errors.Is(err, ErrUnknown):
		return err
	}
	return nil
}

// maxCredentialID bounds what an authenticator may call it. Spec: WebAuthn L3 §4.
const maxCredentialID = 1023

func freshFrom(c Ceremony, parsed *protocol.ParsedCredentialCreationData) Fresh {
	data := parsed.Response.AttestationObject.AuthData
	transports := []string{}
	for _, one := range parsed.Response.Transports {
		if name := string(one); knownTransport(name) && !slices.Contains(transports, name) {
			transports = append(transports, name)
		}
	}
	aaguid, err := uuid.FromBytes(data.AttData.AAGUID)
	if err != nil {
		aaguid = uuid.Nil
	}
	properties := parsed.ClientExtensionResults.CredProps
	return Fresh{
		RelyingParty: c.Policy.ID, Handle: nil, CredentialID: data.AttData.CredentialID, PublicKey: data.AttData.CredentialPublicKey,
		AAGUID: aaguid, Attested: false, Format: parsed.Response.AttestationObject.Format, Name: "", Transports: transports,
		Attachment:   string(parsed.AuthenticatorAttachment),
		Discoverable: properties != nil && properties.RK != nil && *properties.RK,
		Eligible:     data.Flags.HasBackupEligible(), BackedUp: data.Flags.HasBackupState(), Verified: data.Flags.HasUserVerified(), SignCount: data.Counter,
	}
}

// knownTransport tells whether a platform would know it. Spec: WebAuthn L3 §5.8.4.
func knownTransport(name string) bool {
	switch name {
	case "usb", "nfc", "ble", "smart-card", "hybrid", "internal":
		return true
	}
	return false
}

// Add makes a fresh passkey a user's, within the unit of work in ctx: ErrTaken, ErrLimit.
// A user who got another handle meanwhile keeps it, and this passkey is not taken: ErrMoved.
func (s *Service) Add(ctx context.Context, owner user.ID, fresh Fresh) (Passkey, error) {
	if err := s.deps.Holder.HoldUser(ctx, owner); err != nil { // so that they are counted one after the other
		return Passkey{}, err
	}
	held, err := s.deps.Store.PasskeysOf(ctx, owner)
	if err != nil {
		return Passkey{}, err
	}
	if len(held) >= maxPasskeys {
		return Passkey{}, ErrLimit
	}
	kept, err := s.deps.Store.KeepHandle(ctx, owner, fresh.RelyingParty, fresh.Handle)
	if err != nil {
		return Passkey{}, err
	}
	if string(kept) != string(fresh.Handle) {
		return Passkey{}, ErrMoved
	}
	now := s.deps.Clock.Now()
	added := Passkey{
		ID: id.New[idKind](now), UserID: owner, RelyingParty: fresh.RelyingParty, Handle: fresh.Handle, CredentialID: fresh.CredentialID,
		PublicKey: fresh.PublicKey, AAGUID: fresh.AAGUID, Attested: fresh.Attested, Format: fresh.Format, Name: fresh.Name,
		Transports: fresh.Transports, Attachment: fresh.Attachment, Discoverable: fresh.Discoverable, Eligible: fresh.Eligible,
		BackedUp: fresh.BackedUp, Verified: fresh.Verified, SignCount: fresh.SignCount, CreatedAt: now, LastUsedAt: nil,
	}
	if err := s.deps.Store.InsertPasskey(ctx, added); err != nil {
		return Passkey{}, fmt.Errorf("add passkey: %w", err)
	}
	return added, s.tell(ctx, added, EventAdded, AddedData{
		UserID: owner.String(), RelyingParty: added.RelyingParty, AAGUID: added.AAGUID.String(), Attested: added.Attested, BackedUp: added.BackedUp,
	})
}
