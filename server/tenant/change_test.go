package tenant_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage/storetest"
)

// What is declared holds, and what was chosen over the API stays under it and outlives a
// start.
func TestSettingsDeclaredAndChosen(t *testing.T) {
	h := open(t)
	declared := tenant.Declaration{Name: "acme", BaseURL: "https://id.acme.example", Settings: tenant.Settings{Locale: "de"}}
	here, err := h.Ensure(t.Context(), declared)
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), here.ID)
	after, err := h.Amend(ctx, 0, func(s tenant.Settings) tenant.Settings { s.PasswordMinLength = 20; return s })
	require.NoError(t, err)
	require.Equal(t, tenant.Settings{Locale: "de", PasswordMinLength: 20}, after.InForce())
	holding, err := h.Settings(ctx)
	require.NoError(t, err)
	require.Equal(t, after.InForce(), holding)
	_, err = h.Amend(ctx, 1, func(s tenant.Settings) tenant.Settings { s.Locale = "en"; return s })
	require.ErrorIs(t, err, tenant.ErrDeclared)
	require.Equal(t, "/locale", fault.As(err).Fields[0].Pointer)
	_, err = h.Amend(ctx, 0, func(s tenant.Settings) tenant.Settings { return s })
	require.ErrorIs(t, err, tenant.ErrChanged)
	bad := tenant.Settings{Locale: "-", PasswordMinLength: 7, FreshForSeconds: 1, FlowLifetimeSeconds: 1, DeletionGraceSeconds: -1, AuditRetentionDays: 29}
	_, err = h.Amend(ctx, 1, func(tenant.Settings) tenant.Settings { return bad })
	require.ErrorIs(t, err, tenant.ErrSettings)
	require.Len(t, fault.As(err).Fields, 6)

	again, err := h.Ensure(t.Context(), declared)
	require.NoError(t, err)
	require.Equal(t, after, again, "a start leaves what was chosen alone")
	declared.Settings.PasswordMinLength = 30
	over, err := h.Ensure(t.Context(), declared)
	require.NoError(t, err)
	require.Equal(t, 30, over.InForce().PasswordMinLength)
	restored, err := h.Restore(ctx, 1, 1)
	require.NoError(t, err)
	require.Equal(t, int64(1), restored.Revision, "it is so already")
	declared.Settings = tenant.Settings{}
	left, err := h.Ensure(t.Context(), declared)
	require.NoError(t, err)
	require.Equal(t, tenant.Settings{PasswordMinLength: 20}, left.InForce())
}

// Who leaves the configuration is the API's, and stays as it was declared.
func TestRelease(t *testing.T) {
	h := open(t)
	declared := tenant.Declaration{Name: "acme", BaseURL: "https://id.acme.example", Settings: tenant.Settings{Locale: "de"}}
	here, err := h.Ensure(t.Context(), declared)
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), here.ID)
	_, err = h.Amend(ctx, 0, func(s tenant.Settings) tenant.Settings { s.PasswordMinLength = 20; return s })
	require.NoError(t, err)
	plain, err := h.Ensure(t.Context(), tenant.Declaration{Name: "plain", BaseURL: "https://id.plain.example"})
	require.NoError(t, err)

	left, err := h.Undeclared(t.Context(), []string{"plain"})
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.Equal(t, here.ID, left[0].ID)
	require.NoError(t, h.Release(ctx))
	released, err := h.Stored(ctx)
	require.NoError(t, err)
	require.Equal(t, tenant.ByAPI, released.ManagedBy)
	require.Equal(t, tenant.Settings{}, released.Settings)
	require.Equal(t, tenant.Settings{Locale: "de", PasswordMinLength: 20}, released.Chosen)
	require.Equal(t, int64(2), released.Revision)
	_, err = h.Amend(ctx, 2, func(s tenant.Settings) tenant.Settings { s.Locale = "en"; return s })
	require.NoError(t, err)
	_, err = h.Suspend(t.Context(), here.ID)
	require.NoError(t, err)

	before, err := h.Stored(ctx)
	require.NoError(t, err)
	require.NoError(t, h.Release(ctx))
	after, err := h.Stored(ctx)
	require.NoError(t, err)
	require.Equal(t, before, after, "once is enough")

	scoped := reqctx.WithTenant(t.Context(), plain.ID)
	require.NoError(t, h.Release(scoped))
	after, err = h.Stored(scoped)
	require.NoError(t, err)
	require.Equal(t, tenant.ByAPI, after.ManagedBy)
	require.Zero(t, after.Revision, "nothing was declared of its settings")
	left, err = h.Undeclared(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, left)
	back, err := h.Ensure(t.Context(), declared)
	require.NoError(t, err)
	require.Equal(t, tenant.ByConfiguration, back.ManagedBy)
}

// Of many who change the same version one is heard.
func TestSettingsRace(t *testing.T) {
	h := open(t)
	here, err := h.Ensure(t.Context(), tenant.Declaration{Name: "acme", BaseURL: "https://id.acme.example"})
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), here.ID)
	require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
		_, err := h.Amend(ctx, 0, func(s tenant.Settings) tenant.Settings { s.PasswordMinLength = 10 + racer; return s })
		if err == nil {
			return true, nil
		}
		require.ErrorIs(t, err, tenant.ErrChanged)
		return false, nil
	}))
}

func TestClass_Exhaustion_HistoryIsBounded(t *testing.T) {
	h := open(t)
	here, err := h.Ensure(t.Context(), tenant.Declaration{Name: "acme", BaseURL: "https://id.acme.example"})
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), here.ID)
	for revision := range int64(1002) {
		_, err := h.Amend(ctx, revision, func(s tenant.Settings) tenant.Settings { s.PasswordMinLength = 10 + int(revision%2); return s })
		require.NoError(t, err)
	}
	_, err = h.RevisionByNumber(ctx, 2)
	require.ErrorIs(t, err, tenant.ErrRevisionUnknown)
	_, err = h.RevisionByNumber(ctx, 3)
	require.NoError(t, err)
}

// Another node goes by what was chosen as soon as it has forgotten what it knew.
func TestSettingsReachAnotherNode(t *testing.T) {
	h := open(t)
	here, err := h.Ensure(t.Context(), tenant.Declaration{Name: "acme", BaseURL: "https://id.acme.example"})
	require.NoError(t, err)
	ctx, elsewhere := reqctx.WithTenant(t.Context(), here.ID), h.node(t)
	holding := func() int {
		t.Helper()
		settings, err := elsewhere.Settings(ctx)
		require.NoError(t, err)
		found, err := elsewhere.ByHost(ctx, "id.acme.example")
		require.NoError(t, err)
		require.Equal(t, settings, found.InForce())
		return settings.FlowLifetimeSeconds
	}
	require.Zero(t, holding())
	_, err = h.Amend(ctx, 0, func(s tenant.Settings) tenant.Settings { s.FlowLifetimeSeconds = 60; return s })
	require.NoError(t, err)
	h.clock.Advance(tenant.Default().CacheFor)
	require.Equal(t, 60, holding())
}
