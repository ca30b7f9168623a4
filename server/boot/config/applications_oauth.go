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
		IDTokenAlgorithm: jose.Algorithm(m.text("id_token_signed_response_alg")),
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
