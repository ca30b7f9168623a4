package httpc_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/lintel-id/lintel/server/platform/httpc"
	"github.com/lintel-id/lintel/server/platform/trace"
)

// measured collects the outcomes of calls.
type measured struct {
	mu       sync.Mutex
	outcomes []string
}

func (m *measured) ObserveCall(_ context.Context, outcome string, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.outcomes = append(m.outcomes, outcome)
}

// Of a URL a trace is told the host alone, and strangers hear of no trace.
func TestClass_Secrets_ATraceKnowsTheHostOfACall(t *testing.T) {
	heard := make(chan string, 1)
	_, port := serve(t, func(w http.ResponseWriter, r *http.Request) {
		heard <- r.Header.Get("Traceparent")
		w.WriteHeader(http.StatusTeapot)
	})
	recorder := tracetest.NewSpanRecorder()
	tracer, err := trace.New(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder), sdktrace.WithIDGenerator(trace.Numbers{})), trace.Config{Ratio: 1})
	require.NoError(t, err)
	ctx, span := tracer.Begin(t.Context(), "request", trace.Caller{Trace: "4bf92f3577b34da6a3ce929d0e0e4736"})
	defer span.End(nil)

	counts := &measured{}
	config := lenient(map[string][][]string{"friend.example": {{"127.0.0.1"}}, "stranger.example": {{"127.0.0.1"}}})
	config.Observer, config.TraceparentHosts = counts, []string{"friend.example"}
	client := newClient(t, config)
	for _, host := range []string{"friend.example", "stranger.example"} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+":"+port+"/hunter2?key=hunter2", nil)
		require.NoError(t, err)
		response, err := client.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		parent := <-heard
		require.Equal(t, host == "friend.example", parent != "", "only friends hear of the trace")
		require.Empty(t, request.Header.Get("Traceparent"), "the caller's request is left alone")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.2/hunter2", nil)
	require.NoError(t, err)
	_, err = client.Do(request)
	require.Error(t, err)

	require.Equal(t, []string{"4xx", "4xx", "failed"}, counts.outcomes)
	spans := recorder.Ended()
	require.Len(t, spans, 3)
	for _, span := range spans {
		require.Equal(t, "GET", span.Name())
		for _, attribute := range span.Attributes() {
			require.NotContains(t, attribute.Value.AsString(), "hunter2")
		}
	}
}

func TestTraceparentHostsAreExactNames(t *testing.T) {
	config := httpc.Default()
	config.TraceparentHosts = []string{"friend.example", "*.example"}
	_, err := httpc.New(config)
	require.ErrorContains(t, err, "traceparent_hosts[1]")
}
