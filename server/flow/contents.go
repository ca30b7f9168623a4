package flow

import (
	"context"
	"encoding/json"

	"github.com/lintel-id/lintel/server/assurance"
)

// Contents is what a flow holds of its person, but for secrets.
type Contents struct {
	Identifier string // as it was typed
	Locale     string
	Profile    json.RawMessage // as it was typed, until the user is made
	Proofs     []assurance.Fact
	Agreed     []Agreement
}

// Agreement is one thing agreed to, at one version.
type Agreement struct {
	Subject string `json:"subject"`
	Version string `json:"version"`
}

// Contents opens a flow that was found in the store, for whoever writes down what is held
// about its person.
func (s *Service) Contents(ctx context.Context, row Row) (Contents, error) {
	state, err := s.openState(ctx, row)
	if err != nil {
		return Contents{}, err
	}
	held := Contents{Identifier: "", Locale: state.Locale, Profile: state.Profile, Proofs: nil, Agreed: []Agreement{}}
	if state.Identifier != nil {
		held.Identifier = state.Identifier.Value
	}
	if state.Challenge != nil && held.Identifier == "" {
		held.Identifier = state.Challenge.To.Value
	}
	if state.Proven != nil {
		held.Proofs = state.Proven.Facts
	}
	for _, one := range state.Agreed {
		held.Agreed = append(held.Agreed, Agreement(one))
	}
	return held, nil
}
