package api

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// findTenant looks the tenant up by the host of the request. Nothing else comes of
// the host: links, cookies and problem types are made from the tenant's own base
// URL. No forwarded host is believed.
func (e *edge) findTenant(c *fiber.Ctx, r *request) error {
	header := &c.Request().Header
	host := header.Host()
	// "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1
	// request message that lacks a Host header field". Spec: RFC 9112 §3.2.
	if len(host) == 0 {
		c.Response().SetConnectionClose()
		return ErrMalformed
	}
	// The absolute form names a host of its own; two different ones are a trick.
	// Spec: RFC 9112 §3.2.2.
	if target := header.RequestURI(); len(target) == 0 || target[0] != '/' {
		uri := c.Request().URI()
		if !bytes.Equal(target, []byte("*")) && (!bytes.EqualFold(uri.Host(), host) || len(uri.Username()) > 0) {
			c.Response().SetConnectionClose()
			return ErrMalformed
		}
	}
	found, err := e.deps.Tenants.ByHost(r, string(host))
	if err != nil {
		return err
	}
	r.Tenant, r.base, r.settings = found.ID, found.BaseURL, found.InForce()
	r.cookies = cookiesFor(e.config.Development && strings.HasPrefix(found.BaseURL, "http://"))
	return nil
}
