package step

import (
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// IdentifierSubmission says who is there.
type IdentifierSubmission struct {
	OfferID    string
	Identifier string
}

// Answers is the type and offer it answers.
func (s IdentifierSubmission) Answers() (journey.Step, string) { return journey.Identifier, s.OfferID }

// PasswordSubmission proves who is there.
type PasswordSubmission struct {
	OfferID    string
	Identifier string // only where the offer names none
	Password   secret.Text
}

// Answers is the type and offer it answers.
func (s PasswordSubmission) Answers() (journey.Step, string) { return journey.Password, s.OfferID }

// NewPasswordSubmission chooses a password.
type NewPasswordSubmission struct {
	OfferID    string
	Identifier string // only where the offer names none
	Password   secret.Text
	Profile    []byte // JSON object, or nil
}

// Answers is the type and offer it answers.
func (s NewPasswordSubmission) Answers() (journey.Step, string) {
	return journey.NewPassword, s.OfferID
}

// ProfileSubmission gives claims.
type ProfileSubmission struct {
	OfferID string
	Profile []byte // JSON object
}

// Answers is the type and offer it answers.
func (s ProfileSubmission) Answers() (journey.Step, string) { return journey.Profile, s.OfferID }

// ConsentSubmission agrees.
type ConsentSubmission struct {
	OfferID string
	Agreed  []Agreement
}

// Answers is the type and offer it answers.
func (s ConsentSubmission) Answers() (journey.Step, string) { return journey.Consent, s.OfferID }

// AcknowledgeSubmission says that the notice was seen.
type AcknowledgeSubmission struct {
	OfferID string
}

// Answers is the type and offer it answers.
func (s AcknowledgeSubmission) Answers() (journey.Step, string) {
	return journey.Acknowledge, s.OfferID
}

// CodeSubmission types a code, or asks for one.
type CodeSubmission struct {
	OfferID    string
	Identifier string            // whom to send it to, where the offer names nobody
	OwnedBy    user.IdentifierID // or which of the signed-in user's own identifiers
	Code       secret.Text       // none: one is to be sent
}

// Answers is the type and offer it answers.
func (s CodeSubmission) Answers() (journey.Step, string) { return journey.Code, s.OfferID }

// LinkSubmission brings what a link has, or asks for one.
type LinkSubmission struct {
	OfferID    string
	Identifier string
	OwnedBy    user.IdentifierID
	Target     string      // the page that opens it, one of the application's; empty: the first
	Token      secret.Text // what the link brings
	Code       secret.Text // what it shows where it is opened elsewhere
}

// Answers is the type and offer it answers.
func (s LinkSubmission) Answers() (journey.Step, string) { return journey.Link, s.OfferID }

// GuestSubmission goes on as a guest.
type GuestSubmission struct {
	OfferID string
}

// Answers is the type and offer it answers.
func (s GuestSubmission) Answers() (journey.Step, string) { return journey.Guest, s.OfferID }

// PasskeySubmission proves a passkey.
type PasskeySubmission struct {
	OfferID    string
	Credential []byte // AuthenticationResponseJSON. Spec: WebAuthn L3 §5.1.8.
}

// Answers is the type and offer it answers.
func (s PasskeySubmission) Answers() (journey.Step, string) { return journey.Passkey, s.OfferID }

// NewPasskeySubmission brings a new passkey.
type NewPasskeySubmission struct {
	OfferID    string
	Identifier string // only where the offer names none
	Credential []byte // RegistrationResponseJSON. Spec: WebAuthn L3 §5.1.8.
	Name       string // what the person calls it; empty: one is made up
	Profile    []byte // JSON object, or nil
}

// Answers is the type and offer it answers.
func (s NewPasskeySubmission) Answers() (journey.Step, string) { return journey.NewPasskey, s.OfferID }

// SkipSubmission passes the question over.
type SkipSubmission struct {
	OfferID string
}

// Answers is the type and offer it answers.
func (s SkipSubmission) Answers() (journey.Step, string) { return journey.Skip, s.OfferID }

// Tries tells whether an answer guesses a code, which is counted before it is looked at.
func Tries(answer Submission) bool {
	switch answer := answer.(type) {
	case CodeSubmission:
		return !answer.Code.IsZero()
	case LinkSubmission:
		return answer.Token.IsZero() && !answer.Code.IsZero()
	}
	return false
}
