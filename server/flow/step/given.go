package step

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user"
)

type profileStep struct{ users *user.Service }

func (profileStep) Offer(run Run, id string) Offer {
	claims := MissingClaims(run)
	if len(claims) == 0 { // the person has come back to the question
		claims = run.Application.ProfileClaims
	}
	return ProfileOffer{ID: id, Claims: claims}
}

func (h profileStep) Answer(_ context.Context, run Run, submission Submission) (journey.Outcome, error) {
	merged, err := h.users.MergeProfile(run.State.Profile, submission.(ProfileSubmission).Profile)
	if err != nil {
		return "", err
	}
	run.State.Profile = merged
	if missing := MissingClaims(run); len(missing) > 0 {
		fields := make([]fault.Field, len(missing))
		for i, claim := range missing {
			fields[i] = fault.Field{Pointer: "/profile/" + claim, Code: "required", Detail: "This is asked for."}
		}
		return "", ErrClaimMissing.At(fields...)
	}
	return journey.Given, nil
}

// MissingClaims are those the application asks for that the run's profile lacks.
func MissingClaims(run Run) []string {
	var have map[string]json.RawMessage
	_ = json.Unmarshal(run.State.Profile, &have) // a profile is an object or nothing yet
	missing := []string{}
	for _, claim := range run.Application.ProfileClaims {
		if _, ok := have[claim]; !ok {
			missing = append(missing, claim)
		}
	}
	return missing
}

type consentStep struct{}

func (consentStep) Offer(run Run, id string) Offer {
	offer := ConsentOffer{ID: id, Terms: application.Terms{Version: "", URL: ""}}
	if run.Application.Terms != nil {
		offer.Terms = *run.Application.Terms
	}
	return offer
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

type acknowledgeStep struct{}

func (acknowledgeStep) Offer(_ Run, id string) Offer {
	return AcknowledgeOffer{ID: id, Notice: Message{Code: "password_at_risk", Detail: "This password has appeared in a data breach. Change it soon, here and wherever else you use it."}}
}

func (acknowledgeStep) Answer(_ context.Context, run Run, _ Submission) (journey.Outcome, error) {
	run.State.AtRisk = false
	return journey.Acknowledged, nil
}
