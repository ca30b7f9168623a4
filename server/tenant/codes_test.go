package tenant_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
)

func TestCodes(t *testing.T) {
	require.Equal(t, tenant.Codes{Length: 6, Lifetime: 10 * time.Minute, LinkLifetime: 15 * time.Minute, Resend: 30 * time.Second}, tenant.Settings{}.Codes())
	own := tenant.Settings{CodeLength: 8, CodeLifetimeSeconds: 60, LinkLifetimeSeconds: 86400, CodeResendSeconds: 10}
	require.Equal(t, tenant.Codes{Length: 8, Lifetime: time.Minute, LinkLifetime: 24 * time.Hour, Resend: 10 * time.Second}, own.Codes())
	require.Equal(t, []string{"code_length", "code_lifetime_seconds", "link_lifetime_seconds", "code_resend_seconds"}, own.Names())
}

func TestSettingsOfCodesThatAreRefused(t *testing.T) {
	h := open(t)
	here, err := h.Ensure(t.Context(), tenant.Declaration{
		Name: "acme", BaseURL: "https://id.acme.example", Settings: tenant.Settings{UnknownAddressNotice: true, CodeLength: 7},
	})
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), here.ID)
	for _, bad := range []tenant.Settings{
		{CodeLength: 5, CodeLifetimeSeconds: 59, LinkLifetimeSeconds: 59, CodeResendSeconds: 9},
		{CodeLength: 9, CodeLifetimeSeconds: 3601, LinkLifetimeSeconds: 86401, CodeResendSeconds: 601},
		{CodeLength: -6, CodeLifetimeSeconds: -600, LinkLifetimeSeconds: -900, CodeResendSeconds: -30},
	} {
		_, err = h.Amend(ctx, 0, func(tenant.Settings) tenant.Settings { return bad })
		require.ErrorIs(t, err, tenant.ErrSettings)
		found := []string{}
		for _, field := range fault.As(err).Fields {
			require.Equal(t, "range", field.Code)
			found = append(found, field.Pointer)
		}
		require.Equal(t, []string{"/code_length", "/code_lifetime_seconds", "/link_lifetime_seconds", "/code_resend_seconds"}, found)
	}
	_, err = h.Amend(ctx, 0, func(s tenant.Settings) tenant.Settings { s.UnknownAddressNotice, s.CodeLength = true, 8; return s })
	require.ErrorIs(t, err, tenant.ErrDeclared)
	require.Len(t, fault.As(err).Fields, 2)
	after, err := h.Amend(ctx, 0, func(s tenant.Settings) tenant.Settings { s.CodeResendSeconds = 600; return s })
	require.NoError(t, err)
	require.Equal(t, tenant.Settings{UnknownAddressNotice: true, CodeLength: 7, CodeResendSeconds: 600}, after.InForce())
	free, err := h.Ensure(t.Context(), tenant.Declaration{Name: "acme", BaseURL: "https://id.acme.example"})
	require.NoError(t, err)
	require.Equal(t, tenant.Settings{CodeResendSeconds: 600}, free.InForce())
	noticed, err := h.Amend(ctx, 1, func(s tenant.Settings) tenant.Settings { s.UnknownAddressNotice = true; return s })
	require.NoError(t, err)
	require.True(t, noticed.InForce().UnknownAddressNotice)
}
