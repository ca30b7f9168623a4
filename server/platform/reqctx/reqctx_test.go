package reqctx_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

func TestWithoutATenantThereIsAnError(t *testing.T) {
	_, err := reqctx.Tenant(context.Background())
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	_, err = reqctx.Tenant(reqctx.WithTenant(context.Background(), id.Tenant{}))
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	_, err = reqctx.Tenant(reqctx.WithEveryTenant(context.Background()))
	require.ErrorIs(t, err, reqctx.ErrNoTenant, "reading across tenants is no tenant")
}

func TestDefaultsAreTheLeast(t *testing.T) {
	ctx := context.Background()
	require.Equal(t, reqctx.Anonymous, reqctx.ActorOf(ctx).Kind)
	require.False(t, reqctx.EveryTenant(ctx))
	require.Zero(t, reqctx.ClientOf(ctx))
	tenant := reqctx.Actor{Kind: reqctx.User, ID: "usr_x"}
	require.Equal(t, tenant, reqctx.ActorOf(reqctx.WithActor(ctx, tenant)))
	require.Equal(t, "t", reqctx.Trace(reqctx.WithTrace(ctx, "t")))
}
