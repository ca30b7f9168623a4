package config

import (
	"strconv"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config/member"
)

const aboutApplications = "A list of applications, made or changed at each start: client_id, name, default (development only), disabled, " +
	"origins, redirect_uris (or redirect_targets, as it was called), link_uris (or link_targets, as it was called; pages that open the links of messages, the first where none is chosen), " +
	"link_elsewhere (what a link does on another device: code, the default, approve or refuse), guests (true lets people go on without registering, and register later), invitations_by_users (true lets signed-in users invite others), journeys (none: all built-in ones), ownership_proof (before_account, the default in production, or deferred, the default in development), " +
	"profile_claims, terms (version, url), token (audiences: none is base_url; lifetime: 5m by default, 30s to 1h). " +
	"Of OAuth, by the names of its registration: application_type (web, native), post_logout_redirect_uris, grant_types, response_types, " +
	"token_endpoint_auth_method (none by default), jwks, jwks_uri, contacts, client_uri, logo_uri, policy_uri, tos_uri, default_max_age, " +
	"require_pushed_authorization_requests, dpop_bound_access_tokens, id_token_signed_response_alg (ES256 by default), " +
	"scope, subject_type (public by default), sector_identifier_uri, initiate_login_uri, default_acr_values, require_auth_time, " +
	"frontchannel_logout_uri, frontchannel_logout_session_required, backchannel_logout_uri, backchannel_logout_session_required, " +
	"token_endpoint_auth_signing_alg, request_object_signing_alg, require_signed_request_object, userinfo_signed_response_alg, " +
	"authorization_signed_response_alg and introspection_signed_response_alg (ES256 by default), id_token_encrypted_response_alg, " +
	"id_token_encrypted_response_enc (A128CBC-HS256 beside an alg) and the same of userinfo, authorization and introspection, " +
	"software_id, software_version. " +
	"passkeys, without which there are none: rp_id (the domain they belong to for good; after a change those that people have work no more), origins (web origins elsewhere that may use them), " +
	"android_apps (a list of package_name and sha256_cert_fingerprints), apple_apps, user_verification (required by default, preferred, discouraged), attachment (platform or cross-platform; any by default), " +
	"hints, algorithms (as COSE numbers them; -7, -8 and -257 by default), attestation (none by default, direct, required), allowed_aaguids (only with the attestation required), denied_aaguids, " +
	"timeout_seconds (300 by default, 30 to 600), second_factor, conditional_create, enroll_url, manage_url, change_password_url. " +
	"What is declared is changed here only, and one that was made over the API is taken over. " +
	"An application that leaves the list stays as it was, and is the API's to change; say disabled to close it."

// readApplications reads the list; what an application may be is application's to judge.
func readApplications(key string, raw any, problems *Problems) []application.Declaration {
	items, ok := raw.([]any)
	if !ok {
		problems.Add(key, "must be a list of applications")
		return nil
	}
	declared := make([]application.Declaration, len(items))
	for i, item := range items {
		at := key + "[" + strconv.Itoa(i) + "]"
		m := member.New(at, item, problems.Add)
		declared[i] = application.Declaration{
			ClientID: m.Text("client_id"), Name: m.Text("name"), Default: m.YesNo("default"), Disabled: m.YesNo("disabled"),
			Origins: m.Texts("origins"), RedirectTargets: m.Either("redirect_uris", "redirect_targets"), LinkURIs: m.Either("link_uris", "link_targets"),
			LinkElsewhere: application.LinkElsewhere(m.Text("link_elsewhere")), Guests: m.YesNo("guests"), UsersInvite: m.YesNo("invitations_by_users"),
			Journeys: m.Texts("journeys"), OwnershipProof: application.OwnershipProof(m.Text("ownership_proof")),
			ProfileClaims: m.Texts("profile_claims"), Terms: terms(m), Tokens: tokens(m),
			OAuth: oauth(m), Passkeys: passkeys(m),
		}
		m.Done()
	}
	return declared
}

func terms(m member.Members) *application.Terms {
	inner, ok := m.Inner("terms")
	if !ok {
		return nil
	}
	found := &application.Terms{Version: inner.Text("version"), URL: inner.Text("url")}
	inner.Done()
	return found
}

func tokens(m member.Members) application.Tokens {
	inner, ok := m.Inner("token")
	if !ok {
		return application.Tokens{}
	}
	found := application.Tokens{Audiences: inner.Texts("audiences"), Lifetime: inner.Duration("lifetime")}
	inner.Done()
	return found
}
