package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/api/running"
)

// keyOf makes an API key of another tenant, which may do all there.
func (s *scenario) keyOf(tenant id.Tenant) string {
	s.t.Helper()
	token, now := secret.NewToken(apikey.Prefix), s.Clock.Now()
	key := apikey.Key{Name: "Elsewhere", Scopes: []apikey.Scope{apikey.All}, CreatedAt: now, UpdatedAt: now, Version: 1}
	require.NoError(s.t, key.ID.UnmarshalText([]byte("key_01h455vb4pex5vsknk084sn02q")))
	ctx := reqctx.WithTenant(s.t.Context(), tenant)
	require.NoError(s.t, storage.NewAPIKeys(s.DB).InsertKey(ctx, key, apikey.Secret{Digest: token.Digest()}))
	return token.Reveal()
}

// allBut are all scopes there are without one, and without the one that is all.
func allBut(scope string) (rest []wire.Scope) {
	for _, one := range apikey.Scopes() {
		if one != apikey.All && string(one) != scope {
			rest = append(rest, wire.Scope(one))
		}
	}
	return rest
}

// over are API keys that could do everything once, each used while it could, by what has
// become of them.
func (s *scenario) over() map[string]string {
	s.t.Helper()
	all, end := []wire.Scope{wire.ScopeAll}, s.Clock.Now().Add(time.Hour)
	first := s.first()
	ended := read[wire.IssuedAPIKey](first.createKey(wire.NewAPIKey{Name: "For an hour", Scopes: all, ExpiresAt: &end}).is(http.StatusCreated))
	deleted, deletedSecret := s.issue(all...)
	turned, turnedSecret := s.issue(all...)
	lapsed, lapsedSecret := s.issue(all...)
	gone := map[string]string{
		"a deleted key": deletedSecret, "an expired key": ended.Secret,
		"a secret that was replaced": turnedSecret, "a secret whose overlap is over": lapsedSecret,
	}
	for _, token := range gone { // what a node remembers of them must not outlive them
		s.app().with(token).send(http.MethodGet, "/admin/v1/api-keys", "").is(http.StatusOK)
	}
	first.got(first.wire.DeleteAPIKey(context.Background(), deleted.ID)).is(http.StatusNoContent)
	first.rotateKey(turned.ID, `"1"`, `{"overlap_seconds":0}`).is(http.StatusCreated)
	first.rotateKey(lapsed.ID, `"1"`, `{"overlap_seconds":3600}`).is(http.StatusCreated)
	s.app().with(lapsedSecret).send(http.MethodGet, "/admin/v1/api-keys", "").is(http.StatusOK)
	s.Clock.Advance(time.Hour)
	s.forgetEvents()
	return gone
}

// noKeys are what a program has besides a key, or could take for one.
func (s *scenario) noKeys(p *person) map[string]string {
	s.t.Helper()
	first := s.first()
	app := read[wire.Application](first.createApplication(`{"name":"Of a walk"}`).is(http.StatusCreated))
	proof := read[wire.IssuedApplicationSecret](first.send(http.MethodPost, "/admin/v1/applications/"+app.ID+"/secrets", "{}").is(http.StatusCreated))
	key, _ := s.issue(wire.ScopeAll)
	s.forgetEvents()
	return map[string]string{
		"nothing": "", "a front-end session": p.bearer, "a declared client id": "default", "a client id": app.ClientID,
		"an application's id": app.ID, "an application's secret": proof.Secret, "a key's id": key.ID,
	}
}

// Every management operation of the document wants an API key of its own tenant with its
// own scope, and nothing else will do.
func TestClass_SideGrant_EveryManagementOperationWantsItsScope(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		host := s.secondTenant()
		second, err := storage.NewTenants(s.DB).TenantByHost(everywhere(), host)
		require.NoError(t, err)
		elsewhere := s.keyOf(second.ID)
		p, ids := s.somebody(), madeUp().ids
		none, over := s.noKeys(p), s.over()
		held := belongings{key: firstKey, ids: ids}
		walked, lacking, exact := 0, map[string]string{}, map[string]string{}
		for _, one := range attempts(t) {
			if one.operator {
				walked++
				s.refusesAllButOperators(one, none, over, elsewhere)
				continue
			}
			if one.scope == "" {
				continue
			}
			if lacking[one.scope] == "" {
				_, lacking[one.scope] = s.issue(allBut(one.scope)...)
				_, exact[one.scope] = s.issue(wire.Scope(one.scope))
			}
			walked++
			s.refuses(one, "api_key_invalid", none, over, map[string]string{
				"a key of another tenant": elsewhere, "a made-up key": madeUp().key, "an operator key": operatorKey,
				"a key in capitals": strings.ToUpper(firstKey), "a longer key": firstKey + "A",
			})
			poor := one.with(s.app(), belongings{key: lacking[one.scope], ids: ids})
			poor.refused(http.StatusForbidden, "scope_missing")
			require.Contains(t, string(poor.body), `"scope":"`+one.scope+`"`)
			one.with(p.caller.with(""), belongings{ids: ids}).refused(http.StatusUnauthorized, "api_key_invalid")
			one.with(s.browser(siblingOrigin), held).refused(http.StatusForbidden, "origin_not_allowed")
			one.with(s.browser("https://evil.example"), held).refused(http.StatusForbidden, "origin_not_allowed")
			s.fired()
			reference := one.with(s.browser(s.URL), belongings{key: lacking[one.scope], ids: ids})
			reference.refused(http.StatusForbidden, "scope_missing")
			require.Empty(t, reference.header.Get("Access-Control-Allow-Origin"))
			enough := one.with(s.app(), belongings{key: exact[one.scope], ids: ids})
			require.NotEqual(t, http.StatusUnauthorized, enough.status, one.id)
			require.NotContains(t, string(enough.body), "scope_missing", one.id)
			if enough.status == http.StatusAccepted { // what a job tells at its end belongs to this operation
				s.first().finished(enough)
			}
			if one.id == "sendTestMessage" { // and so does where a message ends up
				s.first().settled(read[wire.Message](enough.is(http.StatusCreated)).ID)
			}
			s.forgetEvents()
		}
		require.Positive(t, walked)
		s.secrets.forget(none["a client id"], none["an application's id"], none["a key's id"]) // names, which may be told
	})
}

// refuses tries an operation with what is worth nothing to it, and is told so alike.
func (s *scenario) refuses(one attempt, code string, all ...map[string]string) {
	s.t.Helper()
	for _, worthless := range all {
		s.Clock.Advance(time.Minute) // what is worth nothing is counted for its source
		for what, key := range worthless {
			refusal := one.with(s.app(), belongings{key: key, ids: madeUp().ids})
			require.Equal(s.t, http.StatusUnauthorized, refusal.status, "%s with %s", one.id, what)
			refusal.refused(http.StatusUnauthorized, code)
			// What was sent is told to be worth nothing. Spec: RFC 6750 §3.1.
			require.Equal(s.t, key != "", strings.Contains(refusal.header.Get("WWW-Authenticate"), `error="invalid_token"`), "%s with %s", one.id, what)
		}
	}
	s.fired()
}

// refusesAllButOperators tries an operation that stands above the tenants with what is worth
// something within one, or was.
func (s *scenario) refusesAllButOperators(one attempt, none, over map[string]string, elsewhere string) {
	s.t.Helper()
	ids := madeUp().ids
	s.refuses(one, "operator_key_invalid", none, over, map[string]string{
		"the first key of the tenant": firstKey, "a key of another tenant": elsewhere, "a made-up key": "lo_" + strings.Repeat("A", 43),
		"a key in capitals": strings.ToUpper(operatorKey), "a longer key": operatorKey + "A",
		"the configured list": "lo_YW5vdGhlciBvcGVyYXRvciBvZiB0aGVzZSB0ZXN0cyE," + operatorKey,
	})
	one.with(s.browser(siblingOrigin), belongings{key: operatorKey, ids: ids}).refused(http.StatusForbidden, "origin_not_allowed")
	s.fired()
	enough := one.with(s.app(), belongings{key: operatorKey, ids: ids})
	require.NotEqual(s.t, http.StatusUnauthorized, enough.status, one.id)
	s.forgetEvents()
}

// An API key is no session: no operation of the front end takes one, and no page is told
// that it might send one.
func TestClass_SideGrant_NoFrontEndOperationTakesAnAPIKey(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		for _, one := range attempts(t) {
			if !one.signed {
				continue
			}
			has := madeUp()
			has.bearer = firstKey
			one.with(s.app(), has).refused(http.StatusUnauthorized, "session_invalid")
			s.fired()
		}
		preflight := s.browser(siblingOrigin).send(http.MethodOptions, "/admin/v1/api-keys", "", "Access-Control-Request-Method", "GET")
		preflight.refused(http.StatusForbidden, "origin_not_allowed")
		require.Empty(t, preflight.header.Get("Access-Control-Allow-Origin"))
	})
}

// What changes something that others may have changed says which state it starts from: no
// operation does without, or takes one that is over.
func TestNoManagementOperationLosesAnUpdate(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), withApplications)
			_, _, has := s.owner()
			made, _ := s.tenantOverAPI()
			has.ids["tenant_id"] = made.Tenant.ID
			tried := 0
			for _, one := range attempts(t) {
				if !one.matched {
					continue
				}
				tried++
				one = one.about(s, has)
				whose := has
				if one.operator {
					whose.key = operatorKey
				}
				without := one
				without.matched = false
				without.with(s.app(), whose).invalid("request_invalid", "#header/If-Match")
				whose.etag = `"77"`
				one.with(s.app(), whose).refused(http.StatusPreconditionFailed, "version_stale")
				s.fired()
			}
			require.Greater(t, tried, 8)
		})
	}
}

// A filter that is mistyped is refused: it would find all. It is told before anybody's key
// is looked at, as everything that is wrong with a request is.
func TestClass_ObjectLevel_NoManagementOperationOverlooksAParameter(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		has := belongings{key: firstKey, ids: madeUp().ids}
		for _, one := range attempts(t) {
			if one.scope == "" && !one.operator {
				continue
			}
			mistyped := one
			mistyped.path += "?statsu=suspended&" + strings.Repeat("n", 65) + "="
			mistyped.with(s.app(), has).invalid("request_invalid", "#query", "#query/statsu")
			s.fired()
		}
		s.app().send(http.MethodGet, "/v1/configuration?utm_source=mail", "").is(http.StatusOK)
	})
}
