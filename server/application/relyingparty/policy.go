package relyingparty

import (
	"time"

	"github.com/google/uuid"
)

// Verification says whether an authenticator has to find out who is there.
// Spec: WebAuthn L3 §5.8.6.
type Verification string

// The values.
const (
	VerificationRequired    Verification = "required"
	VerificationPreferred   Verification = "preferred"
	VerificationDiscouraged Verification = "discouraged"
)

// Attachment says which authenticators a new passkey may be made on.
// Spec: WebAuthn L3 §5.4.5.
type Attachment string

// The values.
const (
	AnyAttachment Attachment = ""
	Platform      Attachment = "platform"
	CrossPlatform Attachment = "cross-platform"
)

// Hint says what a front end should offer first. Spec: WebAuthn L3 §5.8.7.
type Hint string

// The values.
const (
	SecurityKey  Hint = "security-key"
	ClientDevice Hint = "client-device"
	Hybrid       Hint = "hybrid"
)

// Attestation says what a new passkey has to show of its authenticator.
type Attestation string

// The values.
const (
	// AttestationNone asks for nothing, and believes nothing.
	AttestationNone Attestation = "none"
	// AttestationDirect asks, verifies what comes, and takes passkeys that show nothing.
	AttestationDirect Attestation = "direct"
	// AttestationRequired takes only what is proven by metadata that the operator gave.
	AttestationRequired Attestation = "required"
)

// AndroidApp is an app that may use the passkeys of the relying party.
type AndroidApp struct {
	Package      string
	Fingerprints []string // SHA-256 of its signing certificates, as 32 hexadecimal pairs with colons
}

// Policy is what an application says of its passkeys; an application without one has none.
type Policy struct {
	ID             string   // the relying party id: a domain, of which passkeys are for good
	Origins        []string // web origins that may use them, besides those of the application under ID
	AndroidApps    []AndroidApp
	AppleApps      []string // team id and bundle id: "ABCDE12345.com.example.app"
	Verification   Verification
	Attachment     Attachment
	Hints          []Hint
	Algorithms     []int64 // COSE identifiers, the preferred one first. Spec: RFC 9053 §2.
	Attestation    Attestation
	AllowedAAGUIDs []uuid.UUID // none: all that are not denied
	DeniedAAGUIDs  []uuid.UUID
	Timeout        time.Duration
	// SecondFactor has who signs in with something weaker prove a passkey too, if they have one.
	SecondFactor bool
	// Upgrades lets a front end make a passkey without asking, after a login with a password.
	Upgrades bool
	// The pages of the front end that others lead people to.
	EnrollURL         string
	ManageURL         string
	ChangePasswordURL string
}
