package journey_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/flow/journey"
)

func TestBuiltinJourneysAreValid(t *testing.T) {
	for _, j := range journey.Builtin() {
		require.NoError(t, j.Validate(), j.Name)
	}
}

func find(t *testing.T, name string) journey.Journey {
	t.Helper()
	for _, j := range journey.Builtin() {
		if j.Name == name {
			return j
		}
	}
	t.Fatal(name)
	return journey.Journey{}
}

func TestWhereOutcomesLead(t *testing.T) {
	all := journey.Facts{journey.ProfileWanted: true, journey.TermsWanted: true, journey.PasswordAtRisk: true}
	for _, c := range []struct {
		journey, from string
		outcome       journey.Outcome
		facts         journey.Facts
		to            string
	}{
		{"login", "start", journey.Proven, nil, journey.Done},
		{"login", "start", journey.Identified, nil, "password"},
		{"login", "start", journey.Proven, all, "notice"},
		{"login", "notice", journey.Acknowledged, all, "terms"},
		{"login", "password", journey.Proven, journey.Facts{journey.DeletionScheduled: true, journey.PasswordAtRisk: true}, "deletion"},
		{"login", "deletion", journey.Acknowledged, all, "notice"},
		{"login_or_registration", "start", journey.Proven, journey.Facts{journey.DeletionScheduled: true}, "deletion"},
		{"guest", "start", journey.Entered, nil, journey.Done},
		{"guest", "start", journey.Entered, all, "terms"},
		{"registration", "start", journey.Chosen, nil, journey.Done},
		{"registration", "password", journey.Chosen, all, "profile"},
		{"registration", "password", journey.Chosen, journey.Facts{journey.TermsWanted: true}, "terms"},
		{"login_or_registration", "start", journey.Identified, nil, "password"},
		{"login_or_registration", "start", journey.Identified, journey.Facts{journey.IdentifierFree: true}, "new_password"},
		{"step_up", "start", journey.Proven, all, journey.Done},
		{"step_up", "start", journey.Proven, journey.Facts{journey.PasswordExpired: true}, "renewal"},
		{"step_up", "renewal", journey.Chosen, nil, journey.Done},
		{"login", "start", journey.Proven, journey.Facts{journey.PasswordExpired: true, journey.PasswordAtRisk: true}, "renewal"},
		{"login", "deletion", journey.Acknowledged, journey.Facts{journey.PasswordExpired: true}, "renewal"},
		{"login", "renewal", journey.Chosen, all, "terms"},
	} {
		to, ok := find(t, c.journey).After(c.from, c.outcome, c.facts)
		require.True(t, ok)
		require.Equal(t, c.to, to, "%s %s %s", c.journey, c.from, c.outcome)
	}
	_, ok := find(t, "login").After("start", journey.Agreed, all)
	require.False(t, ok, "an outcome the node does not know leads nowhere")
	_, ok = find(t, "login").After("nowhere", journey.Proven, all)
	require.False(t, ok)
}

func TestBrokenJourneysAreRefused(t *testing.T) {
	offers := []journey.Step{journey.Password}
	next := []journey.Next{{On: journey.Proven, To: journey.Done}}
	good := journey.Node{Name: "a", Offers: offers, Next: next}
	for name, nodes := range map[string][]journey.Node{
		"no node":           {},
		"nothing offered":   {{Name: "a", Next: next}},
		"unknown step":      {{Name: "a", Offers: []journey.Step{"dance"}, Next: next}},
		"repeated step":     {{Name: "a", Offers: []journey.Step{journey.Password, journey.Password}, Next: next}},
		"unknown target":    {{Name: "a", Offers: offers, Next: []journey.Next{{On: journey.Proven, To: "b"}}}},
		"missing outcome":   {{Name: "a", Offers: offers}},
		"foreign outcome":   {{Name: "a", Offers: offers, Next: append(next, journey.Next{On: journey.Agreed, To: journey.Done})}},
		"only conditional":  {{Name: "a", Offers: offers, Next: []journey.Next{{On: journey.Proven, When: journey.TermsWanted, To: journey.Done}}}},
		"unknown condition": {{Name: "a", Offers: offers, Next: append(next, journey.Next{On: journey.Proven, When: "rain", To: journey.Done})}},
		"when without else": {good, {Name: "b", When: journey.TermsWanted, Offers: offers, Next: next}},
		"conditional start": {{Name: "a", When: journey.TermsWanted, Else: journey.Done, Offers: offers, Next: next}},
		"same name twice":   {good, good},
		"named done":        {{Name: journey.Done, Offers: offers, Next: next}},
		"unreachable":       {good, {Name: "b", Offers: offers, Next: next}},
		"never ends":        {{Name: "a", Offers: offers, Next: []journey.Next{{On: journey.Proven, To: "a"}}}},
		"passed over in a circle": {
			{Name: "a", Offers: offers, Next: []journey.Next{{On: journey.Proven, To: "b"}}},
			{Name: "b", When: journey.TermsWanted, Else: "c", Offers: offers, Next: next},
			{Name: "c", When: journey.ProfileWanted, Else: "b", Offers: offers, Next: next},
		},
	} {
		j := journey.Journey{Name: "x", Version: 1, Proof: journey.Login, Nodes: nodes}
		require.Error(t, j.Validate(), name)
	}
	require.Error(t, journey.Journey{Name: "x", Version: 1, Proof: "trust", Nodes: []journey.Node{good}}.Validate())
}

func TestStepsAreListedOnce(t *testing.T) {
	require.Equal(t, []journey.Step{journey.Passkey, journey.Identifier, journey.Password, journey.Code, journey.Link, journey.Acknowledge, journey.NewPassword, journey.Consent, journey.NewPasskey, journey.Skip}, find(t, "login").Steps())
}
