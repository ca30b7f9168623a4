package trace

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// Kind says on which side of a call a span stands.
type Kind uint8

// The kinds.
const (
	Internal Kind = iota // within the server
	Client               // a call to somebody else
)

// scope names who made the spans.
const scope = "github.com/lintel-id/lintel"

// Span is a piece of work. The zero one forgets everything.
type Span struct{ inner oteltrace.Span }

// Start begins a span within the one in ctx. Where there is none, ctx comes back as
// it was, with a span that forgets.
func Start(ctx context.Context, name string, kind Kind) (context.Context, Span) {
	around := oteltrace.SpanFromContext(ctx)
	if !around.IsRecording() {
		return ctx, Span{inner: nil}
	}
	side := oteltrace.SpanKindInternal
	if kind == Client {
		side = oteltrace.SpanKindClient
	}
	ctx, inner := around.TracerProvider().Tracer(scope).Start(ctx, name, oteltrace.WithSpanKind(side))
	return ctx, Span{inner: inner}
}

// Recording tells whether anybody will see the span, for what is dear to find out.
func (s Span) Recording() bool { return s.inner != nil }

// Name renames a span once it is known what it is about.
func (s Span) Name(name string) {
	if s.inner != nil {
		s.inner.SetName(name)
	}
}

// Text notes a word out of a small, known set. What a caller chose is none.
func (s Span) Text(key, value string) {
	if s.inner != nil {
		s.inner.SetAttributes(attribute.String(key, value))
	}
}

// Number notes a count or an amount.
func (s Span) Number(key string, value int) {
	if s.inner != nil {
		s.inner.SetAttributes(attribute.Int(key, value))
	}
}

// Truth notes whether something was so.
func (s Span) Truth(key string, value bool) {
	if s.inner != nil {
		s.inner.SetAttributes(attribute.Bool(key, value))
	}
}

// Failed notes that the work is what went wrong, by a code or a status.
func (s Span) Failed(code string) {
	if s.inner != nil {
		s.inner.SetAttributes(attribute.String("error.type", code))
		s.inner.SetStatus(codes.Error, "")
	}
}

// End ends the span. Of an error only its code is kept: its text may name people. An
// error that is the caller's own doing does not make the work a failed one.
func (s Span) End(err error) {
	if s.inner == nil {
		return
	}
	if err != nil {
		s.inner.SetAttributes(attribute.String("error.type", codeOf(err)))
		if isOurs(err) {
			s.inner.SetStatus(codes.Error, "")
		}
	}
	s.inner.End()
}

// other is what there is no code for. Spec: OpenTelemetry semantic conventions, error.type.
const other = "_OTHER"

func codeOf(err error) string {
	if known := fault.As(err); known != nil {
		return known.Code
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	}
	return other
}

func isOurs(err error) bool {
	known := fault.As(err)
	return known == nil || known.Kind == fault.Internal || known.Kind == fault.Unavailable
}

// IDs are the ids of the span in ctx in hex, for logs and exemplars; empty where the
// request is not traced.
func IDs(ctx context.Context) (trace, span string) {
	around := oteltrace.SpanContextFromContext(ctx)
	if !around.IsSampled() || around.IsRemote() {
		return "", ""
	}
	return around.TraceID().String(), around.SpanID().String()
}

// Parent is the traceparent header for a callee that is to continue the trace; empty
// where the request is not traced. Spec: W3C Trace Context §3.2.
func Parent(ctx context.Context) string {
	trace, span := IDs(ctx)
	if trace == "" {
		return ""
	}
	return "00-" + trace + "-" + span + "-01"
}
