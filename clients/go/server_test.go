package lintel_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/password"
)

// serve runs the real server until the test ends, in test mode and by the machine's clock,
// because tokens are checked by that too. Hashing is cheap.
func serve(t *testing.T) (baseURL string) {
	t.Helper()
	settings := config.Default()
	settings.Listen, settings.Operations.Listen = "localhost:0", "localhost:0"
	settings.DataDir, settings.TestMode = t.TempDir(), true
	settings.Hasher.Cost = password.Cost{Memory: 64, Time: 1, Threads: 1}
	server, err := boot.New(t.Context(), settings, boot.Surroundings{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	return server.BaseURL()
}

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
	s := &somebody{baseURL: baseURL, email: "ada@example.com", password: "a long walk to the blue harbour"}
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
