package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

const certificate = "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5"

// What an application says of passkeys is kept as it was said, with defaults for what was
// not; a patch changes what it names, and null takes it back.
func TestPasskeysOfAnApplication(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper, clientID := s.keeper(), newWord()
		made := keeper.createApplication(`{"client_id":"` + clientID + `","name":"Shop","passkeys":{"rp_id":"shop.example"}}`).is(http.StatusCreated)
		app := read[wire.Application](made)
		require.JSONEq(t, `{"rp_id":"shop.example","origins":[],"android_apps":[],"apple_apps":[],"user_verification":"required","attachment":null,
			"hints":[],"algorithms":[-7,-8,-257],"attestation":"none","allowed_aaguids":[],"denied_aaguids":[],"timeout_seconds":300,"second_factor":false,
			"conditional_create":false,"enroll_url":null,"manage_url":null,"change_password_url":null}`, asJSON(t, app.Passkeys))
		s.fired("application.created")

		etag := made.header.Get("ETag")
		patch := func(body string) *wire.ApplicationPasskeys {
			changed := keeper.updateApplication(app.ID, etag, body).is(http.StatusOK)
			etag = changed.header.Get("ETag")
			require.Equal(t, []any{"passkeys"}, data(t, s.fired("application.updated")[0])["fields"])
			require.Equal(t, read[wire.Application](changed), read[wire.Application](keeper.application(app.ID).is(http.StatusOK)))
			return read[wire.Application](changed).Passkeys
		}
		offered := func() wire.PasskeyConfiguration {
			return read[wire.PublicConfiguration](s.app().configuration(clientID).is(http.StatusOK)).Passkeys
		}
		require.JSONEq(t, `{"available":true,"rp_id":"shop.example","conditional_create":false}`, asJSON(t, offered()))
		after := patch(`{"passkeys":{"timeout_seconds":60,"conditional_create":true,"attachment":"platform","android_apps":[{"package_name":"com.shop","sha256_cert_fingerprints":["` + strings.ToLower(certificate) + `"]}]}}`)
		require.Equal(t, []wire.ApplicationAndroidApp{{PackageName: "com.shop", Sha256CertFingerprints: []string{certificate}}}, after.AndroidApps)
		require.Equal(t, []any{"shop.example", int32(60), "platform", "required"}, []any{after.RpID, after.TimeoutSeconds, after.Attachment.MustGet(), after.UserVerification})
		require.JSONEq(t, `{"available":true,"rp_id":"shop.example","conditional_create":true}`, asJSON(t, offered()))
		after = patch(`{"passkeys":{"timeout_seconds":null,"attachment":null,"android_apps":null,"conditional_create":null}}`)
		require.Equal(t, app.Passkeys, after)
		require.Nil(t, patch(`{"passkeys":null}`))
		require.JSONEq(t, `{"available":false,"rp_id":null,"conditional_create":false}`, asJSON(t, offered()))
		problem := keeper.updateApplication(app.ID, etag, `{"passkeys":{"second_factor":true}}`).refused(http.StatusUnprocessableEntity, "application_invalid")
		require.Equal(t, "/passkeys/rp_id required", problem.Errors[0].Pointer+" "+problem.Errors[0].Code)
		s.fired()
	})
}

// Settings that do not hold together are refused at the one that is to change.
func TestPasskeysThatAreRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.keeper()
		for members, where := range map[string]string{
			`"rp_id":"co.uk"`:         "/passkeys/rp_id format",
			`"rp_id":"https://a.com"`: "/passkeys/rp_id format",
			`"rp_id":"127.0.0.1"`:     "/passkeys/rp_id format",
			`"rp_id":"localhost"`:     "/passkeys/rp_id inconsistent",
			`"rp_id":"a.example","origins":["https://b.example/"]`:                                                                              "/passkeys/origins/0 format",
			`"rp_id":"a.example","origins":["https://b.a","https://b.b","https://c.c","https://d.d","https://e.e","https://f.f","https://g.g"]`: "/passkeys/origins max_items",
			`"rp_id":"a.example","android_apps":[{"package_name":"shop","sha256_cert_fingerprints":["` + certificate + `"]}]`:                   "/passkeys/android_apps/0/package_name format",
			`"rp_id":"a.example","apple_apps":["com.example.shop"]`:                                                                             "/passkeys/apple_apps/0 format",
			`"rp_id":"a.example","hints":["hybrid","hybrid"]`:                                                                                   "/passkeys/hints/1 duplicate",
			`"rp_id":"a.example","algorithms":[-65535]`:                                                                                         "/passkeys/algorithms/0 enum",
			`"rp_id":"a.example","allowed_aaguids":["ee882879-721c-4913-9775-3dfcce97072a"]`:                                                    "/passkeys/allowed_aaguids inconsistent",
			`"rp_id":"a.example","enroll_url":"https://evil.example/new"`:                                                                       "/passkeys/enroll_url inconsistent",
			`"rp_id":"a.example","manage_url":"http://shop.example/new"`:                                                                        "/passkeys/manage_url format",
		} {
			problem := keeper.createApplication(`{"name":"x","origins":["https://shop.example"],"passkeys":{`+members+`}}`).refused(http.StatusUnprocessableEntity, "application_invalid")
			require.Len(t, problem.Errors, 1, members)
			require.Equal(t, where, problem.Errors[0].Pointer+" "+problem.Errors[0].Code, members)
		}
		for _, members := range []string{
			`"origins":[]`, `"rp_id":""`, `"rp_id":"a.example","user_verification":"maybe"`, `"rp_id":"a.example","timeout_seconds":29`, `"rp_id":"a.example","timeout_seconds":601`,
			`"rp_id":"a.example","attestation":"indirect"`, `"rp_id":"a.example","denied_aaguids":["{ee882879-721c-4913-9775-3dfcce97072a}"]`,
			`"rp_id":"a.example","android_apps":[{"package_name":"com.shop","sha256_cert_fingerprints":["14:6D"]}]`, `"rp_id":"a.example","android_apps":[{"package_name":"com.shop","sha256_cert_fingerprints":[]}]`,
			`"rp_id":"a.example","rpId":"b.example"`,
		} {
			keeper.createApplication(`{"name":"x","passkeys":{`+members+`}}`).refused(http.StatusUnprocessableEntity, "request_invalid")
		}
		s.fired()
	})
}

// wellKnown are the documents of a relying party.
func wellKnown() []string {
	return []string{"webauthn", "apple-app-site-association", "assetlinks.json", "passkey-endpoints", "change-password"}
}

func (c *caller) wellKnown(name string) answer {
	c.t.Helper()
	return c.send(http.MethodGet, "/.well-known/"+name, "")
}

// Protects: what a browser, a phone or a password manager reads is exactly what the active
// applications of this tenant say of this relying party, and nothing of another.
func TestClass_ObjectLevel_DocumentsOfARelyingParty(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		tenant, host := s.tenantOverAPI()
		other, otherHost := s.tenantOverAPI()
		name, _, _ := strings.Cut(host, ":")
		mine := &operator{caller: s.app().at(host).with(tenant.APIKey.Secret)}
		theirs := &operator{caller: s.app().at(otherHost).with(other.APIKey.Secret)}
		for _, one := range wellKnown() {
			refused := mine.wellKnown(one)
			refused.refused(http.StatusNotFound, "association_unknown")
			require.Equal(t, []string{"no-store"}, refused.header.Values("Cache-Control"))
		}
		theirs.createApplication(`{"name":"Theirs","origins":["http://localhost:1"],"passkeys":{"rp_id":"localhost","origins":["http://b.localhost:2"],"apple_apps":["THEIRS1234.com.theirs"],"change_password_url":"http://localhost:1/password"}}`).is(http.StatusCreated)
		mine.createApplication(`{"name":"Bare"}`).is(http.StatusCreated)
		first := mine.createApplication(`{"name":"Shop","origins":["http://` + name + `:3000"],"passkeys":{"rp_id":"` + name + `","origins":["http://z.localhost:3","http://a.localhost:3"],
			"apple_apps":["ZBCDE12345.com.shop","ABCDE12345.com.shop"],"android_apps":[{"package_name":"com.shop","sha256_cert_fingerprints":["` + strings.ToLower(certificate) + `"]}],
			"enroll_url":"http://` + name + `:3000/new","manage_url":"http://a.localhost:3/all","change_password_url":"http://` + name + `:3000/password"}}`).is(http.StatusCreated)
		mine.createApplication(`{"name":"Elsewhere","passkeys":{"rp_id":"elsewhere.example","apple_apps":["ELSE123456.com.else"],"origins":["https://else.example"]}}`).is(http.StatusCreated)

		exact := map[string]string{
			"webauthn":                   `{"origins":["http://a.localhost:3","http://z.localhost:3"]}`,
			"apple-app-site-association": `{"webcredentials":{"apps":["ABCDE12345.com.shop","ZBCDE12345.com.shop"]}}`,
			"assetlinks.json":            `[{"relation":["delegate_permission/common.get_login_creds"],"target":{"namespace":"android_app","package_name":"com.shop","sha256_cert_fingerprints":["` + certificate + `"]}}]`,
			"passkey-endpoints":          `{"enroll":"http://` + name + `:3000/new","manage":"http://a.localhost:3/all"}`,
		}
		for document, want := range exact {
			answered := mine.wellKnown(document).is(http.StatusOK)
			require.JSONEq(t, want, string(answered.body), document)
			require.Equal(t, "application/json", answered.header.Get("Content-Type"))
			require.Equal(t, []string{"public, max-age=300"}, answered.header.Values("Cache-Control"))
		}
		led := mine.wellKnown("change-password").is(http.StatusFound)
		require.Equal(t, "http://"+name+":3000/password", led.header.Get("Location"))
		require.JSONEq(t, `{"webcredentials":{"apps":["THEIRS1234.com.theirs"]}}`, string(theirs.wellKnown("apple-app-site-association").is(http.StatusOK).body), "the only one that there is, at whatever host of the tenant")
		require.JSONEq(t, `{}`, string(theirs.wellKnown("passkey-endpoints").is(http.StatusOK).body))
		theirs.wellKnown("webauthn").refused(http.StatusNotFound, "association_unknown")
		theirs.wellKnown("assetlinks.json").refused(http.StatusNotFound, "association_unknown")

		off := read[wire.Application](first)
		mine.updateApplication(off.ID, first.header.Get("ETag"), `{"enabled":false}`).is(http.StatusOK)
		require.JSONEq(t, `{"webcredentials":{"apps":["ELSE123456.com.else"]}}`, string(mine.wellKnown("apple-app-site-association").is(http.StatusOK).body))
		mine.wellKnown("change-password").refused(http.StatusNotFound, "association_unknown")
		mine.createApplication(`{"name":"Third","passkeys":{"rp_id":"third.example","apple_apps":["THIRD12345.com.third"]}}`).is(http.StatusCreated)
		mine.wellKnown("apple-app-site-association").refused(http.StatusNotFound, "association_unknown")
		s.forgetEvents()
	})
}
