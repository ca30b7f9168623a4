package step

import (
	"context"
	"encoding/json"
	"slices"

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
		return "", LacksClaims(missing)
	}
	return journey.Given, nil
}

// LacksClaims is ErrClaimMissing that names them.
func LacksClaims(missing []string) error {
	fields := make([]fault.Field, len(missing))
	for i, claim := range missing {
		fields[i] = fault.Field{Pointer: "/profile/" + claim, Code: "required", Detail: "This is asked for."}
	}
	return ErrClaimMissing.At(fields...)
}

// MissingClaims are those the application asks for that the run's profile lacks, and that of
// the guest who would have it.
func MissingClaims(run Run) []string {
	missing := Missing(run.Application.ProfileClaims, run.State.Profile)
	if guest := run.State.Guest; guest != nil && run.State.Proven == nil {
		missing = slices.DeleteFunc(missing, func(claim string) bool { return slices.Contains(guest.Claims, claim) })
	}
	return missing
}

// Missing are the claims that a profile lacks.
func Missing(claims []string, profile json.RawMessage) []string {
	var have map[string]json.RawMessage
	_ = json.Unmarshal(profile, &have) // a profile is an object or nothing yet
	missing := []string{}
	for _, claim := range claims {
		if _, ok := have[claim]; !ok {
			missing = append(missing, claim)
		}
	}
	return missing
}
