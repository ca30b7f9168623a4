package application_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/jose"
)

const (
	x25519Key = `{"kty":"OKP","crv":"X25519","use":"enc","kid":"e","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}`
	webPage   = "https://app.example/"
)

func keySet(keys ...string) json.RawMessage {
	return json.RawMessage(`{"keys":[` + strings.Join(keys, ",") + `]}`)
}

type metadataCase struct {
	redirects []string
	oauth     application.OAuth
	want      []string
}

func (c metadataCase) judge(t *testing.T, what string) {
	t.Helper()
	err := application.Declaration{ClientID: "x", RedirectTargets: c.redirects, OAuth: c.oauth}.Validate(func(string) bool { return true })
	require.ElementsMatch(t, c.want, pointers(err), what)
}

func TestSubjectsAndSignIns(t *testing.T) {
	pairwise := application.OAuth{Subjects: application.Subjects{Type: application.PairwiseSubject}}
	sector := application.OAuth{Subjects: application.Subjects{Type: application.PairwiseSubject, SectorURI: "https://app.example/sector"}}
	needed := []string{"/sector_identifier_uri required"}
	for what, c := range map[string]metadataCase{
		"one host":           {[]string{webPage + "a", "https://app.example:8443/b"}, pairwise, nil},
		"two hosts":          {[]string{webPage + "a", "https://www.app.example/a"}, pairwise, needed},
		"two in a sector":    {[]string{webPage + "a", "https://www.app.example/a"}, sector, nil},
		"two, public":        {[]string{webPage + "a", "https://www.app.example/a"}, application.OAuth{}, nil},
		"no host":            {[]string{"com.example.app:/cb"}, pairwise, needed},
		"another sort":       {nil, application.OAuth{Subjects: application.Subjects{Type: "secret"}}, []string{"/subject_type enum"}},
		"a sector over http": {nil, application.OAuth{Subjects: application.Subjects{SectorURI: "http://app.example/s"}}, []string{"/sector_identifier_uri format"}},
		"a start over http":  {nil, application.OAuth{InitiateLoginURI: "http://localhost/login"}, []string{"/initiate_login_uri format"}},
		"classes":            {nil, application.OAuth{DefaultACRs: []string{"1", "a b", "1", ""}}, []string{"/default_acr_values/1 format", "/default_acr_values/2 duplicate", "/default_acr_values/3 format"}},
		"many classes":       {nil, application.OAuth{DefaultACRs: strings.Split("0123456789a", "")}, []string{"/default_acr_values max_items"}},
		"scopes":             {nil, application.OAuth{Scope: "openid orders:read ~!#[]"}, nil},
		"two spaces":         {nil, application.OAuth{Scope: "openid  profile"}, []string{"/scope format"}},
		"a space at the end": {nil, application.OAuth{Scope: "openid "}, []string{"/scope format"}},
		"a quote":            {nil, application.OAuth{Scope: `open"id`}, []string{"/scope format"}},
		"a backslash":        {nil, application.OAuth{Scope: `open\id`}, []string{"/scope format"}},
		"a line":             {nil, application.OAuth{Scope: "openid\nprofile"}, []string{"/scope format"}},
		"a huge scope":       {nil, application.OAuth{Scope: strings.Repeat("a", 4097)}, []string{"/scope max_length"}},
		"software":           {nil, application.OAuth{Software: application.Software{ID: "Shöp", Version: "2.1 beta"}}, nil},
		"long software":      {nil, application.OAuth{Software: application.Software{ID: strings.Repeat("ä", 257), Version: strings.Repeat("1", 65)}}, []string{"/software_id max_length", "/software_version max_length"}},
		"lines of software":  {nil, application.OAuth{Software: application.Software{ID: "a\nb", Version: " 1"}}, []string{"/software_id format", "/software_version format"}},
	} {
		c.judge(t, what)
	}
}

func TestLogoutAddresses(t *testing.T) {
	https := []string{webPage + "cb", "http://localhost:3000/cb"}
	front := func(uri string) application.OAuth {
		return application.OAuth{Logout: application.Logout{FrontURI: uri}}
	}
	back := func(uri string) application.OAuth { return application.OAuth{Logout: application.Logout{BackURI: uri}} }
	foreign := []string{"/frontchannel_logout_uri inconsistent"}
	for what, c := range map[string]metadataCase{
		"a page beside":     {https, front("https://app.example/logout?a=b"), nil},
		"the same port":     {https, front("https://app.example:443/logout"), nil},
		"a loopback":        {https, front("http://localhost:3000/logout"), nil},
		"another port":      {https, front("https://app.example:8443/logout"), foreign},
		"another host":      {https, front("https://www.app.example/logout"), foreign},
		"another scheme":    {[]string{"https://localhost:3000/cb"}, front("http://localhost:3000/logout"), foreign},
		"nothing beside":    {nil, front("https://app.example/logout"), foreign},
		"an app":            {[]string{"com.example.app:/cb"}, front("com.example.app:/logout"), []string{"/frontchannel_logout_uri format"}},
		"a fragment":        {https, front("https://app.example/logout#a"), []string{"/frontchannel_logout_uri format"}},
		"plain http":        {https, front("http://app.example/logout"), []string{"/frontchannel_logout_uri format"}},
		"a session of none": {https, application.OAuth{Logout: application.Logout{FrontNamesSession: true, BackNamesSession: true}}, []string{"/frontchannel_logout_session_required inconsistent", "/backchannel_logout_session_required inconsistent"}},
		"a back end":        {https, back("https://backend.example/logout"), nil},
		"a local back end":  {https, back("http://127.0.0.1:9000/logout"), nil},
		"back over http":    {https, back("http://backend.example/logout"), []string{"/backchannel_logout_uri format"}},
		"back with tricks":  {https, back("https://backend.example/..;/logout"), []string{"/backchannel_logout_uri format"}},
		"back at a user":    {https, back("https://ada@backend.example/logout"), []string{"/backchannel_logout_uri format"}},
		"back at a part":    {https, back("https://backend.example/logout#a"), []string{"/backchannel_logout_uri format"}},
		"sessions of both":  {https, application.OAuth{Logout: application.Logout{FrontURI: webPage, FrontNamesSession: true, BackURI: webPage, BackNamesSession: true}}, nil},
	} {
		c.judge(t, what)
	}
}

func TestKeysForWhatIsSignedAndEncrypted(t *testing.T) {
	signed := func(keys json.RawMessage, method application.AuthMethod, signing application.Signing) application.OAuth {
		return application.OAuth{JWKS: keys, AuthMethod: method, Signing: signing}
	}
	read := func(keys json.RawMessage, at string, one application.Encrypted) application.OAuth {
		return application.OAuth{JWKS: keys, JWKSURI: at, Encryption: application.Encryption{IDToken: one}}
	}
	proof, request := application.Signing{Proof: jose.EdDSA}, application.Signing{Request: jose.ES256}
	both, missing := keySet(ed25519Key, x25519Key), []string{"/jwks required"}
	for what, c := range map[string]metadataCase{
		"a proof":             {nil, signed(keySet(ed25519Key), application.PrivateKeyJWT, proof), nil},
		"a proof of none":     {nil, signed(keySet(ed25519Key), application.SecretBasic, proof), []string{"/token_endpoint_auth_signing_alg inconsistent"}},
		"another proof":       {nil, signed(both, application.PrivateKeyJWT, application.Signing{Proof: jose.RS256}), []string{"/token_endpoint_auth_signing_alg inconsistent"}},
		"no key for proofs":   {nil, signed(keySet(x25519Key), application.PrivateKeyJWT, application.Signing{}), missing},
		"requests":            {nil, signed(both, "", application.Signing{Request: jose.EdDSA, SignedRequestsOnly: true}), nil},
		"requests, no key":    {nil, signed(nil, "", application.Signing{SignedRequestsOnly: true}), missing},
		"an alg, no key":      {nil, signed(nil, "", request), missing},
		"another alg":         {nil, signed(both, "", request), []string{"/request_object_signing_alg inconsistent"}},
		"keys at an address":  {nil, application.OAuth{JWKSURI: webPage, AuthMethod: application.PrivateKeyJWT, Signing: application.Signing{Proof: jose.PS256, Request: jose.RS256}}, nil},
		"no algorithm":        {nil, application.OAuth{Signing: application.Signing{Userinfo: "none", Authorization: "HS256", Introspection: "ES384"}}, []string{"/userinfo_signed_response_alg enum", "/authorization_signed_response_alg enum", "/introspection_signed_response_alg enum"}},
		"readable":            {nil, read(both, "", application.Encrypted{Key: jose.ECDHES, Content: jose.A256GCM}), nil},
		"readable by default": {nil, read(both, "", application.Encrypted{Key: jose.ECDHESA256KW}), nil},
		"readable elsewhere":  {nil, read(nil, webPage, application.Encrypted{Key: jose.RSAOAEP256}), nil},
		"no key":              {nil, read(nil, "", application.Encrypted{Key: jose.RSAOAEP256}), missing},
		"only to verify":      {nil, read(keySet(ed25519Key), "", application.Encrypted{Key: jose.ECDHES}), missing},
		"another key":         {nil, read(both, "", application.Encrypted{Key: jose.RSAOAEP256}), missing},
		"an enc alone":        {nil, read(both, "", application.Encrypted{Content: jose.A128GCM}), []string{"/id_token_encrypted_response_enc inconsistent"}},
		"unsound ones":        {nil, read(both, "", application.Encrypted{Key: "RSA1_5", Content: "A128CBC"}), []string{"/id_token_encrypted_response_alg enum", "/id_token_encrypted_response_enc enum"}},
		"no set at all":       {nil, read(json.RawMessage(`{"keys":[]}`), "", application.Encrypted{Key: jose.ECDHES}), []string{"/jwks format"}},
	} {
		c.judge(t, what)
	}
	for _, pointer := range []string{"id_token", "userinfo", "authorization", "introspection"} {
		var encryption application.Encryption
		field := map[string]*application.Encrypted{"id_token": &encryption.IDToken, "userinfo": &encryption.Userinfo, "authorization": &encryption.Authorization, "introspection": &encryption.Introspection}[pointer]
		field.Content = jose.A128GCM
		metadataCase{nil, application.OAuth{Encryption: encryption}, []string{"/" + pointer + "_encrypted_response_enc inconsistent"}}.judge(t, pointer)
	}
}

// Keys to encrypt to are kept as what they are, and are none that verify.
func TestKeysAreKeptByTheirUse(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, application.Declaration{Name: "x", OAuth: application.OAuth{JWKS: keySet(x25519Key, ed25519Key)}})
	require.NoError(t, err)
	require.JSONEq(t, `{"keys":[`+strings.Replace(ed25519Key, `"x"`, `"use":"sig","x"`, 1)+`,`+x25519Key+`]}`, string(made.OAuth.JWKS))
	again, err := h.Amend(ctx, made.ID, made.Version, func(d application.Declaration) (application.Declaration, error) { return d, nil })
	require.NoError(t, err)
	require.Equal(t, made, again)
	for _, private := range []string{`"d":"AQ"`, `"k":"AQ"`} {
		metadataCase{nil, application.OAuth{JWKS: keySet(strings.Replace(x25519Key, `{`, `{`+private+`,`, 1))}, []string{"/jwks format"}}.judge(t, private)
	}
}

func TestSettledSigningAndEncryption(t *testing.T) {
	settled := application.Application{OAuth: application.OAuth{Encryption: application.Encryption{Userinfo: application.Encrypted{Key: jose.ECDHES}}}}.Settled()
	require.Equal(t, application.PublicSubject, settled.Subjects.Type)
	require.Equal(t, application.Signing{Authorization: jose.ES256, Introspection: jose.ES256}, settled.Signing)
	require.Equal(t, application.Encryption{Userinfo: application.Encrypted{Key: jose.ECDHES, Content: jose.A128CBCHS256}}, settled.Encryption)
}

// everything is metadata in which nothing is left out but the address of the keys.
func everything() application.OAuth {
	return application.OAuth{
		Kind: application.Web, PostLogoutTargets: []string{webPage}, Grants: []application.Grant{application.AuthorizationCode, application.RefreshToken},
		ResponseTypes: []string{"code"}, AuthMethod: application.PrivateKeyJWT, JWKS: keySet(ed25519Key, x25519Key), JWKSURI: "",
		Contacts: []string{"dev@example.com"}, ClientURI: webPage, LogoURI: webPage, PolicyURI: webPage, TermsURI: webPage,
		DefaultMaxAge: new(int32(5)), PushedRequestsOnly: true, DPoPBoundTokens: true, IDTokenAlgorithm: jose.PS256, Scope: "openid",
		Subjects:         application.Subjects{Type: application.PairwiseSubject, SectorURI: webPage},
		InitiateLoginURI: webPage, DefaultACRs: []string{"1"}, AuthTimeRequired: true,
		Logout:  application.Logout{FrontURI: webPage, FrontNamesSession: true, BackURI: webPage, BackNamesSession: true},
		Signing: application.Signing{Proof: jose.EdDSA, Request: jose.EdDSA, SignedRequestsOnly: true, Userinfo: jose.RS256, Authorization: jose.RS256, Introspection: jose.RS256},
		Encryption: application.Encryption{
			IDToken:       application.Encrypted{Key: jose.ECDHES, Content: jose.A128GCM},
			Userinfo:      application.Encrypted{Key: jose.ECDHES, Content: jose.A128GCM},
			Authorization: application.Encrypted{Key: jose.ECDHES, Content: jose.A128GCM},
			Introspection: application.Encrypted{Key: jose.ECDHES, Content: jose.A128GCM},
		},
		Software: application.Software{ID: "shop", Version: "2.1"},
	}
}

// Every setting of an application is told when it changes: one that the log forgot could
// be changed without a trace, and would not even be written.
func TestEveryChangeOfTheMetadataIsTold(t *testing.T) {
	h, ctx := open(t)
	require.Equal(t, []string{"JWKSURI"}, empty(reflect.ValueOf(everything())), "say here what is new")
	made, err := h.Create(ctx, application.Declaration{ClientID: "x", Name: "x", RedirectTargets: []string{webPage}})
	require.NoError(t, err)
	after, err := h.Amend(ctx, made.ID, made.Version, func(d application.Declaration) (application.Declaration, error) {
		d.OAuth = everything()
		return d, nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"JWKSURI"}, empty(reflect.ValueOf(after.OAuth)))
	var told struct{ Fields []string }
	_, data, _ := strings.Cut(h.told(ctx, t)[1], " ")
	require.NoError(t, json.Unmarshal([]byte(data), &told))
	require.Len(t, told.Fields, count(reflect.TypeFor[application.OAuth]())-1)
}

// empty names the settings that hold nothing.
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

func count(of reflect.Type) (settings int) {
	for field := range of.Fields() {
		if field.Type.Kind() == reflect.Struct {
			settings += count(field.Type)
		} else {
			settings++
		}
	}
	return settings
}
