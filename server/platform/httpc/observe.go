package httpc

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/trace"
)

// Observer measures calls.
type Observer interface {
	// ObserveCall notes one exchange up to the response's header; outcome is the class
	// of its status, such as 2xx, or failed when there was none.
	ObserveCall(ctx context.Context, outcome string, took time.Duration)
}

// call is one exchange that is being measured. A redirect makes another.
type call struct {
	ctx      context.Context //nolint:containedctx // an exchange has one
	span     trace.Span
	watch    clock.Stopwatch
	observer Observer
}

// begin starts measuring. Of the URL the span is given the host alone: paths and
// queries hold secrets. Whoever is called hears of the trace only where the operator
// wants that; strangers could count our requests by it.
func (g *guard) begin(request *http.Request) (call, *http.Request) {
	ctx, span := trace.Start(request.Context(), request.Method, trace.Client)
	started := call{ctx: ctx, span: span, watch: clock.Started(), observer: g.observer}
	if !span.Recording() {
		return started, request
	}
	span.Text("http.request.method", request.Method)
	span.Text("server.address", request.URL.Hostname())
	request = request.Clone(ctx)
	if slices.Contains(g.told, canonical(request.URL.Hostname())) {
		request.Header.Set("Traceparent", trace.Parent(ctx))
	}
	return started, request
}

// end tells how it went.
func (c call) end(response *http.Response, err error) {
	outcome := "failed"
	if response != nil && err == nil {
		outcome = strconv.Itoa(response.StatusCode/100) + "xx"
		c.span.Number("http.response.status_code", response.StatusCode)
		if response.StatusCode >= http.StatusBadRequest {
			c.span.Failed(strconv.Itoa(response.StatusCode))
		}
	}
	if c.observer != nil {
		c.observer.ObserveCall(c.ctx, outcome, c.watch.Elapsed())
	}
	c.span.End(err)
}
