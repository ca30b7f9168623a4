package idempotency_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/idempotency"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

type house struct {
	*idempotency.Service
	clock *clock.Fake
	db    *storage.DB
	box   *seal.Box
}

// Box is the same for every tenant here.
func (h *house) Box(context.Context) (*seal.Box, error) { return h.box, nil }

func open(t *testing.T) (*house, context.Context) {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	var err error
	h.box, err = seal.NewBox(seal.NewDataKey())
	require.NoError(t, err)
	h.db = storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: slog.New(slog.DiscardHandler)})
	h.Service, err = idempotency.New(idempotency.Deps{
		Store: storage.NewClaims(h.db), Tenants: h, Clock: h.clock, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	return h, storetest.Within(t.Context(), storetest.NewTenant())
}

func ask(caller, key string, asked ...string) idempotency.Request {
	request := idempotency.Request{Key: key, Caller: secret.NewText(caller)}
	for _, part := range asked {
		request.Asked = append(request.Asked, []byte(part))
	}
	return request
}

var answer = idempotency.Answer{Status: 201, ContentType: "application/json", ETag: `"1"`, Body: []byte(`{"secret":"lk_x"}`)}

func TestTheSameRequestIsAnsweredAlike(t *testing.T) {
	h, ctx := open(t)
	first := ask("ann", "key-1", "createApiKey", "/admin", "{}")
	claim, kept, err := h.Begin(ctx, first)
	require.NoError(t, err)
	require.Nil(t, kept)
	_, _, err = h.Begin(ctx, first)
	require.ErrorIs(t, err, idempotency.ErrBusy)
	require.NoError(t, h.Keep(ctx, claim, answer))
	again, kept, err := h.Begin(ctx, first)
	require.NoError(t, err)
	require.Nil(t, again)
	require.Equal(t, &answer, kept)

	// Another request, told apart even where the parts are cut otherwise.
	for _, other := range []idempotency.Request{
		ask("ann", "key-1", "createApiKey", "/admin", "{ }"), ask("ann", "key-1", "createApiKey/admin", "", "{}"), ask("ann", "key-1"),
	} {
		_, _, err = h.Begin(ctx, other)
		require.ErrorIs(t, err, idempotency.ErrReused)
	}
	for _, own := range []idempotency.Request{ask("bob", "key-1", "createApiKey", "/admin", "{}"), ask("ann", "key-2", "createApiKey", "/admin", "{}")} {
		claim, _, err := h.Begin(ctx, own)
		require.NoError(t, err)
		require.NotNil(t, claim)
	}
	elsewhere, _, err := h.Begin(storetest.Within(ctx, storetest.NewTenant()), first)
	require.NoError(t, err)
	require.NotNil(t, elsewhere)

	h.clock.Advance(idempotency.KeepFor)
	claim, kept, err = h.Begin(ctx, first)
	require.NoError(t, err)
	require.Nil(t, kept)
	require.NotNil(t, claim)
}

// Whoever dies at work does not keep the key for ever.
func TestClaimThatIsNeverEnded(t *testing.T) {
	h, ctx := open(t)
	request := ask("ann", "key-1", "x")
	_, _, err := h.Begin(ctx, request)
	require.NoError(t, err)
	h.clock.Advance(time.Minute)
	_, _, err = h.Begin(ctx, request)
	require.ErrorIs(t, err, idempotency.ErrBusy)
	h.clock.Advance(time.Minute)
	claim, _, err := h.Begin(ctx, request)
	require.NoError(t, err)
	require.NoError(t, h.Drop(ctx, claim))
	_, _, err = h.Begin(ctx, request)
	require.NoError(t, err, "what came to nothing may be tried again at once")
}

func TestClass_SingleUse_OneClaimForAll(t *testing.T) {
	h, ctx := open(t)
	require.Equal(t, 1, storetest.Race(t, func(int) (bool, error) {
		claim, _, err := h.Begin(ctx, ask("ann", "key-1", "x"))
		if err != nil {
			require.ErrorIs(t, err, idempotency.ErrBusy)
		}
		return claim != nil, nil
	}))
}

// What is kept opens with the request alone: neither the database nor the tenant's key is enough.
func TestClass_Secrets_AnswersAreSealedUnderTheRequest(t *testing.T) {
	h, ctx := open(t)
	claim, _, err := h.Begin(ctx, ask("ann", "key-1", "x"))
	require.NoError(t, err)
	require.NoError(t, h.Keep(ctx, claim, answer))
	caller, key := []byte("ann"), []byte("key-1")
	row, err := storage.NewClaims(h.db).ClaimByKey(ctx, h.box.MAC("idempotency.key", caller, key), h.clock.Now())
	require.NoError(t, err)
	require.NotContains(t, string(row.Sealed), "lk_x")
	_, err = h.box.Open("idempotency.answer", row.Sealed, row.Key[:])
	require.Error(t, err)
}

func TestExpiredClaimsAreDeleted(t *testing.T) {
	h, ctx := open(t)
	for _, key := range []string{"a", "b"} {
		_, _, err := h.Begin(ctx, ask("ann", key, "x"))
		require.NoError(t, err)
	}
	h.clock.Advance(time.Hour)
	count, err := h.DeleteExpired(ctx)
	require.NoError(t, err)
	require.Equal(t, 2, count)
	left, err := storage.NewClaims(h.db).DeleteClaims(reqctx.WithEveryTenant(t.Context()), h.clock.Now().Add(time.Hour), 10)
	require.NoError(t, err)
	require.Zero(t, left)
}
