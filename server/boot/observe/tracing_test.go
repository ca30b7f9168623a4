package observe

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/trace"
)

func span() sdktrace.ReadOnlySpan { return tracetest.SpanStub{Name: "x"}.Snapshot() }

var quiet = slog.New(slog.DiscardHandler)

// A collector that hangs costs requests nothing: what finds no room is dropped, and a
// stop does not wait longer than it is given.
func TestClass_Exhaustion_NobodyWaitsForACollector(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBatch(func(ctx context.Context, _ []sdktrace.ReadOnlySpan) error {
			<-ctx.Done()
			return ctx.Err()
		}, quiet)
		began := time.Now()
		for range batchSpans {
			b.OnEnd(span())
		}
		synctest.Wait() // the first batch hangs
		for range queueSpans + 7 {
			b.OnEnd(span())
		}
		require.Zero(t, time.Since(began))
		require.Equal(t, spanStats{dropped: 7}, b.stats())
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, b.Shutdown(ctx), context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(began))
		require.Equal(t, spanStats{failed: batchSpans + queueSpans, dropped: 7}, b.stats(), "none is forgotten in the count")
	})
}

func TestSpansAreSentInTimeAndAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var all []int
		sent := func() []int {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(all)
		}
		b := newBatch(func(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, len(spans))
			return nil
		}, quiet)
		b.OnEnd(span())
		synctest.Wait()
		require.Empty(t, sent())
		<-time.After(batchEvery)
		synctest.Wait()
		require.Equal(t, []int{1}, sent())
		for range batchSpans + 2 {
			b.OnEnd(span())
		}
		synctest.Wait()
		require.Equal(t, []int{1, batchSpans}, sent())
		require.NoError(t, b.Shutdown(t.Context()))
		require.NoError(t, b.Shutdown(t.Context()), "twice is once")
		require.Equal(t, []int{1, batchSpans, 2}, sent())
		require.Equal(t, spanStats{sent: batchSpans + 3}, b.stats())
	})
}

// The log tells once that a collector is away, and once that it is back.
func TestACollectorThatIsAwayIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		var away atomic.Bool
		b := newBatch(func(context.Context, []sdktrace.ReadOnlySpan) error {
			if away.Load() {
				return errors.New("it is away")
			}
			return nil
		}, slog.New(slog.NewTextHandler(&out, nil)))
		for _, now := range []bool{true, true, false, false} {
			away.Store(now)
			b.OnEnd(span())
			<-time.After(batchEvery)
			synctest.Wait()
		}
		require.NoError(t, b.Shutdown(t.Context()))
		require.Equal(t, 1, strings.Count(out.String(), "traces are lost"))
		require.Equal(t, 1, strings.Count(out.String(), "takes traces again"))
	})
}

// What a collector may take later is sent again, and what it refuses is not.
func TestSendingIsRepeatedWhereThatHelps(t *testing.T) {
	for name, test := range map[string]struct {
		answers []int
		sent    int
		err     string
	}{
		"at once":  {[]int{200}, 1, ""},
		"busy":     {[]int{503, 200}, 2, ""},
		"refused":  {[]int{401, 200}, 1, "the collector answers 401"},
		"too old":  {[]int{404, 200}, 1, "the collector answers 404"},
		"redirect": {[]int{307, 200}, 1, "the collector answers 307"},
	} {
		t.Run(name, func(t *testing.T) {
			sent := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				assert.Equal(t, "/v1/traces", r.URL.Path)
				assert.Equal(t, "let me in", r.Header.Get("X-Key"))
				assert.Equal(t, "application/x-protobuf", r.Header.Get("Content-Type"))
				assert.Equal(t, "gzip", r.Header.Get("Content-Encoding"))
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(test.answers[sent])
				sent++
			}))
			defer server.Close()
			config := DefaultTracesConfig()
			config.Endpoint, config.Headers = server.URL, secret.NewText("X-Key=let%20me%20in")
			address, err := config.address()
			require.NoError(t, err)
			header, err := config.header()
			require.NoError(t, err)
			s := newSender(address, header)
			defer s.close()
			err = s.send(t.Context(), []sdktrace.ReadOnlySpan{span()})
			require.Equal(t, test.sent, sent)
			if test.err == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, test.err)
		})
	}
}

// The address of a collector may hold a key.
func TestClass_Secrets_TheCollectorsAddressIsNotTold(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	s := newSender(server.URL+"/v1/traces?key=hunter2", http.Header{})
	_, err := s.post(t.Context(), nil)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "hunter2")
}

func TestTracesConfigNamesTheKey(t *testing.T) {
	require.NoError(t, DefaultTracesConfig().Validate())
	for key, change := range map[string]func(*TracesConfig){
		"telemetry.traces.endpoint":     func(c *TracesConfig) { c.Endpoint = "collector:4318" },
		"telemetry.traces.headers":      func(c *TracesConfig) { c.Headers = secret.NewText("hunter2") },
		"telemetry.traces.ratio":        func(c *TracesConfig) { c.Ratio = 2 },
		"telemetry.traces.service_name": func(c *TracesConfig) { c.ServiceName = "" },
	} {
		config := DefaultTracesConfig()
		change(&config)
		require.ErrorContains(t, config.Validate(), key)
		require.NotContains(t, config.Validate().Error(), "hunter2")
	}
	for _, wrong := range []string{"ftp://x", "http://", "http://ada:hunter2@x", "http://x\n"} {
		require.Error(t, TracesConfig{Endpoint: wrong, Ratio: 1, ServiceName: "x"}.Validate(), wrong)
	}
	for _, wrong := range []string{"a", "=b", "a b=c", "a=%zz", "a=%0d%0ab", "a=b,c"} {
		require.Error(t, TracesConfig{Headers: secret.NewText(wrong), Ratio: 1, ServiceName: "x"}.Validate(), wrong)
	}
	named, err := TracesConfig{Endpoint: "https://x/api/traces"}.address()
	require.NoError(t, err)
	require.Equal(t, "https://x/api/traces", named)
}

// What is sent is what the protocol's own package reads.
func TestSpansAreWhatCollectorsRead(t *testing.T) {
	got := make(chan *tracepb.TracesData, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		told := &tracepb.TracesData{}
		if zip, err := gzip.NewReader(r.Body); assert.NoError(t, err) {
			body, err := io.ReadAll(zip)
			assert.NoError(t, err)
			assert.NoError(t, proto.Unmarshal(body, told))
		}
		got <- told
	}))
	defer server.Close()
	config := DefaultTracesConfig()
	config.Endpoint, config.Ratio = server.URL, 1
	tracing, err := NewTracing(config, quiet)
	require.NoError(t, err)
	ctx, request := tracing.Tracer().Begin(t.Context(), "request", trace.Caller{Trace: "4bf92f3577b34da6a3ce929d0e0e4736", Span: "00f067aa0ba902b7"})
	_, lookup := trace.Start(ctx, "lookup", trace.Internal)
	lookup.Truth("cached", true)
	lookup.Number("count", 3)
	lookup.End(nil)
	request.Failed("500")
	request.End(nil)
	require.NoError(t, tracing.Stop(t.Context()))

	told := (<-got).ResourceSpans[0]
	resource := told.Resource.String()
	for _, want := range []string{"service.name", "lintel", "service.version", "service.instance.id"} {
		require.Contains(t, resource, want)
	}
	spans := told.ScopeSpans[0].Spans
	require.Len(t, spans, 2)
	require.Equal(t, "lookup", spans[0].Name)
	require.Equal(t, spans[1].SpanId, spans[0].ParentSpanId)
	require.True(t, spans[0].Attributes[0].Value.GetBoolValue())
	require.EqualValues(t, 3, spans[0].Attributes[1].Value.GetIntValue())
	require.Equal(t, uint32(1|knowsRemote), spans[0].Flags)
	require.Equal(t, tracepb.Span_SPAN_KIND_SERVER, spans[1].Kind)
	require.Equal(t, tracepb.Status_STATUS_CODE_ERROR, spans[1].Status.Code)
	require.Equal(t, uint32(1|knowsRemote|isRemote), spans[1].Flags)
	require.LessOrEqual(t, spans[1].StartTimeUnixNano, spans[0].StartTimeUnixNano)
	require.Equal(t, spanStats{sent: 2}, tracing.stats())
}

func TestWithoutAnEndpointNothingIsTraced(t *testing.T) {
	tracing, err := NewTracing(DefaultTracesConfig(), quiet)
	require.NoError(t, err)
	require.Nil(t, tracing.Tracer())
	require.Zero(t, tracing.stats())
	require.NoError(t, tracing.Stop(t.Context()))
}
