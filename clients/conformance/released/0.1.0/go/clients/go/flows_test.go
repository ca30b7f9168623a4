package lintel_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
	"github.com/lintel-id/lintel/clients/go/verify"
)

func TestRegisterLogInAndOut(t *testing.T) {
	ada := register(t, serve(t))
	require.Equal(t, "Ada", ada.user.Profile["name"])
	session, err := ada.GetSession(t.Context())
	require.NoError(t, err)
	require.Equal(t, lintel.SessionAcrAal1, session.Acr)
	require.Equal(t, ada.user.ID, session.UserID)
	require.True(t, session.Current)

	second := ada.again(t)
	require.NoError(t, second.EndSession(t.Context()))
	_, err = second.GetSession(t.Context())
	got := failure(t, err, lintel.ProblemCodeSessionInvalid)
	require.Equal(t, http.StatusUnauthorized, got.Status)
	require.NotEmpty(t, got.Problem.TraceID)
	_, err = ada.GetSession(t.Context())
	require.NoError(t, err)
}

// A wrong password is no failure of the request: the flow goes on, and says why.
func TestAWrongPassword(t *testing.T) {
	ada := register(t, serve(t))
	client := dial(t, ada.baseURL, lintel.Options{Locale: "de"})
	flow, err := client.CreateFlow(t.Context(), lintel.FlowStart{
		Journey: "login", Transport: lintel.FlowTransportToken, Accepts: lintel.StepTypes(),
		Submit: lintel.NewStepSubmission(lintel.PasswordSubmission{Identifier: &ada.email, Password: "let me in"}),
	})
	require.NoError(t, err)
	require.Equal(t, lintel.FlowStatusActive, flow.Status)
	require.Equal(t, lintel.ProblemCodeCredentialsInvalid, flow.Error.Code)
	require.Equal(t, "de", flow.Locale)

	access, offered := lintel.AccessTo(flow), lintel.PasswordStep{}
	for _, one := range flow.Steps {
		if step, ok := lintel.StepOf(one).(lintel.PasswordStep); ok {
			offered = step
		}
	}
	require.NotEmpty(t, offered.ID)
	right := lintel.NewStepSubmission(lintel.PasswordSubmission{ID: &offered.ID, Identifier: &ada.email, Password: ada.password})
	key := lintel.WithIdempotencyKey("the-same-for-both")
	done, err := client.SubmitStep(t.Context(), access, right, key)
	require.NoError(t, err)
	require.Equal(t, lintel.FlowStatusCompleted, done.Status)
	again, err := client.SubmitStep(t.Context(), access, right, key)
	require.NoError(t, err)
	require.Equal(t, *done.Outcome.SessionToken, *again.Outcome.SessionToken, "a repetition gets the same answer")

	seen, err := client.GetFlow(t.Context(), access, lintel.GetFlowParams{Wait: new(int32(1)), Revision: new(done.Revision - 1)})
	require.NoError(t, err)
	require.Equal(t, done.Revision, seen.Revision)
	_, err = client.GetFlow(t.Context(), lintel.FlowAccess{ID: access.ID, Token: "lf_wrong"})
	failed(t, err, lintel.ProblemCodeFlowTokenInvalid)
}

func TestAbandonAFlow(t *testing.T) {
	client := dial(t, serve(t), lintel.Options{})
	flow, err := client.CreateFlow(t.Context(), lintel.FlowStart{Journey: "login", Transport: lintel.FlowTransportToken})
	require.NoError(t, err)
	_, err = client.RewindFlow(t.Context(), lintel.AccessTo(flow))
	failed(t, err, lintel.ProblemCodeStepNotOffered)
	require.NoError(t, client.AbandonFlow(t.Context(), lintel.AccessTo(flow)))
	left, err := client.GetFlow(t.Context(), lintel.AccessTo(flow))
	require.NoError(t, err)
	require.Equal(t, lintel.FlowStatusExpired, left.Status)
	require.Empty(t, left.Steps)
}

func TestDevices(t *testing.T) {
	ada := register(t, serve(t))
	want := []string{ada.current(t)}
	for range 4 {
		want = append([]string{ada.again(t).current(t)}, want...)
	}
	var got []string
	for one, err := range ada.AllMySessions(t.Context(), lintel.ListMySessionsParams{Limit: new(int32(2))}) {
		require.NoError(t, err)
		got = append(got, one.ID)
	}
	require.Equal(t, want, got, "all pages, newest first")
	require.NoError(t, ada.EndMySession(t.Context(), want[0]))
	failed(t, ada.EndMySession(t.Context(), want[0]), lintel.ProblemCodeSessionUnknown)
	require.NoError(t, ada.EndOtherSessions(t.Context()))
	page, err := ada.ListMySessions(t.Context())
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.True(t, page.NextCursor.IsNull())

	var happened []string
	for one, err := range ada.AllActivity(t.Context()) {
		require.NoError(t, err)
		happened = append(happened, one.Type)
	}
	require.Contains(t, happened, lintel.ActivityEntryTypeSessionEnded)
}

func (s *somebody) current(t *testing.T) string {
	t.Helper()
	session, err := s.GetSession(t.Context())
	require.NoError(t, err)
	return session.ID
}

func TestProfile(t *testing.T) {
	ada := register(t, serve(t))
	var header http.Header
	_, err := ada.GetMe(t.Context(), lintel.ReadHeader(&header))
	require.NoError(t, err)
	first := header.Get("ETag")
	require.NotEmpty(t, first)
	patch := func(profile lintel.ProfileUpdate, etag string) (*lintel.User, error) {
		return ada.UpdateMe(t.Context(), lintel.UserUpdate{Profile: &profile}, lintel.UpdateMeParams{IfMatch: &etag})
	}
	user, err := patch(lintel.ProfileUpdate{"nickname": "Countess", "name": nil}, first)
	require.NoError(t, err)
	require.Equal(t, lintel.Profile{"nickname": "Countess"}, user.Profile, "null takes away, and what is not named stays")
	_, err = patch(lintel.ProfileUpdate{"nickname": "Ada"}, first)
	failed(t, err, lintel.ProblemCodeVersionStale)
	_, err = ada.UpdateMe(t.Context(), lintel.UserUpdate{Profile: &lintel.ProfileUpdate{"name": 7}})
	require.NotNil(t, failure(t, err, lintel.ProblemCodeProfileInvalid).Field("/profile/name"))
}

func TestIdentifiers(t *testing.T) {
	ada := register(t, serve(t))
	added, err := ada.AddIdentifier(t.Context(), lintel.NewIdentifier{Value: "countess@example.com", Type: new(lintel.IdentifierTypeEmail)})
	require.NoError(t, err)
	require.False(t, added.Primary)
	changed, err := ada.UpdateIdentifier(t.Context(), added.ID, lintel.IdentifierUpdate{Primary: new(true)})
	require.NoError(t, err)
	require.True(t, changed.Primary)
	require.NoError(t, ada.RemoveIdentifier(t.Context(), added.ID))
	var left []string
	for one, err := range ada.AllIdentifiers(t.Context()) {
		require.NoError(t, err)
		left = append(left, one.Value)
	}
	require.Equal(t, []string{ada.email}, left)
	failed(t, ada.RemoveIdentifier(t.Context(), "a/../../users?x=1#y"), lintel.ProblemCodeRequestInvalid)
}

// What is sensitive wants a fresh proof, which the journey named in the problem gives.
func TestStepUp(t *testing.T) {
	ada := register(t, serve(t))
	_, err := ada.AdvanceClock(t.Context(), lintel.ClockAdvance{Seconds: 600})
	require.NoError(t, err)
	change := func() error {
		return ada.SetPassword(t.Context(), lintel.NewPassword{Password: "a short walk to the green hill"})
	}
	got := failure(t, change(), lintel.ProblemCodeStepUpRequired)
	require.Equal(t, http.StatusForbidden, got.Status)
	require.Contains(t, got.Problem.StepUp.Methods, lintel.StepUpMethodsPassword)

	flow, err := ada.CreateFlow(t.Context(), lintel.FlowStart{
		Journey: got.Problem.StepUp.Journey, Transport: lintel.FlowTransportToken,
		Submit: lintel.NewStepSubmission(lintel.PasswordSubmission{Password: ada.password}),
	})
	require.NoError(t, err)
	require.Equal(t, lintel.FlowStatusCompleted, flow.Status)
	require.NoError(t, change())
	got = failure(t, ada.SetPassword(t.Context(), lintel.NewPassword{Password: "short"}), lintel.ProblemCodePasswordRejected)
	require.Equal(t, "too_short", got.Field("/password").Code)

	_, err = dial(t, ada.baseURL, lintel.Options{}).ResetClock(t.Context())
	require.NoError(t, err)
}

// A service checks by itself who is signed in.
func TestAMintedTokenIsVerified(t *testing.T) {
	ada := register(t, serve(t))
	minted, err := ada.CreateSessionToken(t.Context())
	require.NoError(t, err)
	verifier, err := verify.New(ada.baseURL, verify.Options{})
	require.NoError(t, err)
	claims, err := verifier.Verify(t.Context(), minted.Token)
	require.NoError(t, err)
	require.Equal(t, ada.user.ID, claims.UserID)
	require.Equal(t, ada.current(t), claims.SessionID)
	require.Equal(t, "default", claims.ClientID)
	require.Equal(t, lintel.SessionAcrAal1, claims.ACR)
	require.Equal(t, []string{lintel.SessionAmrPwd}, claims.AMR)
	require.Equal(t, minted.ExpiresAt, claims.ExpiresAt)
	require.WithinDuration(t, time.Now(), claims.AuthTime, time.Minute)

	other, err := verify.New(ada.baseURL, verify.Options{Audience: "https://api.example.com"})
	require.NoError(t, err)
	_, err = other.Verify(t.Context(), minted.Token)
	require.ErrorIs(t, err, verify.ErrInvalid)
	_, err = ada.CreateSessionToken(t.Context(), lintel.CreateSessionTokenParams{Audience: new("https://api.example.com")})
	failed(t, err, lintel.ProblemCodeAudienceNotAllowed)
}

// The cookie of a browser, kept in a jar.
func TestTheSessionOfACookie(t *testing.T) {
	baseURL := serve(t)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := dial(t, baseURL, lintel.Options{HTTPClient: &http.Client{Jar: jar}, Header: http.Header{"Origin": {baseURL}}})
	flow, err := client.CreateFlow(t.Context(), lintel.FlowStart{
		Journey: "registration", Transport: lintel.FlowTransportCookie,
		Submit: lintel.NewStepSubmission(lintel.NewPasswordSubmission{Identifier: new("ada@example.com"), Password: "a long walk to the blue harbour"}),
	})
	require.NoError(t, err)
	require.Nil(t, flow.Outcome.SessionToken)
	session, err := client.RefreshSession(t.Context())
	require.NoError(t, err)
	require.Equal(t, lintel.SessionTransportCookie, session.Transport)
	require.NoError(t, client.EndSession(t.Context()))
	_, err = client.GetSession(t.Context())
	failed(t, err, lintel.ProblemCodeSessionInvalid)
}

func TestWhatIsPublic(t *testing.T) {
	client := dial(t, serve(t), lintel.Options{Locale: "de"})
	offered, err := client.GetConfiguration(t.Context(), lintel.GetConfigurationParams{ClientID: new("default")})
	require.NoError(t, err)
	require.Equal(t, "de", offered.Locale)
	keys, err := client.GetJwks(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, keys.Keys)
	moved, err := client.SetClock(t.Context(), lintel.ClockSetting{CurrentTime: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	require.NotZero(t, moved.OffsetSeconds)
	clock, err := client.GetClock(t.Context())
	require.NoError(t, err)
	require.WithinDuration(t, moved.CurrentTime, clock.CurrentTime, time.Minute)
}

func TestDeleteAnAccount(t *testing.T) {
	ada := register(t, serve(t))
	deletion, err := ada.DeleteMe(t.Context())
	require.NoError(t, err)
	require.Equal(t, lintel.UserDeletionStatusDeletionScheduled, deletion.Status)
	_, err = ada.GetMe(t.Context())
	failed(t, err, lintel.ProblemCodeSessionInvalid)
}

// Twenty callers share one client.
func TestManyCallersOfOneClient(t *testing.T) {
	ada := register(t, serve(t))
	results := make(chan error)
	for range 20 {
		go func() {
			_, err := ada.GetSession(context.WithoutCancel(t.Context()))
			results <- err
		}()
	}
	for range 20 {
		require.NoError(t, <-results)
	}
}
