package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/clock"
)

// jwksAPI is the signing keys' part of the contract.
type jwksAPI struct {
	keys  *jwks.Service
	clock clock.Clock
}

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

// ListSigningKeys lists the tenant's signing keys.
func (a jwksAPI) ListSigningKeys(ctx context.Context, request gen.ListSigningKeysRequestObject) (gen.ListSigningKeysResponseObject, error) {
	var after jwks.ID
	limit, err := fromAPIPage(&after, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.keys.List(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListSigningKeys200JSONResponse{Items: make([]gen.SigningKey, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, key := range page.Items {
		if out.Items[i], err = a.toAPISigningKey(key); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// GetSigningKey answers a signing key without its private part.
func (a jwksAPI) GetSigningKey(ctx context.Context, request gen.GetSigningKeyRequestObject) (gen.GetSigningKeyResponseObject, error) {
	found, err := a.keys.ByKeyID(ctx, request.Kid)
	if err != nil {
		return nil, err
	}
	body, err := a.toAPISigningKey(found)
	return gen.GetSigningKey200JSONResponse(body), err
}

// RotateSigningKeys has the key followed by another one.
func (a jwksAPI) RotateSigningKeys(ctx context.Context, request gen.RotateSigningKeysRequestObject) (gen.RotateSigningKeysResponseObject, error) {
	rotate := a.keys.Rotate
	if given(request.Body.Immediately) {
		rotate = a.keys.RotateNow
	}
	next, err := rotate(ctx)
	if err != nil {
		return nil, err
	}
	body, err := a.toAPISigningKey(next)
	return gen.RotateSigningKeys200JSONResponse(body), err
}

// RevokeSigningKey removes a key that is trusted no longer.
func (a jwksAPI) RevokeSigningKey(ctx context.Context, request gen.RevokeSigningKeyRequestObject) (gen.RevokeSigningKeyResponseObject, error) {
	if err := a.keys.Revoke(ctx, request.Kid); err != nil {
		return nil, err
	}
	return gen.RevokeSigningKey204Response{}, nil
}

// toAPISigningKey shows what is public of a key: the wire's type has no member for the
// rest.
func (a jwksAPI) toAPISigningKey(from jwks.Key) (gen.SigningKey, error) {
	out := gen.SigningKey{
		Kid: from.KeyID, Algorithm: string(from.Algorithm), State: string(from.State(a.clock.Now())), CreatedAt: from.CreatedAt,
		ActivatesAt: from.ActivatesAt, RetiresAt: toAPITime(from.RetiresAt), ExpiresAt: toAPITime(from.ExpiresAt), Jwk: gen.Jwk{},
	}
	if err := json.Unmarshal(from.Public, &out.Jwk); err != nil {
		return out, fmt.Errorf("stored signing key: %w", err)
	}
	return out, nil
}
