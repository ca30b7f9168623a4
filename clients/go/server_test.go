package lintel_test

import (
	"crypto/rand"
	"testing"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
)

// dial makes a client of the real server.
func dial(t *testing.T, baseURL string, options lintel.Options) *lintel.Client {
	t.Helper()
	client, err := lintel.New(baseURL, options)
	require.NoError(t, err)
	return client
}

// somebody has just registered.
type somebody struct {
	*lintel.Client

	baseURL         string
	email, password string
	token           string
	user            lintel.User
}

func register(t *testing.T, baseURL string) *somebody {
	t.Helper()
	s := &somebody{baseURL: baseURL, email: "ada-" + rand.Text() + "@example.com", password: "a long walk to the blue harbour"}
	flow, err := dial(t, baseURL, lintel.Options{}).CreateFlow(t.Context(), lintel.FlowStart{
		Journey: "registration", Transport: lintel.FlowTransportToken,
		Submit: lintel.NewStepSubmission(lintel.NewPasswordSubmission{Identifier: &s.email, Password: s.password, Profile: &lintel.Profile{"name": "Ada"}}),
	})
	require.NoError(t, err)
	s.signedIn(t, flow)
	return s
}

func (s *somebody) signedIn(t *testing.T, flow *lintel.Flow) {
	t.Helper()
	require.Equal(t, lintel.FlowStatusCompleted, flow.Status, "%+v", flow.Error)
	s.token, s.user = *flow.Outcome.SessionToken, flow.Outcome.User
	s.Client = dial(t, s.baseURL, lintel.Options{Token: lintel.StaticToken(s.token)})
}

// again signs the same person in on another device.
func (s *somebody) again(t *testing.T) *somebody {
	t.Helper()
	other := &somebody{baseURL: s.baseURL, email: s.email, password: s.password}
	flow, err := dial(t, s.baseURL, lintel.Options{}).CreateFlow(t.Context(), lintel.FlowStart{
		Journey: "login", Transport: lintel.FlowTransportToken,
		Submit: lintel.NewStepSubmission(lintel.PasswordSubmission{Identifier: &s.email, Password: s.password}),
	})
	require.NoError(t, err)
	other.signedIn(t, flow)
	return other
}
