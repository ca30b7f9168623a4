package trace_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/trace"
)

const (
	told   = "4bf92f3577b34da6a3ce929d0e0e4736"
	caller = "00f067aa0ba902b7"
)

// recorded is a tracer and what it has recorded.
func recorded(t *testing.T, config trace.Config) (*trace.Tracer, *tracetest.SpanRecorder) {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder), sdktrace.WithIDGenerator(trace.Numbers{}))
	made, err := trace.New(provider, config)
	require.NoError(t, err)
	return made, recorder
}

// A request that is not traced pays nothing: this is what every room does on its way.
func TestNothingIsAllocatedWhereNothingIsTraced(t *testing.T) {
	var off *trace.Tracer
	never, _ := recorded(t, trace.Config{})
	ctx := reqctx.WithTrace(t.Context(), told)
	for name, tracer := range map[string]*trace.Tracer{"off": off, "not chosen": never} {
		require.Zero(t, testing.AllocsPerRun(100, func() {
			ctx, request := tracer.Begin(ctx, "request", trace.Caller{Trace: told, Span: caller, Sampled: true, Trusted: true})
			ctx, span := trace.Start(ctx, "session lookup", trace.Internal)
			span.Truth("cached", true)
			span.Number("count", 1)
			span.Text("word", "x")
			_, _ = trace.IDs(ctx)
			span.End(nil)
			request.Failed("500")
			request.End(nil)
		}), name)
	}
}

func TestASpanContinuesTheCallersTrace(t *testing.T) {
	tracer, recorder := recorded(t, trace.Config{Ratio: 1})
	ctx, request := tracer.Begin(t.Context(), "request", trace.Caller{Trace: told, Span: caller})
	request.Name("GET /v1/session")
	inner, lookup := trace.Start(ctx, "lookup", trace.Client)
	traced, id := trace.IDs(inner)
	require.Equal(t, told, traced)
	require.Equal(t, "00-"+told+"-"+id+"-01", trace.Parent(inner))
	lookup.End(nil)
	request.End(nil)

	spans := recorder.Ended()
	require.Len(t, spans, 2)
	require.Equal(t, id, spans[0].SpanContext().SpanID().String())
	require.Equal(t, oteltrace.SpanKindClient, spans[0].SpanKind())
	require.Equal(t, spans[1].SpanContext().SpanID(), spans[0].Parent().SpanID())
	require.Equal(t, "GET /v1/session", spans[1].Name())
	require.Equal(t, oteltrace.SpanKindServer, spans[1].SpanKind())
	require.Equal(t, told, spans[1].SpanContext().TraceID().String())
	require.Equal(t, caller, spans[1].Parent().SpanID().String())
	require.True(t, spans[1].Parent().IsRemote())
}

// The id that a problem shows is the trace's, also where no caller has told of one.
func TestANewTraceHasTheIDThatTheRequestHas(t *testing.T) {
	tracer, recorder := recorded(t, trace.Config{Ratio: 1})
	_, request := tracer.Begin(t.Context(), "request", trace.Caller{Trace: told})
	request.End(nil)
	require.Equal(t, told, recorder.Ended()[0].SpanContext().TraceID().String())
	require.False(t, recorder.Ended()[0].Parent().IsValid())
}

// A stranger must not have all of its requests traced: neither by saying so, nor by an
// id that a ratio would choose.
func TestClass_Exhaustion_AStrangerDoesNotChooseWhatIsTraced(t *testing.T) {
	for name, test := range map[string]struct {
		config trace.Config
		caller trace.Caller
		want   bool
	}{
		"a stranger says yes":                {trace.Config{Follow: true}, trace.Caller{Sampled: true}, false},
		"a stranger says no":                 {trace.Config{Ratio: 1, Follow: true}, trace.Caller{}, true},
		"a proxy that is not followed":       {trace.Config{}, trace.Caller{Sampled: true, Trusted: true}, false},
		"a proxy that is followed says yes":  {trace.Config{Follow: true}, trace.Caller{Sampled: true, Trusted: true}, true},
		"a proxy that is followed says no":   {trace.Config{Ratio: 1, Follow: true}, trace.Caller{Trusted: true}, false},
		"a proxy that tells nothing of that": {trace.Config{Ratio: 1, Follow: true}, trace.Caller{Trusted: true, Span: "-"}, true},
	} {
		tracer, _ := recorded(t, test.config)
		test.caller.Trace = told
		if test.caller.Span == "" {
			test.caller.Span = caller
		} else {
			test.caller.Span = ""
		}
		_, span := tracer.Begin(t.Context(), "request", test.caller)
		require.Equal(t, test.want, span.Recording(), name)
	}
	tracer, _ := recorded(t, trace.Config{Ratio: 0.5})
	traced := 0
	for range 1000 { // one id over and over
		if _, span := tracer.Begin(t.Context(), "request", trace.Caller{Trace: told, Span: caller, Sampled: true}); span.Recording() {
			traced++
		}
	}
	require.InDelta(t, 500, traced, 200)
}

// The text of an error may name people.
func TestClass_Secrets_ASpanKeepsTheCodeOfAnError(t *testing.T) {
	broken := errors.New("ada@example.com is broken")
	for want, test := range map[string]struct {
		err    error
		failed bool
	}{
		"not_found":   {fault.New(fault.NotFound, "not_found", "Ada is not here.").Because(broken), false},
		"unavailable": {fault.New(fault.Unavailable, "unavailable", "Come back."), true},
		"timeout":     {context.DeadlineExceeded, true},
		"canceled":    {context.Canceled, true},
		"_OTHER":      {broken, true},
	} {
		tracer, recorder := recorded(t, trace.Config{Ratio: 1})
		_, span := tracer.Begin(t.Context(), "request", trace.Caller{Trace: told})
		span.End(test.err)
		ended := recorder.Ended()[0]
		require.Equal(t, []attribute.KeyValue{attribute.String("error.type", want)}, ended.Attributes())
		require.Empty(t, ended.Events())
		require.Empty(t, ended.Status().Description)
		require.Equal(t, test.failed, ended.Status().Code == codes.Error, want)
	}
}

func TestWhatIsNoTraceIsNotTraced(t *testing.T) {
	tracer, _ := recorded(t, trace.Config{Ratio: 1})
	for _, wrong := range []trace.Caller{{}, {Trace: "x"}, {Trace: told, Span: "x"}, {Trace: told[1:] + "g"}} {
		ctx, span := tracer.Begin(t.Context(), "request", wrong)
		require.False(t, span.Recording())
		require.Empty(t, trace.Parent(ctx))
	}
	_, err := trace.New(sdktrace.NewTracerProvider(), trace.Config{Ratio: 1.1})
	require.Error(t, err)
}

// A line leads to its trace, however the logger was made.
func TestALineNamesItsTrace(t *testing.T) {
	var out bytes.Buffer
	logger := slog.New(trace.Correlated(slog.NewJSONHandler(&out, nil)))
	line := func() map[string]any {
		var told map[string]any
		require.NoError(t, json.Unmarshal(out.Bytes(), &told))
		out.Reset()
		delete(told, "time")
		return told
	}
	logger.Info("alone", "a", 1)
	require.Equal(t, map[string]any{"level": "INFO", "msg": "alone", "a": 1.0}, line())

	ctx := reqctx.WithTrace(t.Context(), told)
	logger.InfoContext(ctx, "not traced", "a", 1)
	require.Equal(t, map[string]any{"level": "INFO", "msg": "not traced", "a": 1.0, "trace_id": told}, line())

	tracer, _ := recorded(t, trace.Config{Ratio: 1})
	ctx, span := tracer.Begin(ctx, "request", trace.Caller{Trace: told})
	defer span.End(nil)
	_, id := trace.IDs(ctx)
	logger.With("b", 2).WithGroup("").WithGroup("outer").With("c", 3).WithGroup("inner").With("d", 4).WithGroup("empty").InfoContext(ctx, "deep")
	require.Equal(t, map[string]any{
		"level": "INFO", "msg": "deep", "b": 2.0, "trace_id": told, "span_id": id,
		"outer": map[string]any{"c": 3.0, "inner": map[string]any{"d": 4.0}},
	}, line())
	base := logger.WithGroup("g")
	base.With("x", 1)
	base.With("y", 2).Info("siblings do not share")
	require.Equal(t, map[string]any{"level": "INFO", "msg": "siblings do not share", "g": map[string]any{"y": 2.0}}, line())
}
