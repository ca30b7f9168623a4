package step

import (
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/user"
)

// IdentifierOffer asks who is there.
type IdentifierOffer struct {
	ID    string
	Types []user.IdentifierType
}

// Step is the offer's type.
func (IdentifierOffer) Step() journey.Step { return journey.Identifier }

// PasswordOffer asks for the password.
type PasswordOffer struct {
	ID         string
	Identifier string // empty when the answer has to name one
}

// Step is the offer's type.
func (PasswordOffer) Step() journey.Step { return journey.Password }

// NewPasswordOffer asks to choose a password.
type NewPasswordOffer struct {
	ID         string
	Identifier string // empty when the answer has to name one
}

// Step is the offer's type.
func (NewPasswordOffer) Step() journey.Step { return journey.NewPassword }

// ProfileOffer asks for claims.
type ProfileOffer struct {
	ID     string
	Claims []string
}

// Step is the offer's type.
func (ProfileOffer) Step() journey.Step { return journey.Profile }

// ConsentOffer asks to agree.
type ConsentOffer struct {
	ID    string
	Terms application.Terms
}

// Step is the offer's type.
func (ConsentOffer) Step() journey.Step { return journey.Consent }

// AcknowledgeOffer shows a notice.
type AcknowledgeOffer struct {
	ID     string
	Notice Message
}

// Step is the offer's type.
func (AcknowledgeOffer) Step() journey.Step { return journey.Acknowledge }
