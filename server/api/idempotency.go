package api

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/server/idempotency"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// claimEnds is how long the end of a claim may take.
const claimEnds = 5 * time.Second

// again answers a repeated management request as it was answered before; the others go
// on, and what they are answered is kept. Flows keep their answers themselves.
func (e *edge) again(c *fiber.Ctx, r *request) error {
	header := &c.Request().Header
	key := header.Peek("Idempotency-Key")
	if !r.operation.Managed() || !r.operation.Keyed || len(key) == 0 {
		return c.Next()
	}
	claim, answer, err := e.deps.Idempotency.Begin(r, idempotency.Request{
		Key: string(key), Caller: secret.NewText(string(header.Peek(fiber.HeaderAuthorization))),
		Asked: [][]byte{[]byte(r.operation.ID), c.Request().URI().PathOriginal(), header.Peek(fiber.HeaderIfMatch), r.body},
	})
	if err != nil {
		return err
	}
	if answer != nil {
		return sendAgain(c, *answer)
	}
	err = c.Next()
	// A claim is ended for a request too that has run out of time: it would hold its key.
	ending, cancel := context.WithTimeout(context.WithoutCancel(r), claimEnds)
	defer cancel()
	if err != nil {
		if dropped := e.deps.Idempotency.Drop(ending, claim); dropped != nil {
			e.deps.Logger.WarnContext(r, "a repetition has to wait", "operation", r.operation.ID, "error", dropped)
		}
		return err
	}
	response := c.Response()
	kept := e.deps.Idempotency.Keep(ending, claim, idempotency.Answer{
		Status: response.StatusCode(), ContentType: string(response.Header.ContentType()),
		ETag: string(response.Header.Peek(fiber.HeaderETag)), Body: response.Body(),
	})
	if kept != nil { // it is done all the same, and whoever did it is to hear of it
		e.deps.Logger.WarnContext(r, "an answer cannot be given again", "operation", r.operation.ID, "error", kept)
	}
	return nil
}

func sendAgain(c *fiber.Ctx, answer idempotency.Answer) error {
	header := &c.Response().Header
	if answer.ETag != "" {
		header.Set(fiber.HeaderETag, answer.ETag)
	}
	if answer.ContentType != "" {
		header.SetContentType(answer.ContentType)
	}
	return c.Status(answer.Status).Send(answer.Body)
}
