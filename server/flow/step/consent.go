package step

import (
	"context"
	"slices"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow/journey"
)

type consentStep struct{}

func (consentStep) Offer(run Run, id string) (Offer, bool) {
	offer := ConsentOffer{ID: id, Terms: application.Terms{Version: "", URL: ""}}
	if run.Application.Terms != nil {
		offer.Terms = *run.Application.Terms
	}
	return offer, true
}

func (consentStep) Answer(_ context.Context, run Run, submission Submission) (journey.Outcome, error) {
	wanted := Wanted(run.Application)
	agreed := submission.(ConsentSubmission).Agreed
	for _, agreement := range wanted {
		if !slices.Contains(agreed, agreement) {
			return "", ErrConsentRequired
		}
	}
	run.State.Agreed = wanted // what was offered, never what a caller adds
	return journey.Agreed, nil
}

// Wanted is what the application asks people to agree to.
func Wanted(app application.Application) []Agreement {
	if app.Terms == nil {
		return nil
	}
	return []Agreement{{Subject: string(consent.Terms), Version: app.Terms.Version}}
}
