package step

import (
	"context"
	"encoding/json"

	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user"
)

type profileStep struct{ users *user.Service }

func (profileStep) Offer(run Run, id string) (Offer, bool) {
	claims := MissingClaims(run)
	if len(claims) == 0 { // the person has come back to the question
		claims = run.Application.ProfileClaims
	}
	return ProfileOffer{ID: id, Claims: claims}, true
}

func (h profileStep) Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error) {
	merged, err := h.users.MergeProfile(ctx, run.State.Profile, submission.(ProfileSubmission).Profile)
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
