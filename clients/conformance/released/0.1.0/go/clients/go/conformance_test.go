package lintel_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/conformance"
	lintel "github.com/lintel-id/lintel/clients/go"
)

// The suite that every client passes, against its stub.
func TestPromise_ClientsWork_Conformance(t *testing.T)       { conform(t, "ClientsWork") }
func TestPromise_OldClientsSurvive_Conformance(t *testing.T) { conform(t, "OldClientsSurvive") }

func conform(t *testing.T, promise string) {
	t.Helper()
	cases, err := conformance.Cases()
	require.NoError(t, err)
	stub := httptest.NewServer(conformance.NewStub(cases, time.Now))
	t.Cleanup(stub.Close)
	played := 0
	for _, c := range cases {
		if c.Promise != promise {
			continue
		}
		played++
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			t.Log(c.About)
			play(t, stub.URL+"/"+c.Name, c)
		})
	}
	require.NotZero(t, played)
}

// play calls as the case says, and looks at what comes of it.
func play(t *testing.T, baseURL string, c conformance.Case) {
	t.Helper()
	options := lintel.Options{Locale: c.Client.Locale, Timeout: time.Duration(c.Client.TimeoutMS) * time.Millisecond}
	if c.Client.Token != "" {
		options.Token = lintel.StaticToken(c.Client.Token)
	}
	client := dial(t, baseURL, options)
	var with []lintel.CallOption
	if c.Client.Retries != nil {
		with = append(with, lintel.WithRetries(*c.Client.Retries))
	}
	if c.Call.IdempotencyKey != "" {
		with = append(with, lintel.WithIdempotencyKey(c.Call.IdempotencyKey))
	}
	act, known := operations()[c.Call.Operation]
	if c.Pages {
		act, known = lists()[c.Call.Operation]
	}
	require.True(t, known, "it is not played here")

	results := make(chan outcome)
	callers := max(c.Callers, 1)
	for range callers {
		go func() {
			value, err := act(t.Context(), client, input(c.Call.Input), with)
			results <- outcome{value, err}
		}()
	}
	for range callers {
		(<-results).hold(t, c.Expect)
	}
	require.Empty(t, left(t, baseURL))
}

// left is what the stub waits for in vain, or did not like.
func left(t *testing.T, baseURL string) []string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, baseURL+"/-/left", nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	var told struct{ Left []string }
	require.NoError(t, json.Unmarshal(body, &told), "%s", body)
	return told.Left
}

// outcome is what a caller got.
type outcome struct {
	value any
	err   error
}

// hold requires that it is what the case expects.
func (o outcome) hold(t *testing.T, want conformance.Expect) {
	t.Helper()
	if want.Error != nil {
		holdError(t, o.err, *want.Error)
		return
	}
	require.NoError(t, o.err)
	if want.Nothing {
		require.Nil(t, o.value)
		return
	}
	got, err := json.Marshal(o.value)
	require.NoError(t, err)
	expected := []byte(want.Value)
	if want.Items != nil {
		expected, err = json.Marshal(want.Items)
		require.NoError(t, err)
	}
	require.NoError(t, conformance.Fits(expected, got))
	if flow, ok := o.value.(*lintel.Flow); ok {
		holdSteps(t, flow)
	}
}

// holdSteps requires that each step is shown as what it is, and one that nobody knows as
// unknown.
func holdSteps(t *testing.T, flow *lintel.Flow) {
	t.Helper()
	for _, one := range flow.Steps {
		kind, err := one.Discriminator()
		require.NoError(t, err)
		unknown, ok := lintel.StepOf(one).(lintel.UnknownStep)
		require.Equal(t, !slices.Contains(lintel.StepTypes(), kind), ok, kind)
		if ok {
			require.Equal(t, kind, unknown.Type)
		}
	}
}

func holdError(t *testing.T, err error, want conformance.Failure) {
	t.Helper()
	got, ok := errors.AsType[*lintel.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, want.Code, got.Code, "%v", err)
	if want.Status != nil {
		require.Equal(t, *want.Status, got.Status)
	}
	if want.RetryAfter != nil {
		require.Equal(t, time.Duration(*want.RetryAfter)*time.Second, got.RetryAfter)
	}
	if want.Field != nil {
		field := got.Field(want.Field.Pointer)
		require.NotNil(t, field)
		require.Equal(t, want.Field.Code, field.Code)
	}
	if want.Problem != nil {
		said, err := json.Marshal(got.Problem)
		require.NoError(t, err)
		require.NoError(t, conformance.Fits(want.Problem, said))
	}
}
