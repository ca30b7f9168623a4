package jwks_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage/storetest"
)

// Pages are in the order of making, also when keys are rotated or removed in between.
func TestListIsStable(t *testing.T) {
	h, ctx := open(t)
	var made []jwks.Key
	for range 3 {
		h.clock.Advance(time.Second)
		key, err := h.RotateNow(ctx)
		require.NoError(t, err)
		made = append(made, key)
	}
	page, err := h.List(ctx, jwks.ID{}, 2)
	require.NoError(t, err)
	require.Equal(t, []string{made[0].KeyID, made[1].KeyID}, []string{page.Items[0].KeyID, page.Items[1].KeyID})
	require.Equal(t, made[1].ID, page.Next)
	require.NoError(t, h.Revoke(ctx, made[1].KeyID))
	h.clock.Advance(time.Second)
	_, err = h.Rotate(ctx)
	require.NoError(t, err)
	rest, err := h.List(ctx, page.Next, 2)
	require.NoError(t, err)
	require.Len(t, rest.Items, 2)
	require.Equal(t, made[2].KeyID, rest.Items[0].KeyID)
	require.True(t, rest.Next.IsZero())

	found, err := h.ByKeyID(ctx, made[0].KeyID)
	require.NoError(t, err)
	require.Equal(t, made[0].ID, found.ID)
	_, err = h.ByKeyID(ctx, made[1].KeyID)
	require.ErrorIs(t, err, jwks.ErrUnknown)
	elsewhere := reqctx.WithTenant(t.Context(), storetest.NewTenant())
	_, err = h.ByKeyID(elsewhere, made[0].KeyID)
	require.ErrorIs(t, err, jwks.ErrUnknown)
	none, err := h.List(elsewhere, jwks.ID{}, 2)
	require.NoError(t, err)
	require.Empty(t, none.Items)
}
