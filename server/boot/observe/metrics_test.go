package observe

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/trace"
)

func scrape(t *testing.T, m *Metrics, accept string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
	request.Header.Set("Accept", accept)
	recorder := httptest.NewRecorder()
	m.Handler().ServeHTTP(recorder, request)
	require.Equal(t, http.StatusOK, recorder.Code)
	return recorder
}

// Every histogram of a traced request leads to its trace.
func TestExemplarsNameTheTrace(t *testing.T) {
	m := NewMetrics()
	const traced = "4bf92f3577b34da6a3ce929d0e0e4736"
	tracer, err := trace.New(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(tracetest.NewSpanRecorder()), sdktrace.WithIDGenerator(trace.Numbers{})), trace.Config{Ratio: 1})
	require.NoError(t, err)
	ctx, span := tracer.Begin(t.Context(), "request", trace.Caller{Trace: traced})
	_, id := trace.IDs(ctx)
	m.Observe(ctx, "createFlow", 201, .02)
	m.ObserveHash(ctx, time.Millisecond, time.Second)
	m.ObserveUnit(ctx, "committed", time.Millisecond)
	m.ObserveCall(ctx, "2xx", time.Millisecond)
	span.End(nil)
	m.Observe(t.Context(), "getSession", 200, .02)

	got := scrape(t, m, "application/openmetrics-text; version=1.0.0")
	require.True(t, strings.HasPrefix(got.Header().Get("Content-Type"), expfmt.OpenMetricsType+"; version=1.0.0"), got.Header())
	require.True(t, strings.HasSuffix(got.Body.String(), "# EOF\n"))
	exemplars := map[string]bool{}
	for line := range strings.Lines(got.Body.String()) {
		if strings.Contains(line, ` # {`) {
			require.Contains(t, line, `trace_id="`+traced+`"`)
			require.Contains(t, line, `span_id="`+id+`"`)
			name, _, _ := strings.Cut(line, "{")
			exemplars[name] = true
			require.NotContains(t, line, "getSession", "what is not traced has none")
		}
	}
	require.Len(t, exemplars, 5)

	plain := scrape(t, m, "text/plain")
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(plain.Body)
	require.NoError(t, err)
	require.Len(t, families["lintel_request_duration_seconds"].Metric, 2)
}

func TestDeclaredIsWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, metric := range Declared() {
		require.False(t, seen[metric.Name], metric.Name)
		seen[metric.Name] = true
		require.Regexp(t, `^lintel_[a-z_]+$`, metric.Name)
		require.NotEmpty(t, metric.Help)
		require.Equal(t, metric.Kind == Counter, strings.HasSuffix(metric.Name, "_total"), metric.Name)
		require.Equal(t, metric.Unit == "seconds", strings.HasSuffix(metric.Name, "_seconds"), metric.Name)
		require.Equal(t, metric.Kind == Histogram, metric.buckets != nil, metric.Name)
		for _, label := range metric.Labels {
			require.NotEmpty(t, label.About, metric.Name)
		}
	}
}

func TestRefusalsAreCountedByPolicy(t *testing.T) {
	m := NewMetrics()
	memory, err := rate.NewMemory(rate.MemoryDeps{Clock: clock.NewFake(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))}, rate.DefaultMemoryConfig())
	require.NoError(t, err)
	limiter := m.Limiter(memory)
	once := rate.Limit{Rate: 1, Period: time.Hour, Burst: 1}
	for _, key := range []string{"request|source|x", "request|account|x", "request|application|x", "submit|x", "guess|t|pair|x", "elsewhere"} {
		for range 3 {
			_, err := limiter.Take(t.Context(), key, once, 1)
			require.NoError(t, err)
		}
	}
	text := scrape(t, m, "text/plain").Body.String()
	for _, policy := range policies() {
		require.Contains(t, text, `lintel_rate_refused_total{policy="`+policy+`"} 2`)
	}
}

// place is where a panel stands.
type place struct{ H, W, X, Y int }

func (p place) meets(o place) bool {
	return p.X < o.X+o.W && o.X < p.X+p.W && p.Y < o.Y+o.H && o.Y < p.Y+p.H
}

// What Grafana needs of a dashboard that it is given as a file.
func TestDashboardIsOne(t *testing.T) {
	type source struct{ Type, UID string }
	var board struct {
		UID, Title    string
		SchemaVersion int
		Templating    struct {
			List []struct{ Name, Type, Query any }
		}
		Panels []struct {
			ID          int
			Type, Title string
			GridPos     place
			Datasource  source
			Targets     []struct {
				RefID, Expr, LegendFormat string
				Datasource                source
			}
		}
	}
	require.NoError(t, json.Unmarshal(Dashboard(), &board))
	require.NotEmpty(t, board.UID)
	require.Equal(t, "Lintel", board.Title)
	require.GreaterOrEqual(t, board.SchemaVersion, 39)
	require.Equal(t, "datasource", board.Templating.List[0].Name)
	require.Equal(t, "datasource", board.Templating.List[0].Type)
	require.Equal(t, "prometheus", board.Templating.List[0].Query)
	var ids []int
	var places []place
	for _, panel := range board.Panels {
		require.Positive(t, panel.ID)
		require.NotContains(t, ids, panel.ID, panel.Title)
		ids = append(ids, panel.ID)
		require.NotEmpty(t, panel.Title)
		require.True(t, panel.GridPos.W > 0 && panel.GridPos.H > 0 && panel.GridPos.X+panel.GridPos.W <= 24, panel.Title)
		require.False(t, slices.ContainsFunc(places, panel.GridPos.meets), "%s lies on another panel", panel.Title)
		places = append(places, panel.GridPos)
		if panel.Type == "row" {
			continue
		}
		require.Contains(t, []string{"timeseries", "stat"}, panel.Type)
		require.Equal(t, source{"prometheus", "${datasource}"}, panel.Datasource, panel.Title)
		require.NotEmpty(t, panel.Targets, panel.Title)
		var refs []string
		for _, target := range panel.Targets {
			require.NotContains(t, refs, target.RefID, panel.Title)
			refs = append(refs, target.RefID)
			require.Equal(t, panel.Datasource, target.Datasource, panel.Title)
			require.NotEmpty(t, target.Expr)
		}
	}
}
