package step

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow/journey"
)

// Run is one flow as a handler sees it.
type Run struct {
	ID          string
	Journey     journey.Journey
	Application application.Application
	State       *State
	Turn        int64 // of the run, which every answer raises: what is asked at one serves at no other
	Now         time.Time
}

// Handler knows one type of step.
type Handler interface {
	// Offer describes the step as it can be answered now; false where it cannot be.
	Offer(run Run, id string) (Offer, bool)
	// Answer checks an answer and notes in the run's state what it proves or gives.
	// A fault of kind Invalid or Conflict is a refusal that the flow shows; any
	// other error ends the request. Neither changes the stored run by itself; of a
	// refused answer only Challenge, Spent, Signals and Suspicion of the state are kept.
	Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error)
}

// Preparer is a Handler that has to look something up for what it offers.
type Preparer interface {
	// Prepare notes in Asked of the run's state what the step asks where the run stands now.
	Prepare(ctx context.Context, run Run) error
}

// Offer is one of the offers in offer.go. Its ID names it in this visit of the node.
type Offer interface {
	// Step is the offer's type.
	Step() journey.Step
}

// Submission is one of the answers in submission.go.
type Submission interface {
	// Answers is the type of step it answers, and the offer it names, if it names one.
	Answers() (journey.Step, string)
}
