package api

import (
	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/jose"
)

func fromAPIOAuth(from gen.NewApplication) (application.OAuth, error) {
	out := application.OAuth{
		Kind: application.Kind(given(from.ApplicationType)), PostLogoutTargets: from.PostLogoutRedirectUris,
		Grants: textsAs[application.Grant](from.GrantTypes), ResponseTypes: textsAs[string](from.ResponseTypes),
		AuthMethod: application.AuthMethod(given(from.TokenEndpointAuthMethod)), JWKSURI: given(from.JwksURI),
		Contacts: from.Contacts, ClientURI: given(from.ClientURI), LogoURI: given(from.LogoURI),
		PolicyURI: given(from.PolicyURI), TermsURI: given(from.TosURI), DefaultMaxAge: from.DefaultMaxAge,
		PushedRequestsOnly: given(from.RequirePushedAuthorizationRequests), DPoPBoundTokens: given(from.DpopBoundAccessTokens),
		IDTokenAlgorithm: jose.Algorithm(given(from.IDTokenSignedResponseAlg)),
		Scope:            given(from.Scope), InitiateLoginURI: given(from.InitiateLoginURI),
		DefaultACRs: from.DefaultAcrValues, AuthTimeRequired: given(from.RequireAuthTime),
		Subjects: application.Subjects{Type: application.SubjectType(given(from.SubjectType)), SectorURI: given(from.SectorIdentifierURI)},
		Logout: application.Logout{
			FrontURI: given(from.FrontchannelLogoutURI), FrontNamesSession: given(from.FrontchannelLogoutSessionRequired),
			BackURI: given(from.BackchannelLogoutURI), BackNamesSession: given(from.BackchannelLogoutSessionRequired),
		},
		Signing: application.Signing{
			Proof:              jose.Algorithm(given(from.TokenEndpointAuthSigningAlg)),
			Request:            jose.Algorithm(given(from.RequestObjectSigningAlg)),
			SignedRequestsOnly: given(from.RequireSignedRequestObject),
			Userinfo:           jose.Algorithm(given(from.UserinfoSignedResponseAlg)),
			Authorization:      jose.Algorithm(given(from.AuthorizationSignedResponseAlg)),
			Introspection:      jose.Algorithm(given(from.IntrospectionSignedResponseAlg)),
		},
		Encryption: application.Encryption{
			IDToken:       fromAPIEncrypted(from.IDTokenEncryptedResponseAlg, from.IDTokenEncryptedResponseEnc),
			Userinfo:      fromAPIEncrypted(from.UserinfoEncryptedResponseAlg, from.UserinfoEncryptedResponseEnc),
			Authorization: fromAPIEncrypted(from.AuthorizationEncryptedResponseAlg, from.AuthorizationEncryptedResponseEnc),
			Introspection: fromAPIEncrypted(from.IntrospectionEncryptedResponseAlg, from.IntrospectionEncryptedResponseEnc),
		},
		Software: application.Software{ID: given(from.SoftwareID), Version: given(from.SoftwareVersion)},
	}
	err := fromAPIMap(&out.JWKS, from.Jwks)
	return out, err
}

func fromAPIEncrypted(alg *gen.KeyEncryptionAlgorithm, enc *gen.ContentEncryptionAlgorithm) application.Encrypted {
	return application.Encrypted{Key: jose.KeyAlgorithm(given(alg)), Content: jose.ContentAlgorithm(given(enc))}
}

// toAPISettableOAuth fills in the metadata as somebody would ask for it.
func toAPISettableOAuth(out *gen.NewApplication, from application.OAuth) (err error) {
	out.ApplicationType, out.PostLogoutRedirectUris = optionalText[gen.ApplicationType](from.Kind), from.PostLogoutTargets
	out.GrantTypes, out.ResponseTypes = textsAs[gen.GrantType](from.Grants), textsAs[gen.ResponseType](from.ResponseTypes)
	out.TokenEndpointAuthMethod = optionalText[gen.TokenEndpointAuthMethod](from.AuthMethod)
	out.JwksURI, out.Contacts = optionalText[string](from.JWKSURI), from.Contacts
	out.ClientURI, out.LogoURI = optionalText[string](from.ClientURI), optionalText[string](from.LogoURI)
	out.PolicyURI, out.TosURI = optionalText[string](from.PolicyURI), optionalText[string](from.TermsURI)
	out.DefaultMaxAge = from.DefaultMaxAge
	out.RequirePushedAuthorizationRequests, out.DpopBoundAccessTokens = &from.PushedRequestsOnly, &from.DPoPBoundTokens
	out.Scope, out.InitiateLoginURI = optionalText[string](from.Scope), optionalText[string](from.InitiateLoginURI)
	out.SubjectType = optionalText[gen.SubjectType](from.Subjects.Type)
	out.SectorIdentifierURI = optionalText[string](from.Subjects.SectorURI)
	out.DefaultAcrValues, out.RequireAuthTime = from.DefaultACRs, &from.AuthTimeRequired
	out.FrontchannelLogoutURI, out.FrontchannelLogoutSessionRequired = optionalText[string](from.Logout.FrontURI), &from.Logout.FrontNamesSession
	out.BackchannelLogoutURI, out.BackchannelLogoutSessionRequired = optionalText[string](from.Logout.BackURI), &from.Logout.BackNamesSession
	out.IDTokenSignedResponseAlg = optionalText[gen.SigningAlgorithm](from.IDTokenAlgorithm)
	out.TokenEndpointAuthSigningAlg = optionalText[gen.SigningAlgorithm](from.Signing.Proof)
	out.RequestObjectSigningAlg = optionalText[gen.SigningAlgorithm](from.Signing.Request)
	out.RequireSignedRequestObject = &from.Signing.SignedRequestsOnly
	out.UserinfoSignedResponseAlg = optionalText[gen.SigningAlgorithm](from.Signing.Userinfo)
	out.AuthorizationSignedResponseAlg = optionalText[gen.SigningAlgorithm](from.Signing.Authorization)
	out.IntrospectionSignedResponseAlg = optionalText[gen.SigningAlgorithm](from.Signing.Introspection)
	for _, one := range []struct {
		from application.Encrypted
		alg  **gen.KeyEncryptionAlgorithm
		enc  **gen.ContentEncryptionAlgorithm
	}{
		{from.Encryption.IDToken, &out.IDTokenEncryptedResponseAlg, &out.IDTokenEncryptedResponseEnc},
		{from.Encryption.Userinfo, &out.UserinfoEncryptedResponseAlg, &out.UserinfoEncryptedResponseEnc},
		{from.Encryption.Authorization, &out.AuthorizationEncryptedResponseAlg, &out.AuthorizationEncryptedResponseEnc},
		{from.Encryption.Introspection, &out.IntrospectionEncryptedResponseAlg, &out.IntrospectionEncryptedResponseEnc},
	} {
		*one.alg = optionalText[gen.KeyEncryptionAlgorithm](one.from.Key)
		*one.enc = optionalText[gen.ContentEncryptionAlgorithm](one.from.Content)
	}
	out.SoftwareID, out.SoftwareVersion = optionalText[string](from.Software.ID), optionalText[string](from.Software.Version)
	out.Jwks, err = toAPIKeys(from.JWKS)
	return err
}

// toAPIOAuth fills in the metadata with their defaults.
func toAPIOAuth(out *gen.Application, from application.OAuth) (err error) {
	out.ApplicationType, out.PostLogoutRedirectUris = string(from.Kind), texts(from.PostLogoutTargets)
	out.GrantTypes, out.ResponseTypes = texts(from.Grants), texts(from.ResponseTypes)
	out.TokenEndpointAuthMethod, out.JwksURI, out.Contacts = string(from.AuthMethod), toAPIText(from.JWKSURI), texts(from.Contacts)
	out.ClientURI, out.LogoURI = toAPIText(from.ClientURI), toAPIText(from.LogoURI)
	out.PolicyURI, out.TosURI = toAPIText(from.PolicyURI), toAPIText(from.TermsURI)
	out.DefaultMaxAge = nullable.NewNullNullable[int32]()
	if from.DefaultMaxAge != nil {
		out.DefaultMaxAge = nullable.NewNullableWithValue(*from.DefaultMaxAge)
	}
	out.RequirePushedAuthorizationRequests, out.DpopBoundAccessTokens = from.PushedRequestsOnly, from.DPoPBoundTokens
	out.Scope, out.InitiateLoginURI = toAPIText(from.Scope), toAPIText(from.InitiateLoginURI)
	out.SubjectType, out.SectorIdentifierURI = string(from.Subjects.Type), toAPIText(from.Subjects.SectorURI)
	out.DefaultAcrValues, out.RequireAuthTime = texts(from.DefaultACRs), from.AuthTimeRequired
	out.FrontchannelLogoutURI, out.FrontchannelLogoutSessionRequired = toAPIText(from.Logout.FrontURI), from.Logout.FrontNamesSession
	out.BackchannelLogoutURI, out.BackchannelLogoutSessionRequired = toAPIText(from.Logout.BackURI), from.Logout.BackNamesSession
	out.IDTokenSignedResponseAlg = string(from.IDTokenAlgorithm)
	out.TokenEndpointAuthSigningAlg, out.RequestObjectSigningAlg = toAPIText(from.Signing.Proof), toAPIText(from.Signing.Request)
	out.RequireSignedRequestObject, out.UserinfoSignedResponseAlg = from.Signing.SignedRequestsOnly, toAPIText(from.Signing.Userinfo)
	out.AuthorizationSignedResponseAlg, out.IntrospectionSignedResponseAlg = string(from.Signing.Authorization), string(from.Signing.Introspection)
	e := from.Encryption
	out.IDTokenEncryptedResponseAlg, out.IDTokenEncryptedResponseEnc = toAPIText(e.IDToken.Key), toAPIText(e.IDToken.Content)
	out.UserinfoEncryptedResponseAlg, out.UserinfoEncryptedResponseEnc = toAPIText(e.Userinfo.Key), toAPIText(e.Userinfo.Content)
	out.AuthorizationEncryptedResponseAlg, out.AuthorizationEncryptedResponseEnc = toAPIText(e.Authorization.Key), toAPIText(e.Authorization.Content)
	out.IntrospectionEncryptedResponseAlg, out.IntrospectionEncryptedResponseEnc = toAPIText(e.Introspection.Key), toAPIText(e.Introspection.Content)
	out.SoftwareID, out.SoftwareVersion = toAPIText(from.Software.ID), toAPIText(from.Software.Version)
	out.Jwks, err = toAPIKeys(from.JWKS)
	return err
}

func toAPIKeys(set []byte) (*gen.ApplicationJwks, error) {
	if set == nil {
		return nil, nil //nolint:nilnil // there are none
	}
	object, err := toAPIObject(set)
	keys := gen.ApplicationJwks(object)
	return &keys, err
}
