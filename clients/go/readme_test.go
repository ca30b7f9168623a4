package lintel_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/clients/go/verify"
)

// signIn answers what a login asks for, and gives the token of the session.
func signIn(ctx context.Context, client *lintel.Client, email, password string) (string, error) {
	flow, err := client.CreateFlow(ctx, lintel.FlowStart{
		Journey: "login", Transport: lintel.FlowTransportToken,
	})
	if err != nil {
		return "", err
	}
	access := lintel.AccessTo(flow) // what opens the flow: keep it until the flow is over
	for flow.Status == lintel.FlowStatusActive {
		if flow.Error != nil { // the last answer was refused
			return "", errors.New(flow.Error.Detail)
		}
		var answer *lintel.StepSubmission
		for _, offered := range flow.Steps {
			switch step := lintel.StepOf(offered).(type) {
			case lintel.PasswordStep:
				answer = lintel.NewStepSubmission(lintel.PasswordSubmission{ID: &step.ID, Identifier: &email, Password: password})
			case lintel.AcknowledgeStep:
				answer = lintel.NewStepSubmission(lintel.AcknowledgeSubmission{ID: &step.ID})
			case lintel.UnknownStep:
				slog.Warn("a step that cannot be shown", "type", step.Type)
			}
		}
		if answer == nil {
			return "", errors.New("please update this program")
		}
		if flow, err = client.SubmitStep(ctx, access, answer); err != nil {
			return "", err
		}
	}
	if flow.Outcome == nil {
		return "", fmt.Errorf("the login is over: %s", flow.Status)
	}
	return *flow.Outcome.SessionToken, nil
}

// changePassword says what to tell whoever wants to change their password.
func changePassword(ctx context.Context, client *lintel.Client, password string) string {
	err := client.SetPassword(ctx, lintel.NewPassword{Password: password})
	if err == nil {
		return "Done."
	}
	failure, ok := errors.AsType[*lintel.Error](err)
	if !ok {
		return err.Error()
	}
	switch failure.Code {
	case lintel.ProblemCodeStepUpRequired:
		return "Enter your present password first: " + failure.Problem.StepUp.Journey
	case lintel.ProblemCodePasswordRejected:
		if wrong := failure.Field("/password"); wrong != nil {
			return wrong.Detail
		}
	case lintel.CodeNetwork, lintel.CodeTimeout:
		return "Try again later."
	}
	return failure.Error()
}

// forVisitors makes a client that acts for whoever the request at hand belongs to.
func forVisitors(baseURL string, tokenOf func(context.Context) (string, error)) (*lintel.Client, error) {
	return lintel.New(baseURL, lintel.Options{Token: tokenOf, Timeout: 5 * time.Second})
}

// rename changes a name unless the record has changed since it was read.
func rename(ctx context.Context, client *lintel.Client, name string) error {
	var header http.Header
	if _, err := client.GetMe(ctx, lintel.ReadHeader(&header)); err != nil {
		return err
	}
	patch := lintel.UserUpdate{Profile: &lintel.ProfileUpdate{"name": name, "nickname": nil}} // nil takes away
	_, err := client.UpdateMe(ctx, patch, lintel.UpdateMeParams{IfMatch: new(header.Get("ETag"))})
	return err
}

// onlySignedIn lets nobody else call a service.
func onlySignedIn(issuer string, service http.Handler) (http.Handler, error) {
	verifier, err := verify.New(issuer, verify.Options{})
	if err != nil {
		return nil, err
	}
	return verifier.Middleware(service), nil
}

// caller is who a request of that service belongs to.
func caller(r *http.Request) (userID string) { return verify.FromContext(r.Context()).UserID }

// backEnd makes a client that may do what the key allows.
func backEnd(baseURL, key string) (*management.Client, error) {
	return management.New(baseURL, management.Options{Key: management.StaticKey(key)})
}

// blocks are the pieces of Go in the README.
func blocks(t *testing.T) (made []string) {
	t.Helper()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for i, part := range strings.Split(string(text), "\n```") {
		if source, ok := strings.CutPrefix(part, "go\n"); i%2 == 1 && ok {
			made = append(made, source+"\n")
		}
	}
	require.NotEmpty(t, made)
	return made
}

// Whole programs of the README run as they stand, but for the address of the server.
func TestREADMEsProgramRuns(t *testing.T) {
	baseURL, ran := serve(t), 0
	for _, source := range blocks(t) {
		if !strings.HasPrefix(source, "package main") {
			continue
		}
		require.Contains(t, source, "http://localhost:8080")
		program := filepath.Join(t.TempDir(), "main.go")
		require.NoError(t, os.WriteFile(program, []byte(strings.ReplaceAll(source, "http://localhost:8080", baseURL)), 0o600))
		output, err := exec.CommandContext(t.Context(), "go", "run", program).CombinedOutput()
		require.NoError(t, err, "%s", output)
		require.Contains(t, string(output), "Ada is signed in since ")
		ran++
	}
	require.Equal(t, 1, ran)
}

// All other pieces are functions of this file, which the tests below call.
func TestREADMEsFunctionsAreThese(t *testing.T) {
	here, err := os.ReadFile("readme_test.go")
	require.NoError(t, err)
	for _, source := range blocks(t) {
		if !strings.HasPrefix(source, "package main") {
			require.Contains(t, string(here), source)
		}
	}
}

func TestREADMEsFunctions(t *testing.T) {
	ada := register(t, serve(t))
	anybody := dial(t, ada.baseURL, lintel.Options{})
	token, err := signIn(t.Context(), anybody, ada.email, ada.password)
	require.NoError(t, err)
	_, err = signIn(t.Context(), anybody, ada.email, "let me in")
	require.ErrorContains(t, err, "not right")

	client, err := forVisitors(ada.baseURL, lintel.StaticToken(token))
	require.NoError(t, err)
	require.NoError(t, rename(t.Context(), client, "Countess"))
	user, err := client.GetMe(t.Context())
	require.NoError(t, err)
	require.Equal(t, lintel.Profile{"name": "Countess"}, user.Profile)

	require.Contains(t, changePassword(t.Context(), client, "short"), "too short")
	require.Equal(t, "Done.", changePassword(t.Context(), client, "a short walk to the green hill"))
	require.Contains(t, changePassword(t.Context(), anybody, "x"), "session_invalid")
	_, err = client.AdvanceClock(t.Context(), lintel.ClockAdvance{Seconds: 600})
	require.NoError(t, err)
	require.Equal(t, "Enter your present password first: step_up", changePassword(t.Context(), client, "a short walk"))
	away := dial(t, "http://127.0.0.1:1", lintel.Options{Retries: -1})
	require.Equal(t, "Try again later.", changePassword(t.Context(), away, "x"))

	operator, err := backEnd(ada.baseURL, "lk_1")
	require.NoError(t, err)
	require.NotNil(t, operator)
}

func TestREADMEsService(t *testing.T) {
	ada := register(t, serve(t))
	handler, err := onlySignedIn(ada.baseURL, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "hello "+caller(r)) // the test sees what is missing
	}))
	require.NoError(t, err)
	service := httptest.NewServer(handler)
	defer service.Close()
	hello := func(token string) (int, string) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, service.URL, nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, string(body)
	}
	minted, err := ada.CreateSessionToken(t.Context())
	require.NoError(t, err)
	status, body := hello(minted.Token)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "hello "+ada.user.ID, body)
	status, body = hello(ada.token)
	require.Equal(t, http.StatusUnauthorized, status, "a session's own token is not for services")
	require.Contains(t, body, "token_invalid")
}
