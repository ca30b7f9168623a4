package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/api/contract"
	"github.com/lintel-id/lintel/server/api/page"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/trace"
	"github.com/lintel-id/lintel/server/session"
)

type unobserved struct{}

func (unobserved) Observe(context.Context, string, int, float64) {}

// failing is an edge behind which everything ends with the given error.
func failing(t *testing.T, log io.Writer, err error) (*http.Response, []byte) {
	t.Helper()
	texts, loaded := Texts()
	require.NoError(t, loaded)
	document, loaded := contract.New(false)
	require.NoError(t, loaded)
	pages, loaded := page.New(page.Config{})
	require.NoError(t, loaded)
	e := &edge{contract: document, pages: pages, deps: Deps{Logger: slog.New(trace.Correlated(slog.NewTextHandler(log, nil))), Metrics: unobserved{}}, speaker: speaker{texts: texts}}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/", func(c *fiber.Ctx) error {
		r := e.begin(c)
		r.base = "https://id.example.com"
		e.finish(c, r, e.fail(c, r, err), clock.Started())
		return nil
	})
	response, sent := app.Test(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	require.NoError(t, sent)
	body, read := io.ReadAll(response.Body)
	require.NoError(t, read)
	require.NoError(t, response.Body.Close())
	return response, body
}

// Every code there is can be rendered, and what comes of it is what the document
// says a problem is.
func TestEveryProblemRenders(t *testing.T) {
	document, err := contract.New(false)
	require.NoError(t, err)
	var list []struct {
		Code   string `json:"code"`
		Status int    `json:"status"`
		Title  string `json:"title"`
	}
	require.NoError(t, json.Unmarshal(gen.ProblemsJSON, &list))
	kinds := map[int]fault.Kind{}
	for kind := fault.Malformed; kind <= fault.Unavailable; kind++ {
		kinds[kind.Status()] = kind
	}
	for _, one := range list {
		shown := fault.New(kinds[one.Status], one.Code, "What happened.").
			At(fault.Field{Pointer: "/a", Code: "b", Detail: "c"}).After(1500*time.Millisecond).
			Member("step_up", session.StepUp{Journey: "step_up", MaxAgeSeconds: 300, Methods: []string{"password"}})
		response, body := failing(t, io.Discard, fmt.Errorf("wrapped: %w", shown))
		require.Equal(t, one.Status, response.StatusCode, one.Code)
		require.NoError(t, document.CheckResponse(http.MethodGet, "/v1/session", max(one.Status, 400), response.Header, body), one.Code)
		require.Equal(t, "2", response.Header.Get("Retry-After"), "rounded up")
		require.Contains(t, string(body), `"type":"https://id.example.com/problems/`+one.Code+`"`)
		require.Contains(t, string(body), one.Title)
		require.Equal(t, one.Status == http.StatusUnauthorized, response.Header.Get("Www-Authenticate") != "", one.Code)
	}
}

// What is no fault is told to nobody but the log, which finds it by its trace.
func TestClass_Secrets_UnknownErrorsAreSilent(t *testing.T) {
	for name, err := range map[string]error{
		"an error":  errors.New("dial postgres://lintel:hunter2@db"),
		"a panic":   fmt.Errorf("panic: %v", "hunter2"),
		"bad bind":  &json.SyntaxError{},
		"odd fiber": fiber.NewError(fiber.StatusTeapot, "hunter2"),
	} {
		var log bytes.Buffer
		response, body := failing(t, &log, err)
		require.Equal(t, http.StatusInternalServerError, response.StatusCode, name)
		require.Contains(t, string(body), `"code":"internal_error"`)
		require.NotContains(t, string(body), "hunter2")
		require.Contains(t, log.String(), "level=ERROR")
		require.Contains(t, log.String(), "trace_id="+response.Header.Get("Trace-Id"))
	}
}

func TestFaultOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want *fault.Error
	}{
		{fiber.ErrNotFound, ErrNotFound}, {fiber.ErrMethodNotAllowed, ErrMethod},
		{&gen.ParameterError{In: "query", Cause: errors.New("x")}, ErrMalformed},
		{&gen.ParameterError{In: "query", Name: "limit", Cause: errors.New("x")}, ErrInvalid},
		{fmt.Errorf("read: %w", session.ErrNone), session.ErrNone}, {io.ErrUnexpectedEOF, ErrInternal},
	} {
		require.ErrorIs(t, faultOf(c.err), c.want)
	}
}

// A panic takes down one request and nothing else.
func TestPanicsAreErrors(t *testing.T) {
	var log bytes.Buffer
	texts, err := Texts()
	require.NoError(t, err)
	e := &edge{deps: Deps{Logger: slog.New(slog.NewTextHandler(&log, nil)), Metrics: unobserved{}}, config: DefaultConfig(), speaker: speaker{texts: texts}}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(e.serve) // without tenants the first look-up falls over
	for range 2 {
		response, err := app.Test(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		require.NoError(t, err)
		require.Equal(t, http.StatusInternalServerError, response.StatusCode)
		require.NoError(t, response.Body.Close())
	}
	require.Contains(t, log.String(), "panic")
}

// What even the rendering of errors cannot survive ends with its request.
func TestPanicsOfTheEdgeItself(t *testing.T) {
	var log bytes.Buffer
	e := &edge{deps: Deps{Logger: slog.New(slog.NewTextHandler(&log, nil)), Metrics: nil}, config: DefaultConfig()}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(e.serve)
	app.Server().Handler = e.outermost(app, app.Handler())
	response, err := app.Test(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	require.NoError(t, err)
	require.Equal(t, http.StatusInternalServerError, response.StatusCode)
	require.NoError(t, response.Body.Close())
	require.Contains(t, log.String(), "panic")
}
