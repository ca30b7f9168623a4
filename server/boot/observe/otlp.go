package observe

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// The bits of a span's flags beside those of the trace.
// Spec: OTLP trace.proto, SpanFlags.
const (
	knowsRemote = 0x100
	isRemote    = 0x200
)

// toOTLP puts spans of one resource into the message that collectors take. On the wire
// TracesData is the same as an ExportTraceServiceRequest, whose package would bring all
// of gRPC along. Spec: OTLP trace.proto.
func toOTLP(spans []sdktrace.ReadOnlySpan) *tracepb.TracesData {
	scoped := &tracepb.ScopeSpans{Scope: &commonpb.InstrumentationScope{Name: spans[0].InstrumentationScope().Name}}
	for _, span := range spans {
		scoped.Spans = append(scoped.Spans, toOTLPSpan(span))
	}
	return &tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{
		Resource:   &resourcepb.Resource{Attributes: toOTLPAttributes(spans[0].Resource().Attributes())},
		ScopeSpans: []*tracepb.ScopeSpans{scoped},
	}}}
}

func toOTLPSpan(span sdktrace.ReadOnlySpan) *tracepb.Span {
	self, parent := span.SpanContext(), span.Parent()
	trace, id := self.TraceID(), self.SpanID()
	told := &tracepb.Span{
		TraceId: trace[:], SpanId: id[:], Name: span.Name(), Kind: tracepb.Span_SpanKind(span.SpanKind()),
		StartTimeUnixNano: uint64(span.StartTime().UnixNano()), EndTimeUnixNano: uint64(span.EndTime().UnixNano()),
		Attributes: toOTLPAttributes(span.Attributes()), Flags: uint32(self.TraceFlags()) | knowsRemote,
	}
	if above := parent.SpanID(); above.IsValid() {
		told.ParentSpanId = above[:]
	}
	if parent.IsRemote() {
		told.Flags |= isRemote
	}
	if span.Status().Code == codes.Error {
		told.Status = &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR}
	}
	return told
}

func toOTLPAttributes(attributes []attribute.KeyValue) []*commonpb.KeyValue {
	told := make([]*commonpb.KeyValue, len(attributes))
	for i, one := range attributes {
		told[i] = &commonpb.KeyValue{Key: string(one.Key), Value: toOTLPValue(one.Value)}
	}
	return told
}

// toOTLPValue knows the kinds that a span of ours can be given.
func toOTLPValue(value attribute.Value) *commonpb.AnyValue {
	switch value.Type() {
	case attribute.BOOL:
		return &commonpb.AnyValue{Value: &commonpb.AnyValue_BoolValue{BoolValue: value.AsBool()}}
	case attribute.INT64:
		return &commonpb.AnyValue{Value: &commonpb.AnyValue_IntValue{IntValue: value.AsInt64()}}
	default:
		return &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: value.AsString()}}
	}
}
