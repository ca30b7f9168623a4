package trace

import (
	"context"
	"encoding/hex"
	"errors"
	"math/rand/v2"

	oteltrace "go.opentelemetry.io/otel/trace"
)

var errRatio = errors.New("trace: the ratio must be between 0 and 1")

// Config says how much is traced.
type Config struct {
	Ratio float64 // of the requests, from 0 to 1
	// Follow says that a caller whose word counts decides for its own requests.
	Follow bool
}

// Tracer begins the spans of requests. A nil one traces nothing.
type Tracer struct {
	inner  oteltrace.Tracer
	config Config
}

// New begins spans with the provider, which has to keep each: what is traced is
// decided here, ahead of it, so that all else costs nothing.
func New(provider oteltrace.TracerProvider, config Config) (*Tracer, error) {
	if !(config.Ratio >= 0 && config.Ratio <= 1) {
		return nil, errRatio
	}
	return &Tracer{inner: provider.Tracer(scope), config: config}, nil
}

// Caller is what a request told of the trace that it belongs to.
type Caller struct {
	Trace   string // the trace's id in hex, the caller's or a new one
	Span    string // the caller's span in hex; empty where it told of none
	Sampled bool   // whether the caller traces
	Trusted bool   // whether its word counts
}

// Begin begins the span of a request in the caller's trace. Whether it is traced is
// drawn here and not from the trace's id, which a stranger could choose so that all of
// its requests are.
func (t *Tracer) Begin(ctx context.Context, name string, caller Caller) (context.Context, Span) {
	if t == nil || !t.chosen(caller) {
		return ctx, Span{inner: nil}
	}
	parent, ok := caller.context()
	if !ok {
		return ctx, Span{inner: nil}
	}
	ctx, inner := t.inner.Start(withParent(ctx, parent), name, oteltrace.WithSpanKind(oteltrace.SpanKindServer))
	return ctx, Span{inner: inner}
}

func (t *Tracer) chosen(caller Caller) bool {
	if t.config.Follow && caller.Trusted && caller.Span != "" {
		return caller.Sampled
	}
	return t.config.Ratio > 0 && rand.Float64() < t.config.Ratio //nolint:gosec // which requests are looked at is no secret
}

// context is the caller's span, or a trace that nobody has a span in yet.
func (c Caller) context() (oteltrace.SpanContext, bool) {
	var config oteltrace.SpanContextConfig
	if !decode(config.TraceID[:], c.Trace) || c.Span != "" && !decode(config.SpanID[:], c.Span) {
		return oteltrace.SpanContext{}, false
	}
	config.Remote, config.TraceFlags = true, oteltrace.FlagsSampled
	return oteltrace.NewSpanContext(config), true
}

func decode(into []byte, text string) bool {
	if len(text) != hex.EncodedLen(len(into)) {
		return false
	}
	_, err := hex.Decode(into, []byte(text))
	return err == nil
}

type newTraceKey struct{}

// withParent puts the new span under the caller's. Without one the library makes a
// trace of its own and asks IDs, which answers with the id that is already told.
func withParent(ctx context.Context, parent oteltrace.SpanContext) context.Context {
	if parent.IsValid() {
		return oteltrace.ContextWithRemoteSpanContext(ctx, parent)
	}
	return context.WithValue(ctx, newTraceKey{}, parent.TraceID())
}

// Numbers makes the ids of spans, and of a trace the one that its request has anyway.
// It is for the provider behind a Tracer.
type Numbers struct{}

// NewIDs are those of the first span of a trace.
func (n Numbers) NewIDs(ctx context.Context) (oteltrace.TraceID, oteltrace.SpanID) {
	trace, ok := ctx.Value(newTraceKey{}).(oteltrace.TraceID)
	if !ok {
		for !trace.IsValid() {
			fill(trace[:])
		}
	}
	return trace, n.NewSpanID(ctx, trace)
}

// NewSpanID is that of a further one.
func (Numbers) NewSpanID(context.Context, oteltrace.TraceID) (made oteltrace.SpanID) {
	for !made.IsValid() {
		fill(made[:])
	}
	return made
}

// fill is quick and not secret: an id of a span lets nobody in.
func fill(into []byte) {
	for i := range into {
		into[i] = byte(rand.Uint32()) //nolint:gosec // see above
	}
}
