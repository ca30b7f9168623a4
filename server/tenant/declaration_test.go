package tenant_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
)

func acme() tenant.Declaration {
	return tenant.Declaration{Name: "acme", BaseURL: "https://id.acme.example", Hosts: []string{"login.acme.example"}}
}

func TestTenantsStandBesideEachOther(t *testing.T) {
	h := open(t)
	first, err := h.Ensure(t.Context(), standard("https://id.example.com", nil))
	require.NoError(t, err)
	second, err := h.Ensure(t.Context(), acme())
	require.NoError(t, err)
	require.NotEqual(t, first.ID, second.ID)
	require.NotEqual(t, first.Key, second.Key)
	for host, want := range map[string]tenant.Tenant{"id.example.com": first, "id.acme.example": second, "LOGIN.acme.example": second} {
		found, err := h.ByHost(t.Context(), host)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}

	again, err := h.Ensure(t.Context(), acme())
	require.NoError(t, err)
	require.Equal(t, second, again)
	require.Len(t, h.events(t), 2, "what is so already is not told")

	taken := acme()
	taken.Name = "other"
	_, err = h.Ensure(t.Context(), taken)
	require.ErrorIs(t, err, tenant.ErrHostTaken)
	require.Len(t, h.events(t), 2)
}

func TestADisabledTenantAnswersNobodyAndLosesNothing(t *testing.T) {
	h := open(t)
	made, err := h.Ensure(t.Context(), acme())
	require.NoError(t, err)
	closed := acme()
	closed.Disabled = true
	suspended, err := h.Ensure(t.Context(), closed)
	require.NoError(t, err)
	require.Equal(t, tenant.Suspended, suspended.Status)
	_, err = h.ByHost(t.Context(), "id.acme.example")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)
	back, err := h.Ensure(t.Context(), acme())
	require.NoError(t, err)
	require.Equal(t, tenant.Active, back.Status)
	require.Equal(t, made.Key, back.Key)
	_, err = h.ByHost(t.Context(), "id.acme.example")
	require.NoError(t, err)
	var told []string
	for _, one := range h.events(t) {
		require.Equal(t, made.ID, one.Tenant)
		told = append(told, one.Type)
	}
	require.Equal(t, []string{"tenant.created", "tenant.suspended", "tenant.reactivated"}, told)
}

func TestSettingsAreTheTenantsOwn(t *testing.T) {
	h := open(t)
	made, err := h.Ensure(t.Context(), acme())
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), made.ID)
	settings, err := h.Settings(ctx)
	require.NoError(t, err)
	require.Zero(t, settings)
	changed := acme()
	changed.Settings = tenant.Settings{Locale: "de", PasswordMinLength: 20}
	_, err = h.Ensure(t.Context(), changed)
	require.NoError(t, err)
	settings, err = h.Settings(ctx)
	require.NoError(t, err)
	require.Equal(t, changed.Settings, settings)
	told := h.events(t)
	require.JSONEq(t, `{"base_url":"https://id.acme.example","hosts":["id.acme.example","login.acme.example"],
		"settings":{"locale":"de","password_min_length":20}}`, string(told[len(told)-1].Data))
	_, err = h.Settings(t.Context())
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
}

func TestADeclarationNamesItsMistake(t *testing.T) {
	h := open(t)
	for pointer, spoil := range map[string]func(d *tenant.Declaration){
		"/name":                func(d *tenant.Declaration) { d.Name = "Acme & Sons" },
		"/base_url":            func(d *tenant.Declaration) { d.BaseURL = "http://id.acme.example" },
		"/hosts/0":             func(d *tenant.Declaration) { d.Hosts = []string{"a b"} },
		"/locale":              func(d *tenant.Declaration) { d.Settings.Locale = "no language" },
		"/password_min_length": func(d *tenant.Declaration) { d.Settings.PasswordMinLength = 7 },
	} {
		declared := acme()
		spoil(&declared)
		_, err := h.Ensure(t.Context(), declared)
		require.ErrorIs(t, err, tenant.ErrInvalid, pointer)
		require.Equal(t, pointer, fault.As(err).Fields[0].Pointer)
	}
	require.Empty(t, h.events(t))
}
