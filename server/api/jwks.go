package api

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/jwks"
)

// jwksAPI is the signing keys' part of the contract.
type jwksAPI struct{ keys *jwks.Service }

// GetJwks answers the public keys.
func (a jwksAPI) GetJwks(ctx context.Context, _ gen.GetJwksRequestObject) (gen.GetJwksResponseObject, error) {
	document, err := a.keys.Document(ctx)
	if err != nil {
		return nil, err
	}
	requestOf(ctx).cache = forVerifiers
	return jwksBody(document), nil
}

// forVerifiers lets copies be kept for as long as rotation reckons with.
var forVerifiers = lineOf(fiber.HeaderCacheControl, "public, max-age="+strconv.Itoa(int(jwks.MaxAge/time.Second)))

// jwksBody answers getJwks, which every verifier asks, as it was rendered when the
// keys were read.
type jwksBody []byte

// VisitGetJwksResponse writes the answer.
func (b jwksBody) VisitGetJwksResponse(c *fiber.Ctx) error {
	header := &c.Response().Header
	header.SetContentType(fiber.MIMEApplicationJSON)
	if len(header.Peek(fiber.HeaderAccessControlAllowOrigin)) == 0 {
		header.Set(fiber.HeaderAccessControlAllowOrigin, "*") // a verifier may be a page of anybody's
	}
	c.Response().SetBodyRaw(b)
	return nil
}
