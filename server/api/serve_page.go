package api

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
)

// page serves what was rendered at the start.
func (e *edge) page(c *fiber.Ctx) error {
	r := requestOf(c.UserContext())
	found := e.pages.Find(c.Path())
	if found == nil {
		return ErrNotFound
	}
	r.what = "page"
	header := &c.Response().Header
	if found.Location != "" {
		header.Set(fiber.HeaderLocation, found.Location)
		c.Status(fiber.StatusFound)
		return nil
	}
	header.Set(fiber.HeaderETag, found.ETag)
	header.Set(fiber.HeaderCacheControl, found.Cache)
	header.Add(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if found.Policy != "" {
		header.Set(fiber.HeaderContentSecurityPolicy, found.Policy)
	}
	if bytes.Contains(c.Request().Header.Peek(fiber.HeaderIfNoneMatch), []byte(found.ETag)) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	body := found.Body
	if found.Gzip != nil && (body == nil || acceptsGzip(c)) {
		if !acceptsGzip(c) {
			return ErrNotFound
		}
		header.Set(fiber.HeaderContentEncoding, "gzip")
		body = found.Gzip
	}
	header.SetContentType(found.Type)
	c.Response().SetBodyRaw(body)
	return nil
}
