package application_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage/storetest"
)

func pointers(err error) (found []string) {
	if told := fault.As(err); told != nil {
		for _, field := range told.Fields {
			found = append(found, field.Pointer+" "+field.Code)
		}
	}
	return found
}

const (
	ed25519Key = `{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	secretKey  = `{"kty":"oct","kid":"s","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}`
)

func TestOAuthMetadata(t *testing.T) {
	https := []string{"https://app.example/cb"}
	for what, c := range map[string]struct {
		redirects []string
		oauth     application.OAuth
		want      []string
	}{
		"nothing at all":       {nil, application.OAuth{}, nil},
		"a redirect only":      {https, application.OAuth{}, nil},
		"everything at once":   {https, application.OAuth{Kind: application.Web, Grants: []application.Grant{application.AuthorizationCode, application.RefreshToken, application.ClientCredentials}, ResponseTypes: []string{"code"}, AuthMethod: application.PrivateKeyJWT, JWKS: json.RawMessage(`{"keys":[` + ed25519Key + `]}`), Contacts: []string{"dev@example.com"}}, nil},
		"unknown values":       {https, application.OAuth{Kind: "desktop", Grants: []application.Grant{"implicit"}, ResponseTypes: []string{"token"}, AuthMethod: "tls", IDTokenAlgorithm: "none"}, []string{"/grant_types/0 format", "/response_types/0 format", "/application_type enum", "/token_endpoint_auth_method enum", "/id_token_signed_response_alg enum"}},
		"a code without grant": {nil, application.OAuth{ResponseTypes: []string{"code"}}, []string{"/response_types inconsistent"}},
		"a grant without code": {nil, application.OAuth{Grants: []application.Grant{application.AuthorizationCode}}, []string{"/redirect_uris required"}},
		"refresh of nothing":   {nil, application.OAuth{Grants: []application.Grant{application.RefreshToken}}, []string{"/grant_types inconsistent"}},
		"a public service":     {nil, application.OAuth{Grants: []application.Grant{application.ClientCredentials}}, []string{"/token_endpoint_auth_method inconsistent"}},
		"a service":            {nil, application.OAuth{Grants: []application.Grant{application.ClientCredentials}, AuthMethod: application.SecretBasic}, nil},
		"a device":             {nil, application.OAuth{Grants: []application.Grant{application.DeviceCode, application.RefreshToken}}, nil},
		"an app with a secret": {[]string{"com.example.app:/cb"}, application.OAuth{AuthMethod: application.SecretPost}, []string{"/token_endpoint_auth_method inconsistent"}},
		"a web page's scheme":  {[]string{"com.example.app:/cb"}, application.OAuth{Kind: application.Web}, []string{"/application_type inconsistent"}},
		"no keys":              {nil, application.OAuth{AuthMethod: application.PrivateKeyJWT}, []string{"/jwks required"}},
		"two places of keys":   {nil, application.OAuth{JWKS: json.RawMessage(`{"keys":[` + ed25519Key + `]}`), JWKSURI: "https://app.example/jwks"}, []string{"/jwks_uri not_allowed"}},
		"keys over http":       {nil, application.OAuth{JWKSURI: "http://app.example/jwks"}, []string{"/jwks_uri format"}},
		"a private key":        {nil, application.OAuth{JWKS: json.RawMessage(`{"keys":[` + strings.Replace(ed25519Key, `"x"`, `"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x"`, 1) + `]}`)}, []string{"/jwks format"}},
		"a symmetric key":      {nil, application.OAuth{JWKS: json.RawMessage(`{"keys":[` + ed25519Key + `,` + secretKey + `]}`)}, []string{"/jwks format"}},
		"twice the same id":    {nil, application.OAuth{JWKS: json.RawMessage(`{"keys":[` + ed25519Key + `,` + ed25519Key + `]}`)}, []string{"/jwks format"}},
		"no set":               {nil, application.OAuth{JWKS: json.RawMessage(`{}`)}, []string{"/jwks format"}},
		"pages over http":      {nil, application.OAuth{ClientURI: "http://a.example", LogoURI: "javascript:alert(1)", PolicyURI: "/x", TermsURI: "https://u@a.example"}, []string{"/client_uri format", "/logo_uri format", "/policy_uri format", "/tos_uri format"}},
		"contacts":             {nil, application.OAuth{Contacts: []string{"nobody", "Ada <ada@example.com>", "a@example.com\r\nBcc: x@example.com"}}, []string{"/contacts/0 format", "/contacts/1 format", "/contacts/2 format"}},
		"an age":               {nil, application.OAuth{DefaultMaxAge: new(int32(-1))}, []string{"/default_max_age range"}},
		"a logout target":      {nil, application.OAuth{PostLogoutTargets: []string{"https://app.example/..;/x"}}, []string{"/post_logout_redirect_uris/0 format"}},
	} {
		err := application.Declaration{ClientID: "x", RedirectTargets: c.redirects, OAuth: c.oauth}.Validate(func(string) bool { return true })
		require.ElementsMatch(t, c.want, pointers(err), what)
	}
}

func TestSettledMetadata(t *testing.T) {
	settled := application.Application{RedirectTargets: []string{"https://app.example/cb"}}.Settled()
	require.Equal(t, []application.Grant{application.AuthorizationCode}, settled.Grants)
	require.Equal(t, []string{"code"}, settled.ResponseTypes)
	require.Equal(t, application.Web, settled.Kind)
	require.Equal(t, application.NoAuth, settled.AuthMethod)
	settled = application.Application{LinkURIs: []string{"com.example.app:/cb"}}.Settled()
	require.Equal(t, application.Native, settled.Kind)
	require.Empty(t, settled.Grants)
	require.Empty(t, settled.ResponseTypes)
}

// What beside the public members stands in a key is not kept.
func TestClass_Secrets_OnlyPublicMembersOfKeysAreKept(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, application.Declaration{Name: "x", OAuth: application.OAuth{
		JWKS: json.RawMessage(`{"keys":[` + strings.Replace(ed25519Key, `"x"`, `"x5u":"https://evil.example","x"`, 1) + `],"more":1}`),
	}})
	require.NoError(t, err)
	require.JSONEq(t, `{"keys":[`+strings.Replace(ed25519Key, `"x"`, `"use":"sig","x"`, 1)+`]}`, string(made.OAuth.JWKS))
	require.Regexp(t, `^cli_[a-z2-7]{26}$`, made.ClientID)
}

// The configuration owns what it declares; the API owns the rest, and a start leaves it
// alone until it is declared, which takes it over with its id and its secrets.
func TestDeclaredAndMade(t *testing.T) {
	h, ctx := open(t)
	declared, err := h.Ensure(ctx, application.Declaration{ClientID: "declared"})
	require.NoError(t, err)
	require.Equal(t, application.ByConfiguration, declared.ManagedBy)
	same := func(d application.Declaration) (application.Declaration, error) { return d, nil }
	_, err = h.Amend(ctx, declared.ID, declared.Version, same)
	require.ErrorIs(t, err, application.ErrDeclared)
	require.ErrorIs(t, h.Delete(ctx, declared.ID), application.ErrDeclared)

	made, err := h.Create(ctx, application.Declaration{ClientID: "made", Name: "Made", Origins: []string{"https://made.example"}})
	require.NoError(t, err)
	_, err = h.Create(ctx, application.Declaration{ClientID: "declared"})
	require.ErrorIs(t, err, application.ErrClientIDTaken)
	_, proof, err := h.CreateSecret(ctx, made.ID, application.NewSecret{})
	require.NoError(t, err)
	require.NoError(t, h.Release(ctx, []string{"declared"}))
	unchanged, err := h.Read(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, made, unchanged)

	taken, err := h.Ensure(ctx, application.Declaration{ClientID: "made", Name: "Declared"})
	require.NoError(t, err)
	require.Equal(t, made.ID, taken.ID)
	require.Equal(t, application.ByConfiguration, taken.ManagedBy)
	require.Empty(t, taken.Origins)
	_, err = h.VerifySecret(ctx, "made", proof.Reveal())
	require.NoError(t, err)

	require.NoError(t, h.Release(ctx, []string{"made"}))
	released, err := h.Read(ctx, declared.ID)
	require.NoError(t, err)
	require.Equal(t, application.ByAPI, released.ManagedBy)
	require.NoError(t, h.Delete(ctx, declared.ID))
	_, err = h.Read(ctx, declared.ID)
	require.ErrorIs(t, err, application.ErrNotFound)
	require.ErrorIs(t, h.Delete(ctx, declared.ID), application.ErrNotFound)
	require.Equal(t, []string{
		`application.created {"client_id":"declared"}`, `application.created {"client_id":"made"}`, "application.secret_created",
		`application.updated {"client_id":"made","fields":["name","origins","managed_by"],"before":{"managed_by":"api","name":"Made","origins":["https://made.example"]},` +
			`"after":{"managed_by":"configuration","name":"Declared","origins":[]}}`,
		`application.updated {"client_id":"declared","fields":["managed_by"],"before":{"managed_by":"configuration"},"after":{"managed_by":"api"}}`,
		`application.deleted {"client_id":"declared"}`,
	}, shortened(h.told(ctx, t)))
}

func shortened(told []string) []string {
	for i, one := range told {
		if strings.HasPrefix(one, "application.secret_") {
			told[i], _, _ = strings.Cut(one, " ")
		}
	}
	return told
}

// Of many who change the same version one is heard.
func TestAmendRace(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, application.Declaration{ClientID: "made"})
	require.NoError(t, err)
	require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
		_, err := h.Amend(ctx, made.ID, made.Version, func(d application.Declaration) (application.Declaration, error) {
			d.Name = strings.Repeat("x", racer+1)
			return d, nil
		})
		if err == nil {
			return true, nil
		}
		require.ErrorIs(t, err, application.ErrChanged)
		return false, nil
	}))
}

func TestUnknownJourneyIsRefused(t *testing.T) {
	h, ctx := open(t)
	_, err := h.Create(ctx, application.Declaration{Name: "x", Journeys: []string{"login", "dance"}})
	require.ErrorIs(t, err, application.ErrInvalid)
	require.Equal(t, []string{"/journeys/1 unknown"}, pointers(err))
}

func TestClass_Exhaustion_ApplicationsAreBounded(t *testing.T) {
	h, ctx := open(t)
	for range 1000 {
		_, err := h.Create(ctx, application.Declaration{Name: "x"})
		require.NoError(t, err)
	}
	_, err := h.Create(ctx, application.Declaration{Name: "x"})
	require.ErrorIs(t, err, application.ErrLimit)
}

func TestSecretsOfAnApplication(t *testing.T) {
	h, ctx := open(t)
	app, err := h.Create(ctx, application.Declaration{ClientID: "service"})
	require.NoError(t, err)
	other, err := h.Create(ctx, application.Declaration{ClientID: "other"})
	require.NoError(t, err)
	good := func(proof secret.Token) bool {
		t.Helper()
		found, err := h.VerifySecret(ctx, "service", proof.Reveal())
		if err == nil {
			require.Equal(t, app.ID, found.ID)
			return true
		}
		require.ErrorIs(t, err, application.ErrSecretInvalid)
		return false
	}
	first, one, err := h.CreateSecret(ctx, app.ID, application.NewSecret{ExpiresAt: new(h.clock.Now().Add(time.Hour))})
	require.NoError(t, err)
	require.True(t, good(one))
	_, theirs, err := h.CreateSecret(ctx, other.ID, application.NewSecret{})
	require.NoError(t, err)
	require.False(t, good(theirs), "another application's")
	require.False(t, good(secret.NewToken(application.SecretPrefix)))
	require.False(t, good(secret.NewToken("lk")), "another plane's")
	_, err = h.VerifySecret(ctx, "nobody", one.Reveal())
	require.ErrorIs(t, err, application.ErrSecretInvalid)
	_, err = h.VerifySecret(storetest.Within(context.WithoutCancel(ctx), storetest.NewTenant()), "service", one.Reveal())
	require.ErrorIs(t, err, application.ErrSecretInvalid)

	overlap := time.Minute
	_, two, err := h.CreateSecret(ctx, app.ID, application.NewSecret{Overlap: &overlap})
	require.NoError(t, err)
	require.True(t, good(one))
	require.True(t, good(two))
	h.clock.Advance(time.Minute)
	require.False(t, good(one), "the overlap is over")
	require.True(t, good(two))
	page, err := h.ListSecrets(ctx, app.ID, application.SecretID{}, 10)
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	third, three, err := h.CreateSecret(ctx, app.ID, application.NewSecret{})
	require.NoError(t, err)
	require.ErrorIs(t, h.DeleteSecret(ctx, app.ID, first.ID), application.ErrSecretUnknown, "what has ended makes room")
	require.ErrorIs(t, h.DeleteSecret(ctx, other.ID, third.ID), application.ErrSecretUnknown)
	require.NoError(t, h.DeleteSecret(ctx, app.ID, third.ID))
	require.False(t, good(three))
	_, err = h.Amend(ctx, app.ID, app.Version, func(d application.Declaration) (application.Declaration, error) {
		d.Disabled = true
		return d, nil
	})
	require.NoError(t, err)
	require.False(t, good(two), "a disabled application proves nothing")
	_, _, err = h.CreateSecret(ctx, app.ID, application.NewSecret{ExpiresAt: new(h.clock.Now())})
	require.Equal(t, []string{"/expires_at past"}, pointers(err))
}

// However many ask at once, five are good at a time.
func TestClass_Exhaustion_SecretsAreBounded(t *testing.T) {
	h, ctx := open(t)
	app, err := h.Create(ctx, application.Declaration{ClientID: "service"})
	require.NoError(t, err)
	require.Equal(t, 5, storetest.Race(t, func(int) (bool, error) {
		_, _, err := h.CreateSecret(ctx, app.ID, application.NewSecret{})
		if err == nil {
			return true, nil
		}
		require.ErrorIs(t, err, application.ErrSecretLimit)
		return false, nil
	}))
}

// What is changed or gone is so on another node as soon as it has forgotten what it knew.
func TestChangesReachAnotherNode(t *testing.T) {
	h, ctx := open(t)
	elsewhere := h.node(t)
	made, err := h.Create(ctx, application.Declaration{ClientID: "made", Name: "Made"})
	require.NoError(t, err)
	seen, err := elsewhere.ByClientID(ctx, "made")
	require.NoError(t, err)
	require.Equal(t, made, seen)
	_, err = h.Amend(ctx, made.ID, made.Version, func(d application.Declaration) (application.Declaration, error) {
		d.Name = "Changed"
		return d, nil
	})
	require.NoError(t, err)
	h.clock.Advance(application.Default().CacheFor)
	seen, err = elsewhere.ByClientID(ctx, "made")
	require.NoError(t, err)
	require.Equal(t, "Changed", seen.Name)
	require.NoError(t, h.Delete(ctx, made.ID))
	h.clock.Advance(application.Default().CacheFor)
	_, err = elsewhere.ByClientID(ctx, "made")
	require.ErrorIs(t, err, application.ErrUnknown)
}
