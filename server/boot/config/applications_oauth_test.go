package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
)

func TestOAuthOfAnApplication(t *testing.T) {
	load := func(text string) (config.Config, error) {
		file := filepath.Join(t.TempDir(), "lintel.yaml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return config.Load(file, nil)
	}
	settings, err := load(`
applications:
  - client_id: web
    application_type: web
    redirect_uris: [https://shop.example.com/cb]
    grant_types: [authorization_code, refresh_token]
    token_endpoint_auth_method: private_key_jwt
    jwks: {keys: [{kty: OKP, crv: Ed25519, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo}]}
    contacts: [dev@example.com]
    default_max_age: 0
    dpop_bound_access_tokens: true
`)
	require.NoError(t, err)
	require.NoError(t, settings.Validate())
	app := settings.Applications[0]
	require.Equal(t, []string{"https://shop.example.com/cb"}, app.RedirectTargets)
	require.Equal(t, []application.Grant{application.AuthorizationCode, application.RefreshToken}, app.OAuth.Grants)
	require.Equal(t, int32(0), *app.OAuth.DefaultMaxAge)
	require.True(t, app.OAuth.DPoPBoundTokens)
	require.Contains(t, string(app.OAuth.JWKS), "Ed25519")

	_, err = load("applications:\n  - client_id: web\n    redirect_uris: []\n    redirect_targets: []\n")
	require.ErrorContains(t, err, "applications[0].redirect_targets: is redirect_uris, which is given too")
	settings, err = load("applications:\n  - client_id: web\n    default_max_age: -5\n    grant_types: [implicit]\n    redirect_targets: [https://a.example]\n")
	require.NoError(t, err)
	err = settings.Validate()
	require.ErrorContains(t, err, "applications[0].default_max_age")
	require.ErrorContains(t, err, "applications[0].grant_types[0]")
}
