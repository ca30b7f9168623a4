package boot

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/lintel-id/lintel/server/boot/observe"
	"github.com/lintel-id/lintel/server/platform/clock"
)

const traced = "4bf92f3577b34da6a3ce929d0e0e4736"

// collector takes traces and keeps them.
type collector struct {
	*httptest.Server
	mu    sync.Mutex
	spans []*tracepb.Span
	raw   bytes.Buffer
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		zip, err := gzip.NewReader(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		body, err := io.ReadAll(zip)
		told := &tracepb.TracesData{}
		if err != nil || proto.Unmarshal(body, told) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.raw.Write(body)
		for _, resource := range told.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				c.spans = append(c.spans, scope.Spans...)
			}
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// all is what has been taken; the server must have stopped.
func (c *collector) all(t *testing.T) []*tracepb.Span {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	require.NotEmpty(t, c.spans)
	return c.spans
}

// named are the spans of a trace by name.
func named(spans []*tracepb.Span, name string) (found []*tracepb.Span) {
	for _, span := range spans {
		if span.Name == name && hex.EncodeToString(span.TraceId) == traced {
			found = append(found, span)
		}
	}
	return found
}

func attributes(span *tracepb.Span) map[string]any {
	told := map[string]any{}
	for _, one := range span.Attributes {
		switch value := one.Value.GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			told[one.Key] = value.StringValue
		case *commonpb.AnyValue_IntValue:
			told[one.Key] = value.IntValue
		case *commonpb.AnyValue_BoolValue:
			told[one.Key] = value.BoolValue
		}
	}
	return told
}

// written is a log that may be read when the server has stopped.
type written struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (w *written) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(line)
}

// told starts a server that traces all requests and logs all lines.
func told(t *testing.T, endpoint string) (running, *written) {
	t.Helper()
	settings := developmentConfig(t)
	settings.Traces.Endpoint, settings.Traces.Ratio = endpoint, 1
	settings.Log.Level, settings.Log.Format = "debug", "json"
	log := &written{}
	fake := clock.NewFake(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	server, err := New(t.Context(), settings, Surroundings{Clock: fake, Logger: NewLogger(settings, log)})
	require.NoError(t, err)
	started := run(t, server)
	started.ready(t)
	return started, log
}

// ask sends a request with headers in pairs.
func ask(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := transport.RoundTrip(request)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(content)
}

// One registration, seen from every side: the trace that the caller began goes on
// through hash and unit of work, and log lines and metrics name it.
func TestARegistrationCanBeFollowed(t *testing.T) {
	collects := newCollector(t)
	server, log := told(t, collects.URL)
	response, body := ask(t, http.MethodPost, server.BaseURL()+"/v1/flows", adaBody(), "Traceparent", "00-"+traced+"-00f067aa0ba902b7-00")
	require.Equal(t, http.StatusCreated, response.StatusCode, body)
	require.Equal(t, traced, response.Header.Get("Trace-Id"))
	_, metrics := ask(t, http.MethodGet, "http://"+server.OperationsAddress()+"/metrics", "", "Accept", "application/openmetrics-text; version=1.0.0")
	require.NoError(t, server.stop())

	spans := collects.all(t)
	requests, hashes, units := named(spans, "POST /v1/flows"), named(spans, "password hash"), named(spans, "unit of work")
	require.Len(t, requests, 1)
	require.NotEmpty(t, hashes)
	require.NotEmpty(t, units)
	request := requests[0]
	require.Equal(t, "00f067aa0ba902b7", hex.EncodeToString(request.ParentSpanId))
	require.Equal(t, tracepb.Span_SPAN_KIND_SERVER, request.Kind)
	about := attributes(request)
	require.Equal(t, "POST", about["http.request.method"])
	require.Equal(t, "/v1/flows", about["http.route"])
	require.Equal(t, "createFlow", about["lintel.operation"])
	require.Regexp(t, `^tnt_`, about["lintel.tenant"])
	require.EqualValues(t, 201, about["http.response.status_code"])
	for _, inner := range slices.Concat(hashes, units) {
		require.Equal(t, request.SpanId, inner.ParentSpanId, inner.Name)
		require.GreaterOrEqual(t, inner.StartTimeUnixNano, request.StartTimeUnixNano)
		require.LessOrEqual(t, inner.EndTimeUnixNano, request.EndTimeUnixNano)
	}
	require.Equal(t, "committed", attributes(units[len(units)-1])["lintel.unit.outcome"])
	require.Equal(t, "sqlite", attributes(units[0])["db.system.name"])
	require.Contains(t, attributes(hashes[0]), "lintel.hash.waited_us")

	id := hex.EncodeToString(request.SpanId)
	followed := false
	for line := range strings.Lines(log.out.String()) {
		var told map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &told), line)
		if told["msg"] == "request" && told["operation"] == "createFlow" {
			followed = true
			require.Equal(t, traced, told["trace_id"])
			require.Equal(t, id, told["span_id"])
			require.Equal(t, 1, strings.Count(line, "trace_id"))
		}
	}
	require.True(t, followed, log.out.String())
	for _, histogram := range []string{"lintel_request_duration_seconds", "lintel_password_hash_duration_seconds", "lintel_database_unit_duration_seconds"} {
		require.Regexp(t, histogram+`_bucket\{[^}]*\} \d+ # \{[^}]*trace_id="`+traced+`"`, metrics)
	}
}

// Secrets: nothing that a person typed, holds or is found by is in a trace.
func TestClass_Secrets_Traces(t *testing.T) {
	collects := newCollector(t)
	server, _ := told(t, collects.URL)
	const identifier, password, agent = "ada.lovelace@example.com", "correct horse battery staple", "Mozilla/5.0 (Secret)"
	headers := []string{"User-Agent", agent, "X-Forwarded-For", "203.0.113.77"}
	flow := func(journey, kind string) string {
		_, body := ask(t, http.MethodPost, server.BaseURL()+"/v1/flows",
			`{"journey": "`+journey+`", "transport": "token", "submit": {"type": "`+kind+`", "identifier": "`+identifier+`", "password": "`+password+`"}}`, headers...)
		return body
	}
	token := regexp.MustCompile(`"session_token":\s*"([^"]+)"`)
	registered := token.FindStringSubmatch(flow("registration", "new_password"))
	require.NotNil(t, registered)
	signed := append(slices.Clone(headers), "Authorization", "Bearer "+registered[1])
	for _, step := range []struct {
		method, path, body string
		want               int
	}{
		{http.MethodGet, "/v1/session", "", 200},
		{http.MethodGet, "/v1/me", "", 200},
		{http.MethodPatch, "/v1/me", `{"profile": {"name": "Augusta King"}}`, 200},
		{http.MethodGet, "/v1/nothing/" + registered[1] + "?token=" + registered[1], "", 404},
	} {
		call := signed
		if step.method == http.MethodPatch {
			call = append(slices.Clone(signed), "Content-Type", "application/merge-patch+json")
		}
		response, body := ask(t, step.method, server.BaseURL()+step.path, step.body, call...)
		require.Equal(t, step.want, response.StatusCode, body)
	}
	login := flow("login", "password")
	secrets := []string{identifier, "ada.lovelace", password, agent, "203.0.113.77", "127.0.0.1", "::1", "Augusta", registered[1], "ls_"}
	if again := token.FindStringSubmatch(login); again != nil {
		secrets = append(secrets, again[1])
	}
	secrets = append(secrets, regexp.MustCompile(`(usr|ses|flw|flow)_[0-9a-z]{26}`).FindAllString(login, -1)...)
	require.NoError(t, server.stop())

	spans := collects.all(t)
	names := map[string]bool{}
	for _, span := range spans {
		names[span.Name] = true
	}
	for _, want := range []string{"POST /v1/flows", "GET /v1/me", "PATCH /v1/me", "unmatched", "session lookup", "password hash", "unit of work"} {
		require.True(t, names[want], "%s is missing among %v", want, names)
	}
	for _, secret := range secrets {
		require.NotContains(t, collects.raw.String(), secret)
	}
}

// A collector that is away or hangs changes nothing for anybody, and does not keep the
// server from stopping.
func TestACollectorIsNotNeeded(t *testing.T) {
	away := httptest.NewServer(http.NotFoundHandler())
	away.Close()
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer hanging.Close()
	defer close(release)
	for name, endpoint := range map[string]string{"away": away.URL, "hanging": hanging.URL} {
		t.Run(name, func(t *testing.T) {
			server, _ := told(t, endpoint)
			for range 20 {
				response, _ := ask(t, http.MethodGet, server.BaseURL()+"/v1/configuration", "")
				require.Equal(t, http.StatusOK, response.StatusCode)
			}
			began := time.Now()
			require.NoError(t, server.stop())
			require.Less(t, time.Since(began), tracesGrace+10*time.Second)
		})
	}
}

// What is declared is what is shown, with the same kind, labels and help; nothing is
// shown that is not declared.
func TestMetricsAreThoseThatAreDeclared(t *testing.T) {
	server := start(t, developmentConfig(t))
	server.ready(t)
	status, body := get(t, http.MethodPost, server.BaseURL()+"/v1/flows", adaBody())
	require.Equal(t, http.StatusCreated, status, body)
	_, text := get(t, http.MethodGet, "http://"+server.OperationsAddress()+"/metrics", "")
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	require.NoError(t, err)
	for _, declared := range observe.Declared() {
		shown := families[declared.Name]
		require.NotNil(t, shown, declared.Name)
		require.Equal(t, strings.ToUpper(string(declared.Kind)), shown.GetType().String(), declared.Name)
		require.Equal(t, declared.Help, shown.GetHelp())
		for _, metric := range shown.GetMetric() {
			var labels []string
			for _, pair := range metric.GetLabel() {
				labels = append(labels, pair.GetName())
				for _, label := range declared.Labels {
					if label.Name == pair.GetName() && label.Values != nil {
						require.Contains(t, label.Values, pair.GetValue(), declared.Name)
					}
				}
			}
			var want []string
			for _, label := range declared.Labels {
				want = append(want, label.Name)
			}
			require.ElementsMatch(t, want, labels, declared.Name)
		}
		delete(families, declared.Name)
	}
	for name := range families {
		require.False(t, strings.HasPrefix(name, "lintel_"), "%s is not declared", name)
	}
	require.Contains(t, text, `lintel_events_total{type="session.created"} 1`)
	require.Contains(t, text, `lintel_events_total{type="user.created"} 1`)
}
