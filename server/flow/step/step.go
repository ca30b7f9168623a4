package step

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// Run is one flow as a handler sees it.
type Run struct {
	Journey     journey.Journey
	Application application.Application
	State       *State
	Now         time.Time
}

// Handler knows one type of step.
type Handler interface {
	// Offer describes the step as it can be answered now.
	Offer(run Run, id string) Offer
	// Answer checks an answer and notes in the run's state what it proves or gives.
	// A fault of kind Invalid or Conflict is a refusal that the flow shows; any
	// other error ends the request. Neither changes the stored run by itself.
	Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error)
}

// Offer is one of the offers below.
type Offer interface {
	// Step is the offer's type.
	Step() journey.Step
}

// The offers, one for each type of step. ID names the offer in this visit of the node.
type (
	IdentifierOffer struct {
		ID    string
		Types []user.IdentifierType
	}
	PasswordOffer struct {
		ID         string
		Identifier string // empty when the answer has to name one
	}
	NewPasswordOffer struct {
		ID         string
		Identifier string
	}
	ProfileOffer struct {
		ID     string
		Claims []string
	}
	ConsentOffer struct {
		ID    string
		Terms application.Terms
	}
	AcknowledgeOffer struct {
		ID     string
		Notice Message
	}
)

// Step is the offer's type.
func (IdentifierOffer) Step() journey.Step { return journey.Identifier }

// Step is the offer's type.
func (PasswordOffer) Step() journey.Step { return journey.Password }

// Step is the offer's type.
func (NewPasswordOffer) Step() journey.Step { return journey.NewPassword }

// Step is the offer's type.
func (ProfileOffer) Step() journey.Step { return journey.Profile }

// Step is the offer's type.
func (ConsentOffer) Step() journey.Step { return journey.Consent }

// Step is the offer's type.
func (AcknowledgeOffer) Step() journey.Step { return journey.Acknowledge }

// Submission is one of the answers below.
type Submission interface {
	// Answers is the type of step it answers, and the offer it names, if it names one.
	Answers() (journey.Step, string)
}

// The answers, one for each type of step.
type (
	IdentifierSubmission struct {
		OfferID    string
		Identifier string
	}
	PasswordSubmission struct {
		OfferID    string
		Identifier string // only where the offer names none
		Password   secret.Text
	}
	NewPasswordSubmission struct {
		OfferID    string
		Identifier string
		Password   secret.Text
		Profile    []byte // JSON object, or nil
	}
	ProfileSubmission struct {
		OfferID string
		Profile []byte
	}
	ConsentSubmission struct {
		OfferID string
		Agreed  []Agreement
	}
	AcknowledgeSubmission struct {
		OfferID string
	}
)

// Answers is the type and offer it answers.
func (s IdentifierSubmission) Answers() (journey.Step, string) { return journey.Identifier, s.OfferID }

// Answers is the type and offer it answers.
func (s PasswordSubmission) Answers() (journey.Step, string) { return journey.Password, s.OfferID }

// Answers is the type and offer it answers.
func (s NewPasswordSubmission) Answers() (journey.Step, string) {
	return journey.NewPassword, s.OfferID
}

// Answers is the type and offer it answers.
func (s ProfileSubmission) Answers() (journey.Step, string) { return journey.Profile, s.OfferID }

// Answers is the type and offer it answers.
func (s ConsentSubmission) Answers() (journey.Step, string) { return journey.Consent, s.OfferID }

// Answers is the type and offer it answers.
func (s AcknowledgeSubmission) Answers() (journey.Step, string) {
	return journey.Acknowledge, s.OfferID
}
