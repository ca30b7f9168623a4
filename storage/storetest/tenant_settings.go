package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
)

func tenantRevisions(t *testing.T, db *storage.DB) {
	revisions, ctx := storage.NewTenantSettings(db), Within(t.Context(), NewTenant())
	var want []tenant.Revision
	for number := range int64(3) {
		made := tenant.Revision{
			Number: number + 1, Chosen: tenant.Settings{Locale: "de", PasswordMinLength: 8 + int(number)}, Before: tenant.Settings{FreshForSeconds: 60},
			At: after(0), By: reqctx.Actor{Kind: reqctx.APIKey, ID: unicode},
		}
		require.NoError(t, revisions.InsertRevision(ctx, made))
		want = append([]tenant.Revision{made}, want...)
	}
	require.ErrorIs(t, revisions.InsertRevision(ctx, want[0]), tenant.ErrChanged)
	found, err := revisions.RevisionsBefore(ctx, 0, 10)
	require.NoError(t, err)
	require.Equal(t, want, found)
	found, err = revisions.RevisionsBefore(ctx, 3, 1)
	require.NoError(t, err)
	require.Equal(t, want[1:2], found)
	one, err := revisions.RevisionByNumber(ctx, 2)
	require.NoError(t, err)
	require.Equal(t, want[1], one)

	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := revisions.RevisionsBefore(ctx, 0, 10)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		_, err := revisions.RevisionByNumber(ctx, 2)
		return err == nil, err
	}, tenant.ErrRevisionUnknown)
	require.NoError(t, revisions.DropRevisions(Within(ctx, NewTenant()), 3))
	require.ErrorIs(t, revisions.InsertRevision(t.Context(), want[0]), reqctx.ErrNoTenant)
	require.ErrorIs(t, revisions.DropRevisions(t.Context(), 3), reqctx.ErrNoTenant)
	require.NoError(t, revisions.DropRevisions(ctx, 2))
	found, err = revisions.RevisionsBefore(ctx, 0, 10)
	require.NoError(t, err)
	require.Equal(t, want[:1], found)
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		raced := want[0]
		raced.Number = 9
		return won(revisions.InsertRevision(ctx, raced), tenant.ErrChanged)
	}))
}
