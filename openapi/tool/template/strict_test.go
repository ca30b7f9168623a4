package template_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/openapi/tool/testdata/strict"
)

// things answers the operations of the fixture with what a test puts into it.
type things struct {
	create strict.CreateThingResponseObject
	get    strict.GetThingResponseObject
	err    error
	note   *strict.Thing
	form   *strict.Note
}

func (th *things) CreateThing(context.Context, strict.CreateThingRequestObject) (strict.CreateThingResponseObject, error) {
	return th.create, th.err
}

func (th *things) GetThing(context.Context, strict.GetThingRequestObject) (strict.GetThingResponseObject, error) {
	return th.get, th.err
}

func (th *things) DeleteThing(context.Context, strict.DeleteThingRequestObject) (strict.DeleteThingResponseObject, error) {
	return strict.DeleteThing204Response{}, th.err
}

func (th *things) SetNote(_ context.Context, request strict.SetNoteRequestObject) (strict.SetNoteResponseObject, error) {
	th.note = request.Body
	return strict.SetNote204Response{}, th.err
}

func (th *things) PostNote(_ context.Context, request strict.PostNoteRequestObject) (strict.PostNoteResponseObject, error) {
	th.form = request.Body
	var shape strict.Shape
	err := shape.FromCircle(strict.Circle{Radius: 3})
	return strict.PostNote200JSONResponse(shape), err
}

func (th *things) GetNeeds(context.Context, strict.GetNeedsRequestObject) (strict.GetNeedsResponseObject, error) {
	return strict.GetNeeds204Response{}, th.err
}

// server runs the fixture; told receives what reaches the error handler.
type server struct {
	app  *fiber.App
	told error
}

func decode(ctx *fiber.Ctx, into any) error { return json.Unmarshal(ctx.Body(), into) }

func serve(t *testing.T, th *things, options strict.StrictOptions, routes strict.FiberServerOptions) *server {
	t.Helper()
	s := &server{}
	s.app = fiber.New(fiber.Config{Immutable: true, ErrorHandler: func(ctx *fiber.Ctx, err error) error {
		s.told = err
		return ctx.SendStatus(http.StatusTeapot)
	}})
	if options.DecodeJSON == nil {
		options.DecodeJSON = decode
	}
	handler, err := strict.NewStrictHandler(th, options)
	require.NoError(t, err)
	strict.RegisterHandlersWithOptions(s.app, handler, routes)
	return s
}

// answer is a response that has been read.
type answer struct {
	StatusCode int
	Header     http.Header
}

func (s *server) ask(t *testing.T, method, target, body string, header http.Header) (answer, string) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if header != nil {
		request.Header = header
	}
	response, err := s.app.Test(request, -1)
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return answer{response.StatusCode, response.Header}, string(text)
}

func TestResponsesKeepContentTypeAndAdditionalProperties(t *testing.T) {
	thing := strict.Thing{Name: "a", AdditionalProperties: map[string]string{"more": "b"}}
	missing := strict.Problem{Code: "missing", AdditionalProperties: map[string]any{"more": "b"}}
	for name, c := range map[string]struct {
		given     strict.GetThingResponseObject
		mediaType string
		body      string
	}{
		"the schema is a reference": {
			strict.GetThing200ApplicationScimPlusJSONResponse(thing),
			"application/scim+json", `{"name":"a","more":"b"}`,
		},
		"the response is a reference": {
			strict.GetThing404ApplicationProblemPlusJSONResponse{
				MissingApplicationProblemPlusJSONResponse: strict.MissingApplicationProblemPlusJSONResponse(missing),
			},
			"application/problem+json", `{"code":"missing","more":"b"}`,
		},
		"the response is a reference to a map": {
			strict.GetThing409JSONResponse{TakenJSONResponse: strict.TakenJSONResponse{"more": "b"}},
			"application/json", `{"more":"b"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, &things{get: c.given}, strict.StrictOptions{}, strict.FiberServerOptions{})
			response, body := s.ask(t, http.MethodGet, "/things/1", "", nil)
			require.NoError(t, s.told)
			require.Equal(t, c.mediaType, response.Header.Get("Content-Type"))
			require.JSONEq(t, c.body, body)
		})
	}
}

func TestHeadersAreLines(t *testing.T) {
	given := strict.CreateThing201JSONResponse{
		Body: strict.Thing{Name: "a", AdditionalProperties: map[string]string{"more": "b"}},
		Headers: strict.CreateThing201ResponseHeaders{
			SetCookie: []string{"a=1; Path=/", "b=2; HttpOnly"}, Allow: []string{"GET", "POST"}, XCount: 3,
		},
	}
	s := serve(t, &things{create: given}, strict.StrictOptions{}, strict.FiberServerOptions{})
	response, body := s.ask(t, http.MethodPost, "/things/1?state=on", `{"name":"a"}`, nil)
	require.NoError(t, s.told)
	require.Equal(t, http.StatusCreated, response.StatusCode)
	require.ElementsMatch(t, []string{"a=1; Path=/", "b=2; HttpOnly"}, response.Header.Values("Set-Cookie"))
	require.Equal(t, "GET, POST", response.Header.Get("Allow"))
	require.Equal(t, "3", response.Header.Get("X-Count"))
	require.JSONEq(t, `{"name":"a","more":"b"}`, body)

	given.Headers = strict.CreateThing201ResponseHeaders{}
	s = serve(t, &things{create: given}, strict.StrictOptions{}, strict.FiberServerOptions{})
	response, _ = s.ask(t, http.MethodPost, "/things/1?state=on", `{"name":"a"}`, nil)
	require.Empty(t, response.Header.Values("Set-Cookie"), "an empty list is no header")
	require.Empty(t, response.Header.Values("Allow"))
}

// Authentication, validation and limits stand in Before: it has to run ahead of binding,
// for every route, with the path of the contract.
func TestBeforeRunsAheadOfBinding(t *testing.T) {
	refused := errors.New("not today")
	var asked, ran []string
	routes := strict.FiberServerOptions{Before: func(method, path string) fiber.Handler {
		asked = append(asked, method+" "+path)
		switch method {
		case http.MethodDelete:
			return nil
		case http.MethodPost:
			return func(*fiber.Ctx) error { return refused }
		default:
			return func(ctx *fiber.Ctx) error { ran = append(ran, method+" "+path); return ctx.Next() }
		}
	}}
	s := serve(t, &things{get: strict.GetThing409JSONResponse{}}, strict.StrictOptions{}, routes)
	require.ElementsMatch(t, []string{
		"POST /things/{thing_id}", "GET /things/{thing_id}", "DELETE /things/{thing_id}", "PUT /notes", "POST /notes", "GET /needs",
	}, asked)

	s.ask(t, http.MethodPost, "/things/not-a-number", "no JSON", nil)
	require.Equal(t, refused, s.told)

	response, _ := s.ask(t, http.MethodGet, "/things/1", "", nil)
	require.Equal(t, http.StatusConflict, response.StatusCode)
	require.Equal(t, []string{"GET /things/{thing_id}"}, ran)

	response, _ = s.ask(t, http.MethodDelete, "/things/1", "", nil)
	require.Equal(t, http.StatusNoContent, response.StatusCode)
}

func TestBodiesAreDecodedByUs(t *testing.T) {
	bad := errors.New("our own words")
	s := serve(t, &things{}, strict.StrictOptions{
		DecodeJSON: func(*fiber.Ctx, any) error { return bad },
		DecodeForm: func(*fiber.Ctx, any) error { return bad },
	}, strict.FiberServerOptions{})
	for _, target := range []struct{ method, path string }{
		{http.MethodPost, "/things/1?state=on"}, {http.MethodPut, "/notes"}, {http.MethodPost, "/notes"},
	} {
		s.told = nil
		s.ask(t, target.method, target.path, "x", nil)
		require.Equal(t, bad, s.told, target.path)
	}

	_, err := strict.NewStrictHandler(&things{}, strict.StrictOptions{})
	require.ErrorContains(t, err, "DecodeJSON is required")

	s = serve(t, &things{}, strict.StrictOptions{}, strict.FiberServerOptions{})
	s.ask(t, http.MethodPost, "/notes", "text=a", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	require.Equal(t, fiber.ErrUnsupportedMediaType, s.told, "without a decoder no form is read")
}

func TestOptionalBody(t *testing.T) {
	th := &things{}
	s := serve(t, th, strict.StrictOptions{}, strict.FiberServerOptions{})
	response, _ := s.ask(t, http.MethodPut, "/notes", "", nil)
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	require.Nil(t, th.note)

	s.ask(t, http.MethodPut, "/notes", `{"name":"a"}`, nil)
	require.Equal(t, "a", th.note.Name)
}

// What cannot be bound is told by place, and the error's own text holds no value.
func TestParametersAreToldByPlace(t *testing.T) {
	s := serve(t, &things{}, strict.StrictOptions{}, strict.FiberServerOptions{})
	for name, c := range map[string]struct {
		target   string
		header   http.Header
		in, name string
	}{
		"path":            {"/things/hunter2?state=on", nil, "path", "thing_id"},
		"query":           {"/things/1?state=on&limit=hunter2", nil, "query", "limit"},
		"missing query":   {"/things/1", nil, "query", "state"},
		"broken query":    {"/things/1?state=%zzhunter2", nil, "query", ""},
		"header":          {"/things/1?state=on", http.Header{"X-Count": {"hunter2"}}, "header", "X-Count"},
		"repeated header": {"/things/1?state=on", http.Header{"X-Count": {"1", "hunter2"}}, "header", "X-Count"},
		"cookie":          {"/things/1?state=on", http.Header{"Cookie": {"session=hunter2"}}, "cookie", "session"},
	} {
		t.Run(name, func(t *testing.T) {
			s.told = nil
			s.ask(t, http.MethodPost, c.target, `{"name":"a"}`, c.header)
			var fault *strict.ParameterError
			require.ErrorAs(t, s.told, &fault)
			require.Equal(t, c.in, fault.In)
			require.Equal(t, c.name, fault.Name)
			require.NotContains(t, fault.Error(), "hunter2")
			require.Error(t, fault.Unwrap())
		})
	}
}

func TestMissingParametersAreToldByPlace(t *testing.T) {
	s := serve(t, &things{}, strict.StrictOptions{}, strict.FiberServerOptions{})
	var fault *strict.ParameterError
	s.ask(t, http.MethodGet, "/needs", "", http.Header{"Cookie": {"need=1"}})
	require.ErrorAs(t, s.told, &fault)
	require.Equal(t, "cannot bind the header parameter X-Need", fault.Error())
	s.ask(t, http.MethodGet, "/needs", "", http.Header{"X-Need": {"1"}})
	require.ErrorAs(t, s.told, &fault)
	require.Equal(t, "cannot bind the cookie parameter need", fault.Error())
	response, _ := s.ask(t, http.MethodGet, "/needs", "", http.Header{"X-Need": {"1"}, "Cookie": {"need=1"}})
	require.Equal(t, http.StatusNoContent, response.StatusCode)
}

func TestErrorsOfHandlersTravelUnchanged(t *testing.T) {
	broken := errors.New("broken")
	s := serve(t, &things{err: broken}, strict.StrictOptions{}, strict.FiberServerOptions{})
	_, body := s.ask(t, http.MethodGet, "/things/1", "", nil)
	require.Equal(t, broken, s.told)
	require.Equal(t, http.StatusText(http.StatusTeapot), body)
}

func TestAnAnswerIsRequired(t *testing.T) {
	s := serve(t, &things{}, strict.StrictOptions{}, strict.FiberServerOptions{})
	response, _ := s.ask(t, http.MethodGet, "/things/1", "", nil)
	require.ErrorContains(t, s.told, "unexpected response type: <nil>")
	require.Equal(t, http.StatusTeapot, response.StatusCode)
}

func TestMiddlewaresRun(t *testing.T) {
	var seen []string
	s := serve(t, &things{}, strict.StrictOptions{Middlewares: []strict.StrictMiddlewareFunc{
		func(next strict.StrictHandlerFunc, operation string) strict.StrictHandlerFunc {
			seen = append(seen, operation)
			return next
		},
	}}, strict.FiberServerOptions{})
	s.ask(t, http.MethodDelete, "/things/1", "", nil)
	require.Equal(t, []string{"DeleteThing"}, seen)
}

// A client of tomorrow reads an unknown variant: the raw text has to survive.
func TestUnionsRoundTrip(t *testing.T) {
	th := &things{}
	decoded := strict.StrictOptions{DecodeForm: func(_ *fiber.Ctx, into any) error {
		text := "a"
		into.(*strict.Note).Text = &text
		return nil
	}}
	s := serve(t, th, decoded, strict.FiberServerOptions{})
	_, body := s.ask(t, http.MethodPost, "/notes", "text=a", nil)
	require.NoError(t, s.told)
	require.Equal(t, "a", *th.form.Text)
	require.JSONEq(t, `{"type":"circle","radius":3}`, body)

	var shape strict.Shape
	require.NoError(t, json.Unmarshal([]byte(body), &shape))
	value, err := shape.ValueByDiscriminator()
	require.NoError(t, err)
	require.Equal(t, strict.Circle{Type: strict.CircleTypeCircle, Radius: 3}, value)

	const unknown = `{"type":"star","points":5,"new":{"a":[1]}}`
	require.NoError(t, json.Unmarshal([]byte(unknown), &shape))
	_, err = shape.ValueByDiscriminator()
	require.ErrorContains(t, err, "star")
	again, err := json.Marshal(shape)
	require.NoError(t, err)
	require.JSONEq(t, unknown, string(again))
}
