package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/server/api/page"
)

// page serves what there is at a path.
func (e *edge) page(c *fiber.Ctx) error {
	found := e.pages.Find(c.Path())
	if found == nil {
		return ErrNotFound
	}
	r := requestOf(c.UserContext())
	r.what = "page"
	if found.In != nil {
		var err error
		if found, err = found.In(e.speaker.language(r)); err != nil {
			return err
		}
	}
	r.page = found
	header := &c.Response().Header
	if found.Location != "" {
		header.Set(fiber.HeaderLocation, found.Location)
		c.Status(fiber.StatusFound)
		return nil
	}
	header.Set(fiber.HeaderETag, found.ETag)
	header.Set(fiber.HeaderCacheControl, found.Cache)
	header.Set(fiber.HeaderVary, "Origin, Accept-Encoding")
	if found.Policy != "" {
		header.Set(fiber.HeaderContentSecurityPolicy, found.Policy)
	}
	if bytes.Contains(c.Request().Header.Peek(fiber.HeaderIfNoneMatch), []byte(found.ETag)) {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	header.SetContentType(found.Type)
	return send(c, found)
}

// send sends a page as it is, or opens it for the few who do not take it as it is
// kept.
func send(c *fiber.Ctx, found *page.Page) error {
	if found.Gzip == nil {
		c.Response().SetBodyRaw(found.Body)
		return nil
	}
	if acceptsGzip(string(c.Request().Header.Peek(fiber.HeaderAcceptEncoding))) {
		c.Response().Header.Set(fiber.HeaderContentEncoding, "gzip")
		c.Response().SetBodyRaw(found.Gzip)
		return nil
	}
	reader, err := gzip.NewReader(bytes.NewReader(found.Gzip))
	if err != nil {
		return err
	}
	body, err := io.ReadAll(reader)
	c.Response().SetBodyRaw(body)
	return err
}

// acceptsGzip reads the header as far as it matters here. Spec: RFC 9110 §12.5.3.
func acceptsGzip(accepted string) bool {
	for part := range strings.SplitSeq(accepted, ",") {
		coding, weight, weighted := strings.Cut(strings.ReplaceAll(part, " ", ""), ";q=")
		if strings.EqualFold(coding, "gzip") {
			quality, err := strconv.ParseFloat(weight, 64)
			return !weighted || err == nil && quality > 0
		}
	}
	return false
}
