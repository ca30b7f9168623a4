package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api/contract"
	"github.com/lintel-id/lintel/server/idempotency"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

type oneBox struct{ box *seal.Box }

func (b oneBox) Box(context.Context) (*seal.Box, error) { return b.box, nil }

// A request that has run out of time does not hold its key: whether it came to something
// or not, the next one with the key hears of it.
func TestPromise_RetrySafe_ARequestThatRanOutOfTime(t *testing.T) {
	time := clock.NewFake(storetest.Start())
	logger := slog.New(slog.DiscardHandler)
	box, err := seal.NewBox(seal.NewDataKey())
	require.NoError(t, err)
	db := storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: time, Logger: logger})
	kept, err := idempotency.New(idempotency.Deps{Store: storage.NewClaims(db), Tenants: oneBox{box}, Clock: time, Logger: logger})
	require.NoError(t, err)
	document, err := contract.New(false)
	require.NoError(t, err)
	e := &edge{deps: Deps{Idempotency: kept, Logger: logger}, contract: document}
	tenant := storetest.NewTenant()
	lost := errors.New("out of time")

	for status, outcome := range map[int]error{http.StatusCreated: nil, http.StatusTeapot: lost} {
		app, ran := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, _ error) error { return c.SendStatus(http.StatusTeapot) }}), 0
		app.Post("/admin/v1/users", func(c *fiber.Ctx) error {
			r := &request{Scope: reqctx.Scope{Context: context.Background(), Tenant: tenant}, operation: document.Operation(http.MethodPost, "/admin/v1/users")}
			r.limit.within, r.limit.since = 1<<40, clock.Started()
			c.SetUserContext(r)
			return e.again(c, r)
		}, func(c *fiber.Ctx) error {
			ran++
			requestOf(c.UserContext()).end()
			require.Error(t, c.UserContext().Err())
			if outcome != nil {
				return outcome
			}
			return c.SendStatus(http.StatusCreated)
		})
		for range 2 {
			asked := httptest.NewRequest(http.MethodPost, "/admin/v1/users", strings.NewReader(""))
			asked.Header.Set("Idempotency-Key", http.StatusText(status))
			answered, err := app.Test(asked)
			require.NoError(t, err)
			require.NoError(t, answered.Body.Close())
			require.Equal(t, status, answered.StatusCode)
		}
		if outcome == nil {
			require.Equal(t, 1, ran, "it is answered again")
		} else {
			require.Equal(t, 2, ran, "it is tried again")
		}
	}
}
