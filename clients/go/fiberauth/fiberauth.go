package fiberauth

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/clients/go/verify"
)

// New lets requests through that carry a valid token, with its claims in their context,
// and answers the others itself.
func New(verifier *verify.Verifier) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var authorization []string
		for _, value := range c.Request().Header.PeekAll(fiber.HeaderAuthorization) {
			authorization = append(authorization, string(value))
		}
		claims, err := verifier.Authenticate(c.UserContext(), authorization...)
		if err != nil {
			refusal := verify.RefusalOf(err)
			for name, value := range refusal.Header {
				c.Set(name, value)
			}
			return c.Status(refusal.Status).Send(refusal.Body)
		}
		c.SetUserContext(verify.NewContext(c.UserContext(), claims))
		return c.Next()
	}
}

// Claims are those of the request; nil where the middleware does not stand before.
func Claims(c *fiber.Ctx) *verify.Claims { return verify.FromContext(c.UserContext()) }
