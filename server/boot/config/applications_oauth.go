package config

import (
	"math"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config/member"
	"github.com/lintel-id/lintel/server/platform/jose"
)

// oauth takes what OAuth knows of an application.
func oauth(m member.Members) application.OAuth {
	var grants []application.Grant
	for _, grant := range m.Texts("grant_types") {
		grants = append(grants, application.Grant(grant))
	}
	return application.OAuth{
		Kind: application.Kind(m.Text("application_type")), PostLogoutTargets: m.Texts("post_logout_redirect_uris"),
		Grants: grants, ResponseTypes: m.Texts("response_types"), AuthMethod: application.AuthMethod(m.Text("token_endpoint_auth_method")),
		JWKS: m.Document("jwks"), JWKSURI: m.Text("jwks_uri"), Contacts: m.Texts("contacts"), ClientURI: m.Text("client_uri"),
		LogoURI: m.Text("logo_uri"), PolicyURI: m.Text("policy_uri"), TermsURI: m.Text("tos_uri"), DefaultMaxAge: age(m, "default_max_age"),
		PushedRequestsOnly: m.YesNo("require_pushed_authorization_requests"), DPoPBoundTokens: m.YesNo("dpop_bound_access_tokens"),
		IDTokenAlgorithm: algorithm(m, "id_token_signed_response_alg"), Scope: m.Text("scope"),
		Subjects:         application.Subjects{Type: application.SubjectType(m.Text("subject_type")), SectorURI: m.Text("sector_identifier_uri")},
		InitiateLoginURI: m.Text("initiate_login_uri"), DefaultACRs: m.Texts("default_acr_values"), AuthTimeRequired: m.YesNo("require_auth_time"),
		Logout: application.Logout{
			FrontURI: m.Text("frontchannel_logout_uri"), FrontNamesSession: m.YesNo("frontchannel_logout_session_required"),
			BackURI: m.Text("backchannel_logout_uri"), BackNamesSession: m.YesNo("backchannel_logout_session_required"),
		},
		Signing: application.Signing{
			Proof: algorithm(m, "token_endpoint_auth_signing_alg"), Request: algorithm(m, "request_object_signing_alg"),
			SignedRequestsOnly: m.YesNo("require_signed_request_object"), Userinfo: algorithm(m, "userinfo_signed_response_alg"),
			Authorization: algorithm(m, "authorization_signed_response_alg"), Introspection: algorithm(m, "introspection_signed_response_alg"),
		},
		Encryption: application.Encryption{
			IDToken: encrypted(m, "id_token"), Userinfo: encrypted(m, "userinfo"),
			Authorization: encrypted(m, "authorization"), Introspection: encrypted(m, "introspection"),
		},
		Software: application.Software{ID: m.Text("software_id"), Version: m.Text("software_version")},
	}
}

func algorithm(m member.Members, name string) jose.Algorithm { return jose.Algorithm(m.Text(name)) }

// encrypted takes how one of the answers is encrypted.
func encrypted(m member.Members, what string) application.Encrypted {
	return application.Encrypted{
		Key:     jose.KeyAlgorithm(m.Text(what + "_encrypted_response_alg")),
		Content: jose.ContentAlgorithm(m.Text(what + "_encrypted_response_enc")),
	}
}

// age takes seconds, which may be none; left out is nil.
func age(m member.Members, name string) *int32 {
	if !m.Has(name) {
		return nil
	}
	value := m.Number(name)
	if value < 0 || value > math.MaxInt32 {
		value = -1 // application says what is wrong with it
	}
	seconds := int32(value)
	return &seconds
}
