package config

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/application"
)

const aboutApplications = "A list of applications, made or changed at each start: client_id, name, default (development only), disabled, " +
	"origins, redirect_uris (or redirect_targets, as it was called), link_uris (or link_targets, as it was called; pages that open the links of messages, the first where none is chosen), " +
	"link_elsewhere (what a link does on another device: code, the default, approve or refuse), journeys (none: all built-in ones), ownership_proof (before_account, the default in production, or deferred, the default in development), " +
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
		m := newMembers(at, item, problems)
		declared[i] = application.Declaration{
			ClientID: m.text("client_id"), Name: m.text("name"), Default: m.yesNo("default"), Disabled: m.yesNo("disabled"),
			Origins: m.texts("origins"), RedirectTargets: m.either("redirect_uris", "redirect_targets"), LinkURIs: m.either("link_uris", "link_targets"),
			LinkElsewhere: application.LinkElsewhere(m.text("link_elsewhere")),
			Journeys:      m.texts("journeys"), OwnershipProof: application.OwnershipProof(m.text("ownership_proof")),
			ProfileClaims: m.texts("profile_claims"), Terms: m.terms("terms"), Tokens: m.tokens("token"),
			OAuth: m.oauth(),
		}
		m.done()
	}
	return declared
}

// members takes the members of one mapping and complains about those left over.
type members struct {
	at       string
	left     map[string]any
	problems *Problems
}

func newMembers(at string, raw any, problems *Problems) members {
	found, ok := raw.(map[string]any)
	if !ok {
		problems.Add(at, "must hold keys")
	}
	left := map[string]any{}
	maps.Copy(left, found)
	return members{at: at, left: left, problems: problems}
}

func (m members) take(name string) any {
	value := m.left[name]
	delete(m.left, name)
	return value
}

func (m members) text(name string) string {
	raw := m.take(name)
	value, ok := scalar(raw)
	if raw != nil && !ok {
		m.problems.Add(m.at+"."+name, "%s", errText)
	}
	return value
}

func (m members) yesNo(name string) bool {
	raw := m.take(name)
	value, ok := raw.(bool)
	if raw != nil && !ok {
		m.problems.Add(m.at+"."+name, "must be true or false")
	}
	return value
}

func (m members) texts(name string) []string {
	raw := m.take(name)
	if raw == nil {
		return nil
	}
	items, err := itemsOf(raw)
	if err != nil {
		m.problems.Add(m.at+"."+name, "%s", err)
	}
	return items
}

func (m members) number(name string) int {
	raw := m.take(name)
	value, ok := raw.(int)
	if raw != nil && !ok {
		m.problems.Add(m.at+"."+name, "must be a whole number")
	}
	return value
}

func (m members) terms(name string) *application.Terms {
	raw := m.take(name)
	if raw == nil {
		return nil
	}
	inner := newMembers(m.at+"."+name, raw, m.problems)
	terms := &application.Terms{Version: inner.text("version"), URL: inner.text("url")}
	inner.done()
	return terms
}

func (m members) tokens(name string) application.Tokens {
	raw := m.take(name)
	if raw == nil {
		return application.Tokens{}
	}
	inner := newMembers(m.at+"."+name, raw, m.problems)
	tokens := application.Tokens{Audiences: inner.texts("audiences"), Lifetime: inner.duration("lifetime")}
	inner.done()
	return tokens
}

func (m members) duration(name string) time.Duration {
	text := m.text(name)
	if text == "" {
		return 0
	}
	value, err := time.ParseDuration(text)
	if err != nil {
		m.problems.Add(m.at+"."+name, "must be a duration such as 30s or 5m")
	}
	return value
}

func (m members) done() {
	for _, name := range slices.Sorted(maps.Keys(m.left)) {
		m.problems.Add(m.at+"."+name, "is not a key of the configuration")
	}
}
