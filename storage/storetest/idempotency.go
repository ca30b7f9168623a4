package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/idempotency"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// Claims is what the store of begun requests promises.
func Claims(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"Life":       claimsLife,
		"Scope":      claimsScope,
		"Delete":     claimsDelete,
		"InsertRace": claimsInsertRace,
	})
}

func aClaim(key byte) idempotency.Row {
	return idempotency.Row{
		Key: [32]byte{key, 31: 0xfe}, Fingerprint: [32]byte{0, key, 31: 0xff}, Sealed: []byte{}, ExpiresAt: after(time.Minute),
	}
}

func claimsLife(t *testing.T, db *storage.DB) {
	claims, ctx := storage.NewClaims(db), Within(t.Context(), NewTenant())
	row := aClaim(1)
	_, err := claims.ClaimByKey(ctx, row.Key, after(0))
	require.ErrorIs(t, err, idempotency.ErrNone)
	require.NoError(t, claims.InsertClaim(ctx, row, after(0)))
	require.ErrorIs(t, claims.InsertClaim(ctx, row, after(0)), idempotency.ErrBusy)
	found, err := claims.ClaimByKey(ctx, row.Key, after(0))
	require.NoError(t, err)
	require.Equal(t, row, found)

	require.NoError(t, claims.DeleteClaim(ctx, row.Key))
	require.NoError(t, claims.InsertClaim(ctx, row, after(0)), "what came to nothing may be tried again")

	late := row
	late.ExpiresAt = after(time.Hour)
	require.NoError(t, claims.InsertClaim(ctx, late, row.ExpiresAt), "one that has expired is no hindrance")
	answered := late
	answered.Sealed, answered.ExpiresAt = []byte{0, 1, 0xff}, after(24*time.Hour)
	other := answered
	other.Fingerprint[5] = 9
	require.NoError(t, claims.AnswerClaim(ctx, other))
	found, err = claims.ClaimByKey(ctx, row.Key, after(0))
	require.NoError(t, err)
	require.Equal(t, late, found, "another request's answer is not this one's")
	require.NoError(t, claims.AnswerClaim(ctx, answered))
	require.NoError(t, claims.DeleteClaim(ctx, row.Key))
	found, err = claims.ClaimByKey(ctx, row.Key, after(0))
	require.NoError(t, err)
	require.Equal(t, answered, found, "an answer is not dropped")
	_, err = claims.ClaimByKey(ctx, row.Key, answered.ExpiresAt)
	require.ErrorIs(t, err, idempotency.ErrNone)
}

func claimsScope(t *testing.T, db *storage.DB) {
	claims, ctx := storage.NewClaims(db), Within(t.Context(), NewTenant())
	mine := aClaim(1)
	require.NoError(t, claims.InsertClaim(ctx, mine, after(0)))
	strangers(t, func(ctx context.Context) (bool, error) {
		_, err := claims.ClaimByKey(ctx, mine.Key, after(0))
		return err == nil, err
	}, idempotency.ErrNone)
	other := Within(ctx, NewTenant())
	answered := mine
	answered.Sealed = []byte{1}
	require.NoError(t, claims.AnswerClaim(other, answered))
	require.NoError(t, claims.DeleteClaim(other, mine.Key))
	found, err := claims.ClaimByKey(ctx, mine.Key, after(0))
	require.NoError(t, err)
	require.Equal(t, mine, found)
	require.NoError(t, claims.InsertClaim(other, mine, after(0)))
	require.ErrorIs(t, claims.InsertClaim(t.Context(), mine, after(0)), reqctx.ErrNoTenant)
	require.ErrorIs(t, claims.AnswerClaim(t.Context(), mine), reqctx.ErrNoTenant)
	require.ErrorIs(t, claims.DeleteClaim(t.Context(), mine.Key), reqctx.ErrNoTenant)
}

func claimsDelete(t *testing.T, db *storage.DB) {
	claims, mine, theirs := storage.NewClaims(db), Within(t.Context(), NewTenant()), Within(t.Context(), NewTenant())
	kept := aClaim(100)
	kept.ExpiresAt = after(0)
	require.NoError(t, claims.InsertClaim(mine, kept, Start()))
	for i, ctx := range []context.Context{mine, theirs, mine, theirs} {
		old := aClaim(byte(i))
		old.ExpiresAt = after(-time.Microsecond)
		require.NoError(t, claims.InsertClaim(ctx, old, Start()))
	}
	_, err := claims.DeleteClaims(mine, after(0), 10)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	for _, step := range []struct{ limit, deleted int }{{0, 0}, {3, 3}, {3, 1}, {3, 0}} {
		deleted, err := claims.DeleteClaims(everywhere(t), after(0), step.limit)
		require.NoError(t, err)
		require.Equal(t, step.deleted, deleted)
	}
	_, err = claims.ClaimByKey(mine, kept.Key, after(-time.Second))
	require.NoError(t, err)
}

func claimsInsertRace(t *testing.T, db *storage.DB) {
	claims, ctx := storage.NewClaims(db), Within(t.Context(), NewTenant())
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(claims.InsertClaim(ctx, aClaim(1), after(0)), idempotency.ErrBusy)
	}))
}
