package tenant_test

import (
	"encoding/json"
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
		{CodeLength: 5, CodeLifetimeSeconds: 59, LinkLifetimeSeconds: 59, CodeResendSeconds: 9, IdentifierUndoSeconds: 86399},
		{CodeLength: 9, CodeLifetimeSeconds: 3601, LinkLifetimeSeconds: 86401, CodeResendSeconds: 601, IdentifierUndoSeconds: -1},
		{CodeLength: -6, CodeLifetimeSeconds: -600, LinkLifetimeSeconds: -900, CodeResendSeconds: -30, IdentifierUndoSeconds: 2592001},
	} {
		_, err = h.Amend(ctx, 0, func(tenant.Settings) tenant.Settings { return bad })
		require.ErrorIs(t, err, tenant.ErrSettings)
		found := []string{}
		for _, field := range fault.As(err).Fields {
			require.Equal(t, "range", field.Code)
			found = append(found, field.Pointer)
		}
		require.Equal(t, []string{"/code_length", "/code_lifetime_seconds", "/link_lifetime_seconds", "/code_resend_seconds", "/identifier_undo_seconds"}, found)
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

func TestIdentifierUndo(t *testing.T) {
	require.Equal(t, 7*24*time.Hour, tenant.Settings{}.IdentifierUndo())
	require.Equal(t, 24*time.Hour, tenant.Settings{IdentifierUndoSeconds: tenant.UndoOf(86400)}.IdentifierUndo())
	off := tenant.Settings{IdentifierUndoSeconds: tenant.UndoOf(0)}
	require.Zero(t, off.IdentifierUndo())
	require.Equal(t, []string{"identifier_undo_seconds"}, off.Names(), "off is not as the server has it")
	text, err := json.Marshal(off)
	require.NoError(t, err)
	require.JSONEq(t, `{"identifier_undo_seconds":0}`, string(text))
	var back tenant.Settings
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, off, back)
	require.Error(t, json.Unmarshal([]byte(`{"identifier_undo_seconds":"soon"}`), &back))
}
