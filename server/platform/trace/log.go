package trace

import (
	"context"
	"log/slog"
	"slices"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Correlated gives every line that is written with a request's context its trace_id,
// and where the request is traced the span_id, so that a line leads to its trace and
// to the problem that the caller was shown.
func Correlated(inner slog.Handler) slog.Handler { return correlated{inner: inner, open: nil} }

// correlated keeps the groups that are open to itself: the ids stand outside of them.
type correlated struct {
	inner slog.Handler
	open  []group
}

type group struct {
	name  string
	attrs []slog.Attr
}

// Enabled asks the handler behind.
func (c correlated) Enabled(ctx context.Context, level slog.Level) bool {
	return c.inner.Enabled(ctx, level)
}

// WithAttrs adds to the innermost group.
func (c correlated) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(c.open) == 0 {
		return correlated{inner: c.inner.WithAttrs(attrs), open: nil}
	}
	open := slices.Clone(c.open)
	last := &open[len(open)-1]
	last.attrs = slices.Concat(last.attrs, attrs)
	return correlated{inner: c.inner, open: open}
}

// WithGroup opens a group; one without a name is none.
func (c correlated) WithGroup(name string) slog.Handler {
	if name == "" {
		return c
	}
	return correlated{inner: c.inner, open: append(slices.Clip(c.open), group{name: name, attrs: nil})}
}

// Handle adds what the context knows.
func (c correlated) Handle(ctx context.Context, record slog.Record) error {
	told := reqctx.Trace(ctx)
	if told == "" && len(c.open) == 0 {
		return c.inner.Handle(ctx, record)
	}
	attrs := make([]slog.Attr, 0, record.NumAttrs()+2)
	record.Attrs(func(attr slog.Attr) bool {
		attrs = append(attrs, attr)
		return true
	})
	for _, g := range slices.Backward(c.open) {
		attrs = []slog.Attr{slog.GroupAttrs(g.name, slices.Concat(g.attrs, attrs)...)}
	}
	if told != "" {
		attrs = append(attrs, slog.String("trace_id", told))
	}
	if _, span := IDs(ctx); span != "" {
		attrs = append(attrs, slog.String("span_id", span))
	}
	line := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	line.AddAttrs(attrs...)
	return c.inner.Handle(ctx, line)
}
