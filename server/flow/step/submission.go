package step

import (
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/platform/secret"
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
