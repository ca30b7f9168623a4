package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/lintel-id/lintel/server/api/contract"
	"github.com/lintel-id/lintel/server/api/page"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

const (
	unmatched = "unmatched" // neither an operation nor a page
	unread    = "unread"    // nothing that can be called a request
)

// edge is what every request passes.
type edge struct {
	deps     Deps
	config   Config
	contract *contract.Contract
	speaker  speaker
	pages    *page.Set
}

// serve is the first handler of every route.
func (e *edge) serve(c *fiber.Ctx) error {
	e.run(c, (*fiber.Ctx).Next)
	return nil
}

// run takes one request from its first byte to its line in the log. Whatever goes
// wrong inside ends here.
func (e *edge) run(c *fiber.Ctx, next fiber.Handler) {
	watch := clock.Started()
	r := e.begin(c)
	r.limit.since = watch
	err := e.guarded(c, r, next)
	if err != nil {
		err = e.fail(c, r, err)
	}
	e.finish(c, r, err, watch)
}

// guarded runs the request and turns a panic into an error.
func (e *edge) guarded(c *fiber.Ctx, r *request, next fiber.Handler) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	if err := e.admit(c, r); err != nil {
		return err
	}
	c.SetUserContext(r)
	if preflight, err := e.cors(c, r); preflight || err != nil {
		return err
	}
	return next(c)
}

// begin makes the request with what is known of any.
func (e *edge) begin(c *fiber.Ctx) *request {
	header := &c.Request().Header
	parent := header.Peek("Traceparent")
	trace, told := traceOf(parent)
	r := &request{header: header, what: unmatched}
	r.Context, r.Trace = c.UserContext(), trace
	r.Client = reqctx.Client{Address: e.address(c), UserAgent: clip(header.UserAgent(), maxUserAgent), Languages: acceptLanguage(header)}
	if e.deps.Tracer != nil {
		e.beginSpan(c, r, parent, told)
	}
	return r
}

// admit refuses what is ambiguous or too much, and finds the tenant.
func (e *edge) admit(c *fiber.Ctx, r *request) error {
	header := &c.Request().Header
	raw := header.RawHeaders()
	if isAmbiguous(header, raw) {
		c.Response().SetConnectionClose()
		return ErrMalformed
	}
	if bytes.Count(raw, []byte("\n")) > e.config.MaxHeaders {
		c.Response().SetConnectionClose()
		return ErrHeader
	}
	return e.findTenant(c, r)
}

// isAmbiguous finds what the library takes and another server may read differently.
func isAmbiguous(header *fasthttp.RequestHeader, raw []byte) bool {
	switch {
	// A length and an encoding; the library closes the connection after such a
	// request, which is how it is noticed cheaply. Spec: RFC 9112 §6.1, §6.3.
	case header.ConnectionClose() && hasField(raw, "transfer-encoding:") && hasField(raw, "content-length:"):
		return true
	// "A server that receives an obs-fold in a request message … MUST either reject
	// the message". Spec: RFC 9112 §5.2.
	case bytes.Contains(raw, []byte("\n ")) || bytes.Contains(raw, []byte("\n\t")):
		return true
	}
	protocol := string(header.Protocol())
	return protocol != "HTTP/1.1" && protocol != "HTTP/1.0"
}

// unread answers what never became a request: the library could not read it, or it
// was more than the library takes.
func (e *edge) unread(c *fiber.Ctx, err error) error {
	watch := clock.Started()
	r := &request{what: unread}
	r.Context = c.UserContext()
	r.Trace, _ = traceOf(nil)
	refusal := ErrMalformed
	if status, ok := errors.AsType[*fiber.Error](err); ok {
		switch status.Code {
		case fiber.StatusRequestEntityTooLarge:
			refusal = ErrBodyTooLong
			// The header has been read, so a page can be let see the answer.
			if e.admit(c, r) == nil {
				_, _ = e.cors(c, r) // what it refuses is refused for its size already
			}
		case fiber.StatusRequestHeaderFieldsTooLarge:
			refusal = ErrHeader
		}
	}
	e.finish(c, r, e.fail(c, r, refusal), watch)
	return nil
}

// finish writes what every response has, and tells of the request.
func (e *edge) finish(c *fiber.Ctx, r *request, err error, watch clock.Stopwatch) {
	header := &c.Response().Header
	header.SetCanonical(traceID, []byte(r.Trace))
	secure(header, r)
	r.quota.tell(c)
	if r.language != nil {
		header.Set(fiber.HeaderContentLanguage, r.language.Tag)
		set(header, byOriginAndLanguage)
	}
	for _, line := range r.lines {
		header.Add(fiber.HeaderSetCookie, line)
	}
	elapsed := watch.Elapsed()
	status := c.Response().StatusCode()
	e.deps.Metrics.Observe(r.Context, r.what, status, elapsed.Seconds())
	defer endSpan(c, r, status)
	level := slog.LevelDebug
	switch {
	case status == fiber.StatusInternalServerError:
		level = slog.LevelError
	case status > fiber.StatusInternalServerError: // we said so on purpose
		level = slog.LevelWarn
	case status >= fiber.StatusBadRequest || r.operation != nil && !r.operation.Safe:
		level = slog.LevelInfo
	}
	if !e.deps.Logger.Enabled(r, level) {
		return
	}
	attributes := []slog.Attr{
		slog.String("operation", r.what), slog.Int("status", status), slog.Duration("duration", elapsed),
	}
	if !r.Tenant.IsZero() {
		attributes = append(attributes, slog.String("tenant", r.Tenant.String()))
	}
	if level >= slog.LevelWarn && err != nil {
		attributes = append(attributes, slog.String("error", err.Error()))
	}
	e.deps.Logger.LogAttrs(r, level, "request", attributes...)
}

// line is a header field in the spelling that the library need not look at again.
type line struct{ name, value []byte }

func lineOf(name, value string) line { return line{[]byte(name), []byte(value)} }

// The fields that every response has: what browsers are to hold against it. Pages
// bring their own policy, and nothing may be kept by a cache that is not told so.
var (
	noSniff    = lineOf("X-Content-Type-Options", "nosniff")
	noReferrer = lineOf("Referrer-Policy", "no-referrer")
	noContent  = lineOf("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	noStore    = lineOf("Cache-Control", "no-store")
	httpsOnly  = lineOf("Strict-Transport-Security", "max-age=31536000")
	byOrigin   = lineOf("Vary", "Origin")

	traceID = []byte("Trace-Id")

	byOriginAndLanguage = lineOf("Vary", "Origin, Accept-Language")
)

func set(header *fasthttp.ResponseHeader, l line) { header.SetCanonical(l.name, l.value) }

func secure(header *fasthttp.ResponseHeader, r *request) {
	set(header, noSniff)
	set(header, noReferrer)
	if r.page == nil || r.page.Policy == "" {
		set(header, noContent)
	}
	switch {
	case r.cache.name != nil:
		set(header, r.cache)
	case r.page == nil || r.page.Cache == "":
		set(header, noStore)
	}
	if r.cookies.prefixed {
		set(header, httpsOnly)
	}
}

// isOurs tells an end that we set from one that the caller did.
func isOurs(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
