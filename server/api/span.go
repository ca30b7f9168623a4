package api

import (
	"net"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/server/platform/trace"
)

// beginSpan begins the span of a request in the trace that it told of. What a caller
// says about being traced counts only where it is a proxy that is trusted.
func (e *edge) beginSpan(c *fiber.Ctx, r *request, parent []byte, told bool) {
	caller := trace.Caller{Trace: r.Trace, Span: "", Sampled: false, Trusted: false}
	if told {
		flags, _ := strconv.ParseUint(string(parent[53:55]), 16, 8) // traceOf has looked at the digits
		caller.Span, caller.Sampled = string(parent[36:52]), flags&1 == 1
		peer, ok := c.Context().RemoteAddr().(*net.TCPAddr)
		caller.Trusted = ok && e.trusts(peer.AddrPort().Addr().Unmap())
	}
	r.Context, r.span = e.deps.Tracer.Begin(r.Context, "request", caller)
}

// endSpan tells what the request was. The path that was asked for is not told, since
// ids stand in it; the operation's own has names for them.
// Spec: OpenTelemetry semantic conventions, HTTP server.
func endSpan(c *fiber.Ctx, r *request, status int) {
	if !r.span.Recording() {
		return
	}
	r.span.Name(r.what)
	r.span.Text("lintel.operation", r.what)
	r.span.Text("http.request.method", methodOf(c))
	r.span.Number("http.response.status_code", status)
	if r.operation != nil {
		r.span.Name(r.operation.Method + " " + r.operation.Path)
		r.span.Text("http.route", r.operation.Path)
	}
	if !r.Tenant.IsZero() {
		r.span.Text("lintel.tenant", r.Tenant.String())
	}
	if status >= fiber.StatusInternalServerError {
		r.span.Failed(strconv.Itoa(status))
	}
	r.span.End(nil)
}

// methodOf is the method, where it is one of those that there are: a caller could
// write anything there.
func methodOf(c *fiber.Ctx) string {
	method := c.Method()
	for _, known := range c.App().Config().RequestMethods {
		if method == known {
			return known
		}
	}
	return "_OTHER"
}
