package lintel_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
)

// told is what the newest message to somebody puts into its words.
func (s *somebody) told(t *testing.T) lintel.MessageValues {
	t.Helper()
	inbox, err := s.GetTestInbox(t.Context(), lintel.GetTestInboxParams{To: &s.email, Wait: new(int32(10))})
	require.NoError(t, err)
	require.NotEmpty(t, inbox.Messages)
	return inbox.Messages[0].Values
}

// start begins a login with the first answer.
func start(t *testing.T, client *lintel.Client, submit *lintel.StepSubmission) *lintel.Flow {
	t.Helper()
	flow, err := client.CreateFlow(t.Context(), lintel.FlowStart{Journey: "login", Transport: lintel.FlowTransportToken, Accepts: lintel.StepTypes(), Submit: submit})
	require.NoError(t, err)
	require.Nil(t, flow.Error)
	return flow
}

// It stands here and not beside what releases keep, for it is true only until there is another step.
func TestEveryStepCanBeShown(t *testing.T) {
	offered, err := dial(t, serve(t), lintel.Options{}).GetConfiguration(t.Context())
	require.NoError(t, err)
	require.Subset(t, lintel.StepTypes(), offered.StepTypes)
}

func TestLogInByCode(t *testing.T) {
	ada := register(t, serve(t))
	flow := start(t, ada.Client, lintel.NewStepSubmission(lintel.CodeSubmission{Identifier: &ada.email}))
	step, ok := lintel.StepOf(flow.Steps[0]).(lintel.CodeStep)
	require.True(t, ok)
	require.Equal(t, "a•••@example.com", step.Sent.Destination)
	typed := func(code string) *lintel.Flow {
		answer, err := ada.SubmitStep(t.Context(), lintel.AccessTo(flow), lintel.NewStepSubmission(lintel.CodeSubmission{ID: &step.ID, OneTimeCode: &code}))
		require.NoError(t, err)
		return answer
	}
	require.Equal(t, lintel.ProblemCodeCodeInvalid, typed("nonsense").Error.Code)
	done := typed(ada.told(t)["code"])
	require.Equal(t, lintel.FlowStatusCompleted, done.Status)
	require.Equal(t, ada.user.ID, done.Outcome.User.ID)
}

// A page that a link opens elsewhere lets the flow go on that waits for it.
func TestLogInByALinkThatIsApprovedElsewhere(t *testing.T) {
	ada := register(t, serve(t, func(c *config.Config) {
		c.Applications = []application.Declaration{{
			ClientID: "web", Default: true, OwnershipProof: application.Deferred,
			LinkURIs: []string{"https://app.example.com/link"}, LinkElsewhere: application.Approve,
		}}
	}))
	flow := start(t, ada.Client, lintel.NewStepSubmission(lintel.LinkSubmission{Identifier: &ada.email}))
	opened, err := url.Parse(ada.told(t)["link"])
	require.NoError(t, err)
	fragment, err := url.ParseQuery(opened.Fragment)
	require.NoError(t, err)
	require.Equal(t, flow.ID, fragment.Get("flow"))
	elsewhere, link := dial(t, ada.baseURL, lintel.Options{}), lintel.LinkOpening{LinkToken: fragment.Get("link")}
	_, err = elsewhere.OpenLink(t.Context(), flow.ID, lintel.LinkOpening{LinkToken: "ll_wrong"})
	failed(t, err, lintel.ProblemCodeLinkInvalid)
	what, err := elsewhere.OpenLink(t.Context(), flow.ID, link)
	require.NoError(t, err)
	require.Equal(t, "login", what.Journey)
	require.Equal(t, lintel.OpenedLinkElsewhereApprove, what.Elsewhere)
	require.NoError(t, elsewhere.ApproveLink(t.Context(), flow.ID, link))

	seen, err := ada.GetFlow(t.Context(), lintel.AccessTo(flow), lintel.GetFlowParams{Wait: new(int32(10)), Revision: &flow.Revision})
	require.NoError(t, err)
	step, ok := lintel.StepOf(seen.Steps[0]).(lintel.LinkStep)
	require.True(t, ok)
	require.True(t, step.Approved)
	done, err := ada.SubmitStep(t.Context(), lintel.AccessTo(flow), lintel.NewStepSubmission(lintel.LinkSubmission{ID: &step.ID}))
	require.NoError(t, err)
	require.Equal(t, lintel.FlowStatusCompleted, done.Status)
}
