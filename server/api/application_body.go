package api

import (
	"encoding/json"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/jose"
)

func fromAPIApplication(from gen.NewApplication) (application.Declaration, error) {
	out := application.Declaration{
		ClientID: given(from.ClientID), Name: from.Name, Default: false, Disabled: from.Enabled != nil && !*from.Enabled,
		Origins: from.Origins, RedirectTargets: from.RedirectUris, LinkTargets: from.LinkTargets, Journeys: from.Journeys,
		OwnershipProof: application.OwnershipProof(given(from.OwnershipProof)), ProfileClaims: from.ProfileClaims,
		OAuth: application.OAuth{
			Kind: application.Kind(given(from.ApplicationType)), PostLogoutTargets: from.PostLogoutRedirectUris,
			Grants: textsAs[application.Grant](from.GrantTypes), ResponseTypes: textsAs[string](from.ResponseTypes),
			AuthMethod: application.AuthMethod(given(from.TokenEndpointAuthMethod)), JWKSURI: given(from.JwksURI),
			Contacts: from.Contacts, ClientURI: given(from.ClientURI), LogoURI: given(from.LogoURI),
			PolicyURI: given(from.PolicyURI), TermsURI: given(from.TosURI), DefaultMaxAge: from.DefaultMaxAge,
			PushedRequestsOnly: given(from.RequirePushedAuthorizationRequests), DPoPBoundTokens: given(from.DpopBoundAccessTokens),
			IDTokenAlgorithm: jose.Algorithm(given(from.IDTokenSignedResponseAlg)),
		},
	}
	if from.Terms != nil {
		out.Terms = &application.Terms{Version: from.Terms.Version, URL: from.Terms.URL}
	}
	if from.Token != nil {
		out.Tokens = application.Tokens{
			Audiences: from.Token.Audiences, Lifetime: time.Duration(given(from.Token.LifetimeSeconds)) * time.Second,
		}
	}
	return out, fromAPIMap(&out.OAuth.JWKS, from.Jwks)
}

// toAPISettable is an application as somebody would ask for it, so that a patch can be
// merged into it. What has its default is left out.
func toAPISettable(from application.Declaration) (gen.NewApplication, error) {
	enabled, seconds, oauth := !from.Disabled, int32(from.Tokens.Lifetime/time.Second), from.OAuth
	out := gen.NewApplication{
		Name: from.Name, Enabled: &enabled, Origins: from.Origins, RedirectUris: from.RedirectTargets, LinkTargets: from.LinkTargets,
		Journeys: from.Journeys, OwnershipProof: optionalText[gen.OwnershipProof](from.OwnershipProof), ProfileClaims: from.ProfileClaims,
		Token:           &gen.NewApplicationToken{Audiences: from.Tokens.Audiences, LifetimeSeconds: &seconds},
		ApplicationType: optionalText[gen.ApplicationType](oauth.Kind), PostLogoutRedirectUris: oauth.PostLogoutTargets,
		GrantTypes: textsAs[gen.GrantType](oauth.Grants), ResponseTypes: textsAs[gen.ResponseType](oauth.ResponseTypes),
		TokenEndpointAuthMethod: optionalText[gen.TokenEndpointAuthMethod](oauth.AuthMethod), JwksURI: optionalText[string](oauth.JWKSURI),
		Contacts: oauth.Contacts, ClientURI: optionalText[string](oauth.ClientURI), LogoURI: optionalText[string](oauth.LogoURI),
		PolicyURI: optionalText[string](oauth.PolicyURI), TosURI: optionalText[string](oauth.TermsURI), DefaultMaxAge: oauth.DefaultMaxAge,
		RequirePushedAuthorizationRequests: &oauth.PushedRequestsOnly, DpopBoundAccessTokens: &oauth.DPoPBoundTokens,
		IDTokenSignedResponseAlg: optionalText[gen.SigningAlgorithm](oauth.IDTokenAlgorithm),
	}
	if from.Terms != nil {
		out.Terms = &gen.NewApplicationTerms{Version: from.Terms.Version, URL: from.Terms.URL}
	}
	keys, err := toAPIKeys(oauth.JWKS)
	out.Jwks = keys
	return out, err
}

func toAPIApplication(from application.Application) (gen.Application, error) {
	oauth := from.Settled()
	out := gen.Application{
		ID: from.ID.String(), ClientID: from.ClientID, Name: from.Name, ManagedBy: string(from.ManagedBy),
		Enabled: from.Status == application.Active, Default: from.Default, Origins: texts(from.Origins),
		RedirectUris: texts(from.RedirectTargets), LinkTargets: texts(from.LinkTargets), Journeys: texts(from.Journeys),
		OwnershipProof: string(from.OwnershipProof), ProfileClaims: texts(from.ProfileClaims),
		Token:           gen.ApplicationToken{Audiences: texts(from.Tokens.Audiences), LifetimeSeconds: int32(from.Tokens.Lifetime / time.Second)},
		ApplicationType: string(oauth.Kind), PostLogoutRedirectUris: texts(oauth.PostLogoutTargets), GrantTypes: texts(oauth.Grants),
		ResponseTypes: texts(oauth.ResponseTypes), TokenEndpointAuthMethod: string(oauth.AuthMethod), JwksURI: toAPIText(oauth.JWKSURI),
		Contacts: texts(oauth.Contacts), ClientURI: toAPIText(oauth.ClientURI), LogoURI: toAPIText(oauth.LogoURI),
		PolicyURI: toAPIText(oauth.PolicyURI), TosURI: toAPIText(oauth.TermsURI), DefaultMaxAge: nullable.NewNullNullable[int32](),
		RequirePushedAuthorizationRequests: oauth.PushedRequestsOnly, DpopBoundAccessTokens: oauth.DPoPBoundTokens,
		IDTokenSignedResponseAlg: string(oauth.IDTokenAlgorithm), CreatedAt: from.CreatedAt, UpdatedAt: from.UpdatedAt,
	}
	if oauth.DefaultMaxAge != nil {
		out.DefaultMaxAge = nullable.NewNullableWithValue(*oauth.DefaultMaxAge)
	}
	if from.Terms != nil {
		out.Terms = &gen.ApplicationTerms{Version: from.Terms.Version, URL: from.Terms.URL}
	}
	keys, err := toAPIKeys(oauth.JWKS)
	out.Jwks = keys
	return out, err
}

func toAPIKeys(set json.RawMessage) (*gen.ApplicationJwks, error) {
	if set == nil {
		return nil, nil //nolint:nilnil // there are none
	}
	object, err := toAPIObject(set)
	keys := gen.ApplicationJwks(object)
	return &keys, err
}

// texts is never nil, so that nothing is an empty list.
func texts[T ~string](from []T) []string { return append([]string{}, textsAs[string](from)...) }

func textsAs[To, From ~string](from []From) []To {
	if from == nil {
		return nil
	}
	out := make([]To, len(from))
	for i, one := range from {
		out[i] = To(one)
	}
	return out
}

// optionalText leaves out what is empty.
func optionalText[To, From ~string](from From) *To {
	if from == "" {
		return nil
	}
	out := To(from)
	return &out
}
