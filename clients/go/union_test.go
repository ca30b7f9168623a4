package lintel_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
)

// A step that this release has never heard of does not spoil those that it knows.
func TestPromise_OldClientsSurviveUnknownSteps(t *testing.T) {
	client, _ := against(t, lintel.Options{}, reply{status: 200, body: `{"id":"flw_1","status":"paused","new":1,"steps":[
		{"type":"password","id":"s.1","identifier":"ada@example.com","more":{},"Type":"profile","Id":"s.9"},
		{"type":"palm_reading","id":"s.2","hands":[1,2]},
		{"type":"password","id":7},
		{"id":"s.3"}]}`})
	flow, err := client.GetFlow(t.Context(), lintel.FlowAccess{ID: "flw_1"})
	require.NoError(t, err)
	require.Equal(t, "paused", flow.Status)
	var seen []string
	for _, one := range flow.Steps {
		switch step := lintel.StepOf(one).(type) {
		case lintel.PasswordStep:
			seen = append(seen, "password "+step.ID+" "+*step.Identifier)
		case lintel.UnknownStep:
			again, err := json.Marshal(step)
			require.NoError(t, err)
			require.JSONEq(t, string(step.Raw), string(again))
			seen = append(seen, step.Type+" "+string(again))
		case lintel.AcknowledgeStep, lintel.ConsentStep, lintel.IdentifierStep, lintel.NewPasswordStep, lintel.ProfileStep:
			t.Fatalf("%T", step)
		}
	}
	require.Equal(t, []string{
		"password s.1 ada@example.com", `palm_reading {"type":"palm_reading","id":"s.2","hands":[1,2]}`, `password {"type":"password","id":7}`, ` {"id":"s.3"}`,
	}, seen)
}

// Each kind that is known is told apart, so that the list for createFlow is what can be shown.
func TestStepTypesAreWhatStepOfKnows(t *testing.T) {
	require.NotEmpty(t, lintel.StepTypes())
	for _, kind := range lintel.StepTypes() {
		var step lintel.Step
		require.NoError(t, json.Unmarshal([]byte(`{"type":"`+kind+`","id":"s.1"}`), &step))
		_, unknown := lintel.StepOf(step).(lintel.UnknownStep)
		require.False(t, unknown, kind)
	}
}

func TestSubmissionsSayTheirType(t *testing.T) {
	for want, made := range map[string]*lintel.StepSubmission{
		`{"type":"acknowledge"}`:                        lintel.NewStepSubmission(lintel.AcknowledgeSubmission{}),
		`{"type":"consent","agreed":null}`:              lintel.NewStepSubmission(lintel.ConsentSubmission{}),
		`{"type":"identifier","identifier":"ada"}`:      lintel.NewStepSubmission(lintel.IdentifierSubmission{Identifier: "ada"}),
		`{"type":"new_password","password":"x"}`:        lintel.NewStepSubmission(lintel.NewPasswordSubmission{Password: "x"}),
		`{"type":"password","password":"x","id":"s.1"}`: lintel.NewStepSubmission(lintel.PasswordSubmission{Password: "x", ID: new("s.1")}),
		`{"type":"profile","profile":{"a":null}}`:       lintel.NewStepSubmission(lintel.ProfileSubmission{Profile: lintel.Profile{"a": nil}}),
	} {
		written, err := json.Marshal(made)
		require.NoError(t, err)
		require.JSONEq(t, want, string(written))
	}
}
