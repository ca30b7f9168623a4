package application

import (
	"reflect"

	"github.com/lintel-id/lintel/server/platform/event"
)

// member is one of the metadata by the name that the standards give it.
type member struct {
	name  string
	value any
}

// members are all of the metadata, as the log tells them.
func (o OAuth) members() []member {
	return []member{
		{"application_type", o.Kind},
		{"post_logout_redirect_uris", o.PostLogoutTargets},
		{"grant_types", o.Grants},
		{"response_types", o.ResponseTypes},
		{"token_endpoint_auth_method", o.AuthMethod},
		{"jwks", o.JWKS},
		{"jwks_uri", o.JWKSURI},
		{"contacts", o.Contacts},
		{"client_uri", o.ClientURI},
		{"logo_uri", o.LogoURI},
		{"policy_uri", o.PolicyURI},
		{"tos_uri", o.TermsURI},
		{"default_max_age", o.DefaultMaxAge},
		{"require_pushed_authorization_requests", o.PushedRequestsOnly},
		{"dpop_bound_access_tokens", o.DPoPBoundTokens},
		{"id_token_signed_response_alg", o.IDTokenAlgorithm},
		{"scope", o.Scope},
		{"subject_type", o.Subjects.Type},
		{"sector_identifier_uri", o.Subjects.SectorURI},
		{"initiate_login_uri", o.InitiateLoginURI},
		{"default_acr_values", o.DefaultACRs},
		{"require_auth_time", o.AuthTimeRequired},
		{"frontchannel_logout_uri", o.Logout.FrontURI},
		{"frontchannel_logout_session_required", o.Logout.FrontNamesSession},
		{"backchannel_logout_uri", o.Logout.BackURI},
		{"backchannel_logout_session_required", o.Logout.BackNamesSession},
		{"token_endpoint_auth_signing_alg", o.Signing.Proof},
		{"request_object_signing_alg", o.Signing.Request},
		{"require_signed_request_object", o.Signing.SignedRequestsOnly},
		{"userinfo_signed_response_alg", o.Signing.Userinfo},
		{"authorization_signed_response_alg", o.Signing.Authorization},
		{"introspection_signed_response_alg", o.Signing.Introspection},
		{"id_token_encrypted_response_alg", o.Encryption.IDToken.Key},
		{"id_token_encrypted_response_enc", o.Encryption.IDToken.Content},
		{"userinfo_encrypted_response_alg", o.Encryption.Userinfo.Key},
		{"userinfo_encrypted_response_enc", o.Encryption.Userinfo.Content},
		{"authorization_encrypted_response_alg", o.Encryption.Authorization.Key},
		{"authorization_encrypted_response_enc", o.Encryption.Authorization.Content},
		{"introspection_encrypted_response_alg", o.Encryption.Introspection.Key},
		{"introspection_encrypted_response_enc", o.Encryption.Introspection.Content},
		{"software_id", o.Software.ID},
		{"software_version", o.Software.Version},
	}
}

// differences adds the metadata in which two applications differ.
func (o OAuth) differences(other OAuth, changes *event.Changes) {
	after := other.members()
	for i, before := range o.members() {
		a, b := before.value, after[i].value
		same := reflect.DeepEqual(a, b)
		if before.name == "contacts" {
			a, b = nil, nil // they are people
		}
		changes.Add(before.name, same, a, b)
	}
}
