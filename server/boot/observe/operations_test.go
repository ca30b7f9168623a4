package observe

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func ask(o *Operations, method, path string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	o.server.Handler.ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
	return recorder
}

func TestReadinessNamesWhatFails(t *testing.T) {
	var broken error
	o := NewOperations(nil, []Check{
		{"database", func(context.Context) error { return nil }},
		{"sequencer", func(context.Context) error { return broken }},
	}, http.NotFoundHandler(), slog.New(slog.DiscardHandler))

	got := ask(o, http.MethodGet, "/readyz")
	require.Equal(t, http.StatusOK, got.Code)
	require.JSONEq(t, `{"status": "ready"}`, got.Body.String())
	require.Equal(t, "application/json", got.Header().Get("Content-Type"))

	broken = errors.New("postgres://user:hunter2@db is away")
	got = ask(o, http.MethodGet, "/readyz")
	require.Equal(t, http.StatusServiceUnavailable, got.Code)
	require.JSONEq(t, `{"status": "not_ready", "failing": ["sequencer"]}`, got.Body.String(), "the name and not the reason")

	broken = nil
	o.Stopping()
	got = ask(o, http.MethodGet, "/readyz")
	require.Equal(t, http.StatusServiceUnavailable, got.Code)
	require.JSONEq(t, `{"status": "not_ready", "failing": ["stopping"]}`, got.Body.String())
	require.Equal(t, http.StatusOK, ask(o, http.MethodGet, "/livez").Code, "a server that stops is alive")
}

func TestOperationsAnswersNothingElse(t *testing.T) {
	o := NewOperations(nil, nil, http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	require.Equal(t, http.StatusNotFound, ask(o, http.MethodGet, "/v1/session").Code)
	require.Equal(t, http.StatusMethodNotAllowed, ask(o, http.MethodPost, "/readyz").Code)
}
