package step

import (
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/passkey"
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

// CodeOffer asks for a code, or whether one is to be sent.
type CodeOffer struct {
	ID   string
	Sent *Sent // nil: nothing has been sent
	// Identifier is who it is for, when that has been given and nothing has been sent.
	Identifier string
}

// Step is the offer's type.
func (CodeOffer) Step() journey.Step { return journey.Code }

// LinkOffer waits for a link that was sent to be followed, or asks whether one is to be.
type LinkOffer struct {
	ID         string
	Sent       *Sent // nil: nothing has been sent
	Identifier string
	Approved   bool // it was followed elsewhere: an answer without anything goes on
}

// Step is the offer's type.
func (LinkOffer) Step() journey.Step { return journey.Link }

// Sent is what is known of a code or link that was sent.
type Sent struct {
	Channel   message.Channel
	Masked    string // where it went
	Length    int    // of the code, in digits
	ExpiresAt time.Time
	Again     *time.Duration // how long to wait before another is sent; nil: none will be
}

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

// GuestOffer lets somebody go on as a guest.
type GuestOffer struct {
	ID string
}

// Step is the offer's type.
func (GuestOffer) Step() journey.Step { return journey.Guest }

// PasskeyOffer asks to prove a passkey.
type PasskeyOffer struct {
	ID         string
	Identifier string // empty: whoever the passkey is of
	Options    passkey.RequestOptions
}

// Step is the offer's type.
func (PasskeyOffer) Step() journey.Step { return journey.Passkey }

// NewPasskeyOffer asks to make a passkey.
type NewPasskeyOffer struct {
	ID          string
	Identifier  string // empty when the answer has to name one
	Options     passkey.CreationOptions
	Conditional bool // it may be made without asking. Spec: WebAuthn L3 §5.1.3.
}

// Step is the offer's type.
func (NewPasskeyOffer) Step() journey.Step { return journey.NewPasskey }

// SkipOffer lets the question be passed over.
type SkipOffer struct {
	ID string
}

// Step is the offer's type.
func (SkipOffer) Step() journey.Step { return journey.Skip }
