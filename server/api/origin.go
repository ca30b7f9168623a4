package api

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

const (
	corsHeaders = "Authorization, Content-Type, Idempotency-Key, If-Match, Lintel-Flow, Traceparent"
	corsExposed = "ETag, RateLimit, RateLimit-Policy, Retry-After, Trace-Id, WWW-Authenticate"
	corsMaxAge  = "600"

	managementPaths = "/admin/"
)

// cors lets pages of the applications' origins see the answers, and answers the
// question that browsers ask ahead. The origin is echoed as it was sent and only
// after an exact comparison. Spec: Fetch §3.3.
func (e *edge) cors(c *fiber.Ctx, r *request) (preflight bool, err error) {
	response := &c.Response().Header
	set(response, byOrigin)
	lines := c.Request().Header.PeekAll(fiber.HeaderOrigin)
	if len(lines) == 0 {
		return false, nil
	}
	if len(lines) > 1 {
		return false, ErrMalformed
	}
	r.origin = string(lines[0])
	if !strings.HasPrefix(c.Path(), managementPaths) { // no page manages a tenant
		if r.allowed, err = e.deps.Applications.AnyOrigin(r, r.origin); err != nil {
			return false, err
		}
	}
	if r.allowed {
		response.Set(fiber.HeaderAccessControlAllowOrigin, r.origin)
		response.Set(fiber.HeaderAccessControlAllowCredentials, "true")
		response.Set(fiber.HeaderAccessControlExposeHeaders, corsExposed)
	}
	asked := string(c.Request().Header.Peek(fiber.HeaderAccessControlRequestMethod))
	if c.Method() != fiber.MethodOptions || asked == "" {
		return false, nil
	}
	return true, e.preflight(c, r, asked)
}

// forbidReading takes back what let the page see the answer.
func forbidReading(c *fiber.Ctx) {
	response := &c.Response().Header
	response.Del(fiber.HeaderAccessControlAllowOrigin)
	response.Del(fiber.HeaderAccessControlAllowCredentials)
	response.Del(fiber.HeaderAccessControlExposeHeaders)
}

// preflight answers only for what there is.
func (e *edge) preflight(c *fiber.Ctx, r *request, asked string) error {
	r.what = "preflight"
	methods := e.methods(c.Path())
	switch {
	case len(methods) == 0:
		return ErrNotFound
	case !slices.Contains(methods, asked):
		return ErrMethod
	case !r.allowed:
		return ErrOrigin
	}
	response := &c.Response().Header
	response.Set(fiber.HeaderVary, "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
	response.Set(fiber.HeaderAccessControlAllowMethods, strings.Join(methods, ", "))
	response.Set(fiber.HeaderAccessControlAllowHeaders, corsHeaders)
	response.Set(fiber.HeaderAccessControlMaxAge, corsMaxAge)
	c.Status(fiber.StatusNoContent)
	return nil
}

// methods are those that a path takes; none when it is nobody's.
func (e *edge) methods(path string) []string {
	methods := slices.Clone(e.contract.Methods(path))
	if e.pages.Find(path) != nil {
		methods = append(methods, fiber.MethodGet)
	}
	if slices.Contains(methods, fiber.MethodGet) {
		methods = append(methods, fiber.MethodHead)
	}
	slices.Sort(methods)
	return methods
}

// requireOrigin is asked for what changes something in the name of a cookie: a
// browser sends it along with any page's request, so the page has to be known.
func (r *request) requireOrigin() error {
	if !r.allowed {
		return ErrOrigin
	}
	return nil
}
