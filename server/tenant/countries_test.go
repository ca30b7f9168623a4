package tenant_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
)

func TestCountriesAreComparedHoweverTheyWereListed(t *testing.T) {
	require.Equal(t, tenant.CountriesOf([]string{"GB", "DE", "GB"}), tenant.CountriesOf([]string{"DE", "GB"}))
	require.Equal(t, []string{"DE", "GB"}, tenant.CountriesOf([]string{"GB", "DE"}).List())
	require.Nil(t, tenant.CountriesOf(nil).List())

	text, err := json.Marshal(tenant.Settings{MessageCountries: "DE,GB"})
	require.NoError(t, err)
	require.JSONEq(t, `{"message_countries":["DE","GB"]}`, string(text))
	var back tenant.Settings
	require.NoError(t, json.Unmarshal([]byte(`{"message_countries":["GB","DE"]}`), &back))
	require.Equal(t, tenant.Settings{MessageCountries: "DE,GB"}, back)
	require.Equal(t, []string{"message_countries"}, back.Names())
	require.Error(t, json.Unmarshal([]byte(`{"message_countries":"GB"}`), &back))
}

func TestTextsToTheTenantsCountries(t *testing.T) {
	h := open(t)
	here, err := h.Ensure(t.Context(), tenant.Declaration{Name: "acme", BaseURL: "https://id.acme.example"})
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), here.ID)
	to := func(country string) bool {
		allowed, err := h.TextsTo(ctx, country)
		require.NoError(t, err)
		return allowed
	}
	require.True(t, to("FR"), "it leaves that to its server")
	_, err = h.Amend(ctx, 0, func(s tenant.Settings) tenant.Settings { s.MessageCountries = "DE,GB"; return s })
	require.NoError(t, err)
	require.Equal(t, []bool{true, true, false, false}, []bool{to("GB"), to("DE"), to("FR"), to("ZZ")})
	_, err = h.TextsTo(t.Context(), "GB")
	require.Error(t, err, "nobody's")

	for _, bad := range []tenant.Countries{"UK", "DE,XX", "de", "DEU", ","} {
		_, err = h.Amend(ctx, 1, func(s tenant.Settings) tenant.Settings { s.MessageCountries = bad; return s })
		require.ErrorIs(t, err, tenant.ErrSettings, bad)
		require.Equal(t, "/message_countries", fault.As(err).Fields[0].Pointer)
	}
}
