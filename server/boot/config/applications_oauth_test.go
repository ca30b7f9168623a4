package config_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/lintel-id/lintel/gen"
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
	_, err = load("applications:\n  - client_id: web\n    link_uris: []\n    link_targets: []\n")
	require.ErrorContains(t, err, "applications[0].link_targets: is link_uris, which is given too")
	settings, err = load("applications:\n  - client_id: web\n    default_max_age: -5\n    grant_types: [implicit]\n    redirect_targets: [https://a.example]\n")
	require.NoError(t, err)
	err = settings.Validate()
	require.ErrorContains(t, err, "applications[0].default_max_age")
	require.ErrorContains(t, err, "applications[0].grant_types[0]")
}

const everySetting = `
client_id: web
name: Shop
disabled: true
origins: [https://shop.example]
redirect_uris: [https://shop.example/cb]
link_uris: [https://shop.example/link]
link_elsewhere: approve
guests: true
invitations_by_users: true
journeys: [login]
ownership_proof: deferred
profile_claims: [name]
terms: {version: "1", url: https://shop.example/terms}
token: {audiences: [orders], lifetime: 1m}
application_type: native
post_logout_redirect_uris: [https://shop.example/]
grant_types: [authorization_code]
response_types: [code]
token_endpoint_auth_method: private_key_jwt
jwks:
  keys:
    - {kty: OKP, crv: Ed25519, use: sig, kid: v, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo}
    - {kty: OKP, crv: X25519, use: enc, kid: r, x: 3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08}
contacts: [dev@shop.example]
client_uri: https://shop.example/client
logo_uri: https://shop.example/logo
policy_uri: https://shop.example/policy
tos_uri: https://shop.example/tos
default_max_age: 60
require_pushed_authorization_requests: true
dpop_bound_access_tokens: true
id_token_signed_response_alg: PS256
scope: openid orders:read
subject_type: pairwise
sector_identifier_uri: https://shop.example/sector
initiate_login_uri: https://shop.example/login
default_acr_values: [urn:example:2fa]
require_auth_time: true
frontchannel_logout_uri: https://shop.example/front
frontchannel_logout_session_required: true
backchannel_logout_uri: https://shop.example/back
backchannel_logout_session_required: true
token_endpoint_auth_signing_alg: EdDSA
request_object_signing_alg: EdDSA
require_signed_request_object: true
userinfo_signed_response_alg: RS256
authorization_signed_response_alg: EdDSA
introspection_signed_response_alg: PS256
id_token_encrypted_response_alg: ECDH-ES
id_token_encrypted_response_enc: A256GCM
userinfo_encrypted_response_alg: ECDH-ES
userinfo_encrypted_response_enc: A256GCM
authorization_encrypted_response_alg: ECDH-ES
authorization_encrypted_response_enc: A256GCM
introspection_encrypted_response_alg: ECDH-ES
introspection_encrypted_response_enc: A256GCM
software_id: shop
software_version: "2.1"
passkeys:
  rp_id: shop.example
  origins: [https://shop.example.org]
  android_apps:
    - package_name: com.example.shop
      sha256_cert_fingerprints: ["14:6d:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5"]
  apple_apps: [ABCDE12345.com.example.shop]
  user_verification: preferred
  attachment: cross-platform
  hints: [security-key]
  algorithms: [-8, -7]
  attestation: required
  allowed_aaguids: [ee882879-721c-4913-9775-3dfcce97072a]
  denied_aaguids: [00000000-0000-0000-0000-000000000001]
  timeout_seconds: 60
  second_factor: true
  conditional_create: true
  enroll_url: https://shop.example/passkeys/new
  manage_url: https://shop.example.org/passkeys
  change_password_url: https://shop.example/password
`

// What can be set over the API can be declared, by the same names, and none of it is lost.
func TestEverySettingCanBeDeclared(t *testing.T) {
	var contract struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	require.NoError(t, json.Unmarshal(gen.SpecJSON, &contract))
	var declared map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(everySetting), &declared))
	wanted := contract.Components.Schemas["NewApplication"].Properties
	delete(wanted, "enabled")
	delete(wanted, "jwks_uri") // excludes jwks
	wanted["disabled"] = nil
	require.ElementsMatch(t, slices.Collect(maps.Keys(wanted)), slices.Collect(maps.Keys(declared)))

	file := filepath.Join(t.TempDir(), "lintel.yaml")
	list := "applications:\n  - " + strings.ReplaceAll(strings.TrimSpace(everySetting), "\n", "\n    ") + "\n"
	require.NoError(t, os.WriteFile(file, []byte(list), 0o600))
	read, err := config.Load(file, nil)
	require.NoError(t, err)
	require.NoError(t, read.Validate())
	require.Equal(t, []string{"Default", "JWKSURI"}, empty(reflect.ValueOf(read.Applications[0])))
	keys := config.Reference()
	reference := keys[slices.IndexFunc(keys, func(key config.Key) bool { return key.Key == "applications" })].About
	for name := range declared {
		if what, enc := strings.CutSuffix(name, "_encrypted_response_enc"); enc || strings.HasSuffix(name, "_encrypted_response_alg") {
			name = strings.TrimSuffix(what, "_encrypted_response_alg")
		}
		require.Contains(t, reference, name)
	}
}

func TestMetadataThatIsRefusedByItsPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lintel.yaml")
	require.NoError(t, os.WriteFile(file, []byte("applications:\n  - client_id: web\n    subject_type: pairwise\n    backchannel_logout_uri: http://shop.example/out\n"+
		"    frontchannel_logout_session_required: true\n    userinfo_signed_response_alg: none\n    id_token_encrypted_response_enc: A128GCM\n"), 0o600))
	read, err := config.Load(file, nil)
	require.NoError(t, err)
	err = read.Validate()
	for _, name := range []string{"sector_identifier_uri", "backchannel_logout_uri", "frontchannel_logout_session_required", "userinfo_signed_response_alg", "id_token_encrypted_response_enc"} {
		require.ErrorContains(t, err, "applications[0]."+name)
	}
	require.NoError(t, os.WriteFile(file, []byte("applications:\n  - client_id: web\n    require_auth_time: perhaps\n    default_acr_values: {a: b}\n"), 0o600))
	_, err = config.Load(file, nil)
	require.ErrorContains(t, err, "applications[0].require_auth_time: must be true or false")
	require.ErrorContains(t, err, "applications[0].default_acr_values")
}

// empty names what holds nothing.
func empty(value reflect.Value) (found []string) {
	for i := range value.NumField() {
		switch field := value.Field(i); {
		case field.Kind() == reflect.Struct:
			found = append(found, empty(field)...)
		case field.IsZero():
			found = append(found, value.Type().Field(i).Name)
		}
	}
	return found
}
