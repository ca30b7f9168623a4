package config

import (
	"encoding/json"
	"math"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/jose"
)

// oauth takes what OAuth knows of an application.
func (m members) oauth() application.OAuth {
	var grants []application.Grant
	for _, grant := range m.texts("grant_types") {
		grants = append(grants, application.Grant(grant))
	}
	return application.OAuth{
		Kind: application.Kind(m.text("application_type")), PostLogoutTargets: m.texts("post_logout_redirect_uris"),
		Grants: grants, ResponseTypes: m.texts("response_types"), AuthMethod: application.AuthMethod(m.text("token_endpoint_auth_method")),
		JWKS: m.document("jwks"), JWKSURI: m.text("jwks_uri"), Contacts: m.texts("contacts"), ClientURI: m.text("client_uri"),
		LogoURI: m.text("logo_uri"), PolicyURI: m.text("policy_uri"), TermsURI: m.text("tos_uri"), DefaultMaxAge: m.age("default_max_age"),
		PushedRequestsOnly: m.yesNo("require_pushed_authorization_requests"), DPoPBoundTokens: m.yesNo("dpop_bound_access_tokens"),
		IDTokenAlgorithm: m.algorithm("id_token_signed_response_alg"), Scope: m.text("scope"),
		Subjects:         application.Subjects{Type: application.SubjectType(m.text("subject_type")), SectorURI: m.text("sector_identifier_uri")},
		InitiateLoginURI: m.text("initiate_login_uri"), DefaultACRs: m.texts("default_acr_values"), AuthTimeRequired: m.yesNo("require_auth_time"),
		Logout: application.Logout{
			FrontURI: m.text("frontchannel_logout_uri"), FrontNamesSession: m.yesNo("frontchannel_logout_session_required"),
			BackURI: m.text("backchannel_logout_uri"), BackNamesSession: m.yesNo("backchannel_logout_session_required"),
		},
		Signing: application.Signing{
			Proof: m.algorithm("token_endpoint_auth_signing_alg"), Request: m.algorithm("request_object_signing_alg"),
			SignedRequestsOnly: m.yesNo("require_signed_request_object"), Userinfo: m.algorithm("userinfo_signed_response_alg"),
			Authorization: m.algorithm("authorization_signed_response_alg"), Introspection: m.algorithm("introspection_signed_response_alg"),
		},
		Encryption: application.Encryption{
			IDToken: m.encrypted("id_token"), Userinfo: m.encrypted("userinfo"),
			Authorization: m.encrypted("authorization"), Introspection: m.encrypted("introspection"),
		},
		Software: application.Software{ID: m.text("software_id"), Version: m.text("software_version")},
	}
}

func (m members) algorithm(name string) jose.Algorithm { return jose.Algorithm(m.text(name)) }

// encrypted takes how one of the answers is encrypted.
func (m members) encrypted(what string) application.Encrypted {
	return application.Encrypted{
		Key:     jose.KeyAlgorithm(m.text(what + "_encrypted_response_alg")),
		Content: jose.ContentAlgorithm(m.text(what + "_encrypted_response_enc")),
	}
}

// either takes a list by its name, or by the one it had before.
func (m members) either(name, before string) []string {
	_, named := m.left[name]
	if _, both := m.left[before]; named && both {
		m.problems.Add(m.at+"."+before, "is %s, which is given too", name)
	}
	found := m.texts(before)
	if named {
		found = m.texts(name)
	}
	return found
}

// document takes a mapping as JSON.
func (m members) document(name string) json.RawMessage {
	raw := m.take(name)
	if raw == nil {
		return nil
	}
	text, err := json.Marshal(raw)
	if err != nil {
		m.problems.Add(m.at+"."+name, "must hold keys")
		return nil
	}
	return text
}

// age takes seconds, which may be none; left out is nil.
func (m members) age(name string) *int32 {
	if _, there := m.left[name]; !there {
		return nil
	}
	value := m.number(name)
	if value < 0 || value > math.MaxInt32 {
		value = -1 // application says what is wrong with it
	}
	seconds := int32(value)
	return &seconds
}
