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

func TestWhoseLanguagesCount(t *testing.T) {
	ctx := reqctx.WithClient(context.Background(), reqctx.Client{Languages: "fr"})
	require.Equal(t, "fr", reqctx.LanguagesOf(ctx))
	require.Equal(t, "fr", reqctx.LanguagesOf(reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: "usr_x"})))
	for _, other := range []reqctx.Actor{{Kind: reqctx.APIKey}, {Kind: reqctx.System}, {Kind: reqctx.Operator}, {Kind: reqctx.User, By: "key_x"}} {
		require.Empty(t, reqctx.LanguagesOf(reqctx.WithActor(ctx, other)), "%+v", other)
	}
}

type outside struct{}

func TestAScopeHoldsAllAtOnceAndGivesWay(t *testing.T) {
	var tenant id.Tenant
	require.NoError(t, tenant.UnmarshalText([]byte("tnt_01h455vb4pex5vsknk084sn02q")))
	around := reqctx.WithTrace(context.WithValue(context.Background(), outside{}, "found"), "outer")
	scope := &reqctx.Scope{Context: around}
	require.Equal(t, "outer", reqctx.Trace(scope), "what it does not know is asked of the context around")
	require.Equal(t, "found", scope.Value(outside{}))
	_, err := reqctx.Tenant(scope)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	require.Equal(t, reqctx.Anonymous, reqctx.ActorOf(scope).Kind)
	require.Zero(t, reqctx.ClientOf(scope))
	require.False(t, reqctx.EveryTenant(scope))

	scope.Tenant, scope.Trace, scope.Client = tenant, "inner", reqctx.Client{UserAgent: "browser"}
	scope.Actor = reqctx.Actor{Kind: reqctx.User, ID: "usr_x"}
	found, err := reqctx.Tenant(scope)
	require.NoError(t, err)
	require.Equal(t, tenant, found)
	require.Equal(t, "inner", reqctx.Trace(scope))
	require.Equal(t, scope.Client, reqctx.ClientOf(scope))
	require.Equal(t, scope.Actor, reqctx.ActorOf(scope))

	system := reqctx.WithActor(scope, reqctx.Actor{Kind: reqctx.System})
	require.Equal(t, reqctx.System, reqctx.ActorOf(system).Kind, "what is put around it goes first")
	require.Equal(t, "inner", reqctx.Trace(system))
}
