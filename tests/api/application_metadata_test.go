package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/gen"
)

const (
	verifyingKey = `{"kty":"OKP","crv":"Ed25519","use":"sig","kid":"v","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	readingKey   = `{"kty":"OKP","crv":"X25519","use":"enc","kid":"r","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}`
)

// setting is what one member of an application can be, and what takes that back.
type setting struct{ name, value, back string }

// settings are all that a patch may set, but those of which TestApplicationForItsWholeLife
// speaks, in an order in which each can be set alone, and taken back alone from the end.
func settings() []setting {
	found := []setting{
		{"origins", `["https://shop.example"]`, `null`},
		{"redirect_uris", `["https://shop.example/cb"]`, `null`},
		{"post_logout_redirect_uris", `["https://shop.example/"]`, `null`},
		{"link_uris", `["https://shop.example/link","https://shop.example/other"]`, `null`},
		{"link_elsewhere", `"approve"`, `"code"`},
		{"guests", `true`, `false`},
		{"invitations_by_users", `true`, `false`},
		{"journeys", `["login"]`, `null`},
		{"profile_claims", `["name"]`, `null`},
		{"ownership_proof", `"before_account"`, `"deferred"`},
		{"terms", `{"version":"1","url":"https://shop.example/terms"}`, `null`},
		{"application_type", `"native"`, `"web"`},
		{"grant_types", `["authorization_code","refresh_token"]`, `null`},
		{"response_types", `["code"]`, `null`},
		{"jwks", `{"keys":[` + verifyingKey + `,` + readingKey + `]}`, `null`},
		{"token_endpoint_auth_method", `"private_key_jwt"`, `"none"`},
		{"contacts", `["dev@shop.example"]`, `null`},
		{"default_max_age", `60`, `null`},
		{"default_acr_values", `["urn:example:2fa","urn:example:pwd"]`, `null`},
		{"scope", `"openid orders:read"`, `null`},
		{"subject_type", `"pairwise"`, `null`},
		{"frontchannel_logout_uri", `"https://shop.example/front"`, `null`},
		{"backchannel_logout_uri", `"https://orders.example/back"`, `null`},
		{"frontchannel_logout_session_required", `true`, `null`},
		{"backchannel_logout_session_required", `true`, `null`},
		{"require_auth_time", `true`, `null`},
		{"require_signed_request_object", `true`, `null`},
		{"require_pushed_authorization_requests", `true`, `false`},
		{"dpop_bound_access_tokens", `true`, `false`},
		{"token_endpoint_auth_signing_alg", `"EdDSA"`, `null`},
		{"request_object_signing_alg", `"EdDSA"`, `null`},
		{"id_token_signed_response_alg", `"PS256"`, `"ES256"`},
		{"userinfo_signed_response_alg", `"RS256"`, `null`},
		{"authorization_signed_response_alg", `"EdDSA"`, `null`},
		{"introspection_signed_response_alg", `"RS256"`, `null`},
		{"software_id", `"shop"`, `null`},
		{"software_version", `"2.1"`, `null`},
		{"passkeys", `{"rp_id":"shop.example","origins":["https://shop.example.org"],"android_apps":[{"package_name":"com.shop","sha256_cert_fingerprints":["` + certificate + `"]}],
			"apple_apps":["ABCDE12345.com.shop"],"user_verification":"preferred","attachment":"cross-platform","hints":["security-key","hybrid"],"algorithms":[-8,-7],
			"attestation":"required","allowed_aaguids":["ee882879-721c-4913-9775-3dfcce97072a"],"denied_aaguids":["00000000-0000-0000-0000-000000000001"],"timeout_seconds":60,
			"second_factor":true,"conditional_create":true,"enroll_url":"https://shop.example/new","manage_url":"https://shop.example.org/all","change_password_url":"https://shop.example/password"}`, `null`},
	}
	for _, page := range []string{"client_uri", "logo_uri", "policy_uri", "tos_uri", "sector_identifier_uri", "initiate_login_uri"} {
		found = append(found, setting{page, `"https://shop.example/` + page + `"`, `null`})
	}
	for _, answer := range []string{"id_token", "userinfo", "authorization", "introspection"} {
		found = append(found, setting{answer + "_encrypted_response_alg", `"ECDH-ES+A256KW"`, `null`}, setting{answer + "_encrypted_response_enc", `"A256GCM"`, `null`})
	}
	return found
}

// propertiesOf a schema of the contract.
func propertiesOf(t *testing.T, schema string) []string {
	t.Helper()
	var contract struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	require.NoError(t, json.Unmarshal(gen.SpecJSON, &contract))
	return slices.Sorted(maps.Keys(contract.Components.Schemas[schema].Properties))
}

// What the contract has is kept, told and taken back, every member of it by itself: none
// is forgotten between the API, the rules, the log and the database.
func TestEverySettingOfAnApplication(t *testing.T) {
	names := []string{"name", "enabled", "token", "jwks_uri"}
	for _, one := range settings() {
		names = append(names, one.name)
	}
	require.ElementsMatch(t, propertiesOf(t, "ApplicationUpdate"), names, "say here how it is set")
	require.ElementsMatch(t, propertiesOf(t, "NewApplication"), append(names, "client_id"))
	require.ElementsMatch(t, propertiesOf(t, "Application"), append(names, "client_id", "id", "managed_by", "default", "created_at", "updated_at"))
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.keeper()
		made := keeper.createApplication(`{"name":"Shop"}`).is(http.StatusCreated)
		s.forgetEvents()
		bare, etag := settled(made), made.header.Get("ETag")
		app := read[wire.Application](made)
		patch := func(name, value string) map[string]any {
			changed := keeper.updateApplication(app.ID, etag, `{"`+name+`":`+value+`}`).is(http.StatusOK)
			etag = changed.header.Get("ETag")
			told := data(t, s.fired("application.updated")[0])
			require.Equal(t, []any{name}, told["fields"])
			if name != "contacts" {
				require.Contains(t, told["before"], name)
				require.Contains(t, told["after"], name)
			}
			require.Equal(t, settled(changed), settled(keeper.application(app.ID).is(http.StatusOK)))
			return settled(changed)
		}
		all := settings()
		whole := `{"name":"Shop"`
		var full map[string]any
		for _, one := range all {
			full = patch(one.name, one.value)
			require.JSONEq(t, one.value, asJSON(t, full[one.name]), one.name)
			whole += `,"` + one.name + `":` + one.value
		}
		require.Equal(t, full, settled(keeper.createApplication(whole+`}`).is(http.StatusCreated)), "at once is as one by one")
		s.forgetEvents()
		slices.Reverse(all)
		for _, one := range all {
			full = patch(one.name, one.back)
		}
		require.Equal(t, bare, full)
		patch("jwks_uri", `"https://shop.example/jwks"`)
		require.Equal(t, bare, patch("jwks_uri", `null`))
	})
}

// settled is an application without what no two have in common.
func settled(a answer) map[string]any {
	found := read[map[string]any](a)
	for _, name := range []string{"id", "client_id", "created_at", "updated_at"} {
		delete(found, name)
	}
	return found
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

func TestDefaultsOfTheMetadata(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		app := read[wire.Application](s.keeper().createApplication(`{"name":"Shop","jwks":{"keys":[` + readingKey + `]},"userinfo_encrypted_response_alg":"ECDH-ES"}`).is(http.StatusCreated))
		require.Equal(t, "public", app.SubjectType)
		require.Equal(t, []string{"ES256", "ES256", "ES256"}, []string{app.IDTokenSignedResponseAlg, app.AuthorizationSignedResponseAlg, app.IntrospectionSignedResponseAlg})
		require.True(t, app.UserinfoSignedResponseAlg.IsNull())
		require.Equal(t, "A128CBC-HS256", app.UserinfoEncryptedResponseEnc.MustGet())
		require.True(t, app.IDTokenEncryptedResponseEnc.IsNull())
		require.True(t, app.Scope.IsNull())
		require.Equal(t, []string{}, app.DefaultAcrValues)
		s.fired("application.created")
	})
}

// Settings that contradict each other are refused at the one that is to change.
func TestMetadataThatIsRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.keeper()
		for body, where := range map[string]string{
			`"scope":"openid  profile"`: "/scope format",
			`"subject_type":"pairwise","redirect_uris":["https://a.example/cb","https://b.example/cb"]`:   "/sector_identifier_uri required",
			`"sector_identifier_uri":"http://a.example/s"`:                                                "/sector_identifier_uri format",
			`"initiate_login_uri":"http://a.example/s"`:                                                   "/initiate_login_uri format",
			`"redirect_uris":["https://a.example/cb"],"frontchannel_logout_uri":"https://b.example/out"`:  "/frontchannel_logout_uri inconsistent",
			`"frontchannel_logout_session_required":true`:                                                 "/frontchannel_logout_session_required inconsistent",
			`"backchannel_logout_uri":"http://a.example/out"`:                                             "/backchannel_logout_uri format",
			`"backchannel_logout_session_required":true`:                                                  "/backchannel_logout_session_required inconsistent",
			`"token_endpoint_auth_signing_alg":"ES256"`:                                                   "/token_endpoint_auth_signing_alg inconsistent",
			`"require_signed_request_object":true`:                                                        "/jwks required",
			`"request_object_signing_alg":"RS256","jwks":{"keys":[` + verifyingKey + `]}`:                 "/request_object_signing_alg inconsistent",
			`"id_token_encrypted_response_alg":"ECDH-ES"`:                                                 "/jwks required",
			`"id_token_encrypted_response_alg":"ECDH-ES","jwks":{"keys":[` + verifyingKey + `]}`:          "/jwks required",
			`"authorization_encrypted_response_alg":"RSA-OAEP-256","jwks":{"keys":[` + readingKey + `]}`:  "/jwks required",
			`"userinfo_encrypted_response_enc":"A128GCM"`:                                                 "/userinfo_encrypted_response_enc inconsistent",
			`"software_id":"a\u0007"`:                                                                     "/software_id format",
			`"default_acr_values":["a b"]`:                                                                "/default_acr_values/0 format",
			`"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[` + readingKey + `]}`:         "/jwks required",
			`"jwks":{"keys":[` + readingKey + `,{"kty":"oct","use":"enc","kid":"s","k":"c2VjcmV0c2Vj"}]}`: "/jwks format",
		} {
			problem := keeper.createApplication(`{"name":"x",`+body+`}`).refused(http.StatusUnprocessableEntity, "application_invalid")
			require.Len(t, problem.Errors, 1, body)
			require.Equal(t, where, problem.Errors[0].Pointer+" "+problem.Errors[0].Code, body)
		}
		for _, body := range []string{
			`"id_token_encrypted_response_alg":"RSA1_5"`, `"id_token_encrypted_response_alg":"dir"`, `"userinfo_encrypted_response_enc":"A128CBC"`,
			`"userinfo_signed_response_alg":"none"`, `"request_object_signing_alg":"HS256"`, `"subject_type":"secret"`, `"client_name#de":"Laden"`,
		} {
			keeper.createApplication(`{"name":"x",`+body+`}`).refused(http.StatusUnprocessableEntity, "request_invalid")
		}
		s.fired()
	})
}
