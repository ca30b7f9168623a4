package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// operator is a program with an API key of the given scopes.
func (s *scenario) operator(scopes ...wire.Scope) *operator {
	s.t.Helper()
	_, token := s.issue(scopes...)
	return &operator{caller: s.app().with(token)}
}

type operator struct{ *caller }

// issue has the first key make another one, and forgets that it did.
func (s *scenario) issue(scopes ...wire.Scope) (wire.APIKey, string) {
	s.t.Helper()
	issued := read[wire.IssuedAPIKey](s.first().createKey(wire.NewAPIKey{Name: "A program", Scopes: scopes}).is(http.StatusCreated))
	s.forgetEvents()
	return issued.APIKey, issued.Secret
}

// first is whoever has the key that the server was configured with.
func (s *scenario) first() *operator {
	return &operator{caller: s.app().with(firstKey)}
}

func (o *operator) createKey(wanted wire.NewAPIKey, headers ...string) answer {
	o.t.Helper()
	return o.got(o.wire.CreateAPIKey(context.Background(), &wire.CreateAPIKeyParams{IdempotencyKey: optional(strings.Join(headers, ""))}, wanted))
}

func (o *operator) updateKey(id, etag, patch string) answer {
	o.t.Helper()
	return o.send(http.MethodPatch, "/admin/v1/api-keys/"+id, patch, "Content-Type", "application/merge-patch+json", "If-Match", etag)
}

func (o *operator) rotateKey(id, etag, body string, headers ...string) answer {
	o.t.Helper()
	return o.send(http.MethodPost, "/admin/v1/api-keys/"+id+"/rotate", body, append(headers, "If-Match", etag)...)
}

func (o *operator) key(id string) answer {
	o.t.Helper()
	return o.got(o.wire.GetAPIKey(context.Background(), id))
}

func TestAPIKeyForItsWholeLife(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		first := s.first()
		made := first.createKey(wire.NewAPIKey{Name: " Nightly import ", Scopes: []wire.Scope{wire.ScopeAPIKeysWrite, wire.ScopeAPIKeysRead, wire.ScopeAPIKeysRead}}).is(http.StatusCreated)
		issued := read[wire.IssuedAPIKey](made)
		require.Equal(t, "Nightly import", issued.APIKey.Name)
		require.Equal(t, []string{"api_keys:read", "api_keys:write"}, issued.APIKey.Scopes)
		require.True(t, issued.APIKey.ExpiresAt.IsNull())
		require.True(t, issued.APIKey.LastUsedAt.IsNull())
		require.Regexp(t, `^lk_[A-Za-z0-9_-]{43}$`, issued.Secret)
		told := s.fired("apikey.created")
		require.Equal(t, issued.APIKey.ID, told[0].Subject)
		require.Equal(t, "api_key", string(told[0].Actor.Kind))

		program := &operator{caller: s.app().with(issued.Secret)}
		seen := program.key(issued.APIKey.ID).is(http.StatusOK)
		require.Equal(t, made.header.Get("ETag"), seen.header.Get("ETag"), "a use is no change")
		require.False(t, read[wire.APIKey](seen).LastUsedAt.IsNull())
		page := read[wire.APIKeyPage](program.got(program.wire.ListAPIKeys(context.Background(), nil)).is(http.StatusOK))
		require.Contains(t, page.Items, read[wire.APIKey](program.key(issued.APIKey.ID).is(http.StatusOK)))

		s.Clock.Advance(time.Second)
		changed := program.updateKey(issued.APIKey.ID, seen.header.Get("ETag"), `{"name":"Import","scopes":["api_keys:read","api_keys:write"],"expires_at":"2099-01-02T03:04:05Z"}`).is(http.StatusOK)
		require.Equal(t, "Import", read[wire.APIKey](changed).Name)
		differs := data(t, s.fired("apikey.updated")[0])
		require.Equal(t, []any{"name", "expires_at"}, differs["fields"])
		require.Equal(t, map[string]any{"name": issued.APIKey.Name, "expires_at": nil}, differs["before"])
		require.Equal(t, map[string]any{"name": "Import", "expires_at": "2099-01-02T03:04:05Z"}, differs["after"])
		same := program.updateKey(issued.APIKey.ID, changed.header.Get("ETag"), `{"name":"Import"}`).is(http.StatusOK)
		require.Equal(t, changed.header.Get("ETag"), same.header.Get("ETag"))
		s.fired()
		program.updateKey(issued.APIKey.ID, changed.header.Get("ETag"), `{"expires_at":null}`).refused(http.StatusForbidden, "expiry_exceeded")
		s.fired()
		require.True(t, read[wire.APIKey](first.updateKey(issued.APIKey.ID, changed.header.Get("ETag"), `{"expires_at":null}`).is(http.StatusOK)).ExpiresAt.IsNull())
		s.forgetEvents()

		etag := program.key(issued.APIKey.ID).header.Get("ETag")
		next := read[wire.IssuedAPIKey](program.rotateKey(issued.APIKey.ID, etag, `{"overlap_seconds":60}`).is(http.StatusCreated))
		require.NotEqual(t, issued.Secret, next.Secret)
		s.fired("apikey.rotated")
		program.key(issued.APIKey.ID).is(http.StatusOK)
		renewed := &operator{caller: s.app().with(next.Secret)}
		s.Clock.Advance(time.Minute)
		program.key(issued.APIKey.ID).refused(http.StatusUnauthorized, "api_key_invalid")
		renewed.key(issued.APIKey.ID).is(http.StatusOK)

		renewed.got(renewed.wire.DeleteAPIKey(context.Background(), issued.APIKey.ID)).is(http.StatusNoContent)
		s.fired("apikey.deleted")
		renewed.key(issued.APIKey.ID).refused(http.StatusUnauthorized, "api_key_invalid")
		first.key(issued.APIKey.ID).refused(http.StatusNotFound, "api_key_unknown")
		first.got(first.wire.DeleteAPIKey(context.Background(), issued.APIKey.ID)).refused(http.StatusNotFound, "api_key_unknown")
		s.fired()
	})
}

func TestAPIKeyThatEnds(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		end := s.Clock.Now().Add(time.Hour)
		issued := read[wire.IssuedAPIKey](s.first().createKey(wire.NewAPIKey{Name: "For an hour", Scopes: []wire.Scope{wire.ScopeAPIKeysRead}, ExpiresAt: &end}).is(http.StatusCreated))
		s.forgetEvents()
		program := &operator{caller: s.app().with(issued.Secret)}
		program.key(issued.APIKey.ID).is(http.StatusOK)
		s.Clock.Advance(time.Hour)
		program.key(issued.APIKey.ID).refused(http.StatusUnauthorized, "api_key_invalid")
		require.Equal(t, issued.APIKey.ID, read[wire.APIKey](s.first().key(issued.APIKey.ID).is(http.StatusOK)).ID)
		past := s.Clock.Now()
		s.first().createKey(wire.NewAPIKey{Name: "Too late", Scopes: []wire.Scope{wire.ScopeAPIKeysRead}, ExpiresAt: &past}).invalid("api_key_refused", "/expires_at")
		s.fired()
	})
}

func TestAPIKeyThatIsRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		first := s.first()
		key, _ := s.issue(wire.ScopeUsersRead)
		etag := first.key(key.ID).header.Get("ETag")
		for _, name := range []string{" ", "two\nlines", "\u200b"} {
			first.createKey(wire.NewAPIKey{Name: name, Scopes: []wire.Scope{wire.ScopeUsersRead}}).invalid("api_key_refused", "/name")
		}
		first.createKey(wire.NewAPIKey{Name: strings.Repeat("x", 101), Scopes: []wire.Scope{wire.ScopeUsersRead}}).invalid("request_invalid", "/name")
		first.createKey(wire.NewAPIKey{Name: "x", Scopes: []wire.Scope{}}).invalid("request_invalid", "/scopes")
		first.createKey(wire.NewAPIKey{Name: "x", Scopes: []wire.Scope{"users:everything"}}).invalid("request_invalid", "/scopes/0")
		first.updateKey(key.ID, etag, `{"scopes":["users:everything"]}`).invalid("request_invalid", "/scopes/0")
		first.updateKey(key.ID, etag, `{"scopes":null}`).invalid("request_invalid", "/scopes")
		first.updateKey(key.ID, etag, `{"name":"\t"}`).invalid("api_key_refused", "/name")
		first.updateKey(key.ID, "", `{"name":"x"}`).invalid("request_invalid", "#header/If-Match")
		first.updateKey(key.ID, `"77"`, `{"name":"x"}`).refused(http.StatusPreconditionFailed, "version_stale")
		first.updateKey("key_01h455vb4pex5vsknk084sn02q", etag, `{"name":"x"}`).refused(http.StatusNotFound, "api_key_unknown")
		first.rotateKey(key.ID, `"77"`, `{"overlap_seconds":0}`).refused(http.StatusPreconditionFailed, "version_stale")
		first.rotateKey(key.ID, etag, `{"overlap_seconds":-1}`).invalid("request_invalid", "/overlap_seconds")
		first.rotateKey(key.ID, etag, `{"overlap_seconds":2592001}`).invalid("request_invalid", "/overlap_seconds")
		first.key("key_nonsense").invalid("request_invalid", "#path/api_key_id", "#path/api_key_id")
		first.send(http.MethodGet, "/admin/v1/api-keys?cursor=bm9uc2Vuc2U", "").invalid("request_invalid", "#query/cursor")
		s.fired()
	})
}

// A key must not be a way to more than it was given.
func TestClass_SideGrant_APIKeys(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.operator(wire.ScopeAPIKeysRead, wire.ScopeAPIKeysWrite)
		keeper.createKey(wire.NewAPIKey{Name: "More", Scopes: []wire.Scope{wire.ScopeUsersRead}}).refused(http.StatusForbidden, "scope_exceeded")
		keeper.createKey(wire.NewAPIKey{Name: "All", Scopes: []wire.Scope{wire.ScopeAll}}).refused(http.StatusForbidden, "scope_exceeded")
		mighty, token := s.issue(wire.ScopeAll)
		etag := keeper.key(mighty.ID).header.Get("ETag")
		keeper.rotateKey(mighty.ID, etag, `{"overlap_seconds":0}`).refused(http.StatusForbidden, "scope_exceeded")
		keeper.updateKey(mighty.ID, etag, `{"scopes":["api_keys:read"]}`).refused(http.StatusForbidden, "scope_exceeded")
		keeper.got(keeper.wire.DeleteAPIKey(context.Background(), mighty.ID)).refused(http.StatusForbidden, "scope_exceeded")
		own := read[wire.IssuedAPIKey](keeper.createKey(wire.NewAPIKey{Name: "As much", Scopes: []wire.Scope{wire.ScopeAPIKeysRead}}).is(http.StatusCreated)).APIKey
		s.fired("apikey.created")
		keeper.updateKey(own.ID, `"1"`, `{"scopes":["all"]}`).refused(http.StatusForbidden, "scope_exceeded")
		s.fired()

		// What is taken away is missing from the next request on.
		second := &operator{caller: s.app().with(token)}
		second.key(own.ID).is(http.StatusOK)
		s.first().updateKey(mighty.ID, etag, `{"scopes":["users:read"]}`).is(http.StatusOK)
		s.fired("apikey.updated")
		refusal := second.key(own.ID)
		refusal.refused(http.StatusForbidden, "scope_missing")
		require.Equal(t, `Bearer realm="lintel", error="insufficient_scope", scope="api_keys:read"`, refusal.header.Get("WWW-Authenticate"))
	})
}

// A key that ends by itself is no way past that end: not for itself, not for another, and
// not in a user's name.
func TestClass_SideGrant_NothingOutlivesTheKeyThatGaveIt(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, end := s.somebody(), s.Clock.Now().Add(10*time.Minute)
		scopes := []wire.Scope{wire.ScopeAPIKeysRead, wire.ScopeAPIKeysWrite, wire.ScopeUsersImpersonate}
		issued := read[wire.IssuedAPIKey](s.first().createKey(wire.NewAPIKey{Name: "Ten minutes", Scopes: scopes, ExpiresAt: &end}).is(http.StatusCreated))
		lasting, _ := s.issue(wire.ScopeAPIKeysRead)
		s.forgetEvents()
		brief, own, later := &operator{caller: s.app().with(issued.Secret)}, issued.APIKey.ID, end.Add(time.Millisecond)
		at := func(end time.Time) string { return `{"expires_at":"` + end.Format(time.RFC3339Nano) + `"}` }
		for _, refused := range []answer{
			brief.createKey(wire.NewAPIKey{Name: "For ever", Scopes: scopes}),
			brief.createKey(wire.NewAPIKey{Name: "Longer", Scopes: scopes, ExpiresAt: &later}),
			brief.updateKey(own, `"1"`, `{"expires_at":null}`),
			brief.updateKey(own, `"1"`, at(later)),
			brief.updateKey(own, `"1"`, `{"name":"Brief","expires_at":null}`),
			brief.updateKey(lasting.ID, `"1"`, `{"scopes":["api_keys:read","api_keys:write"]}`),
			brief.updateKey(lasting.ID, `"1"`, at(later)),
			brief.rotateKey(lasting.ID, `"1"`, `{"overlap_seconds":0}`),
		} {
			refused.refused(http.StatusForbidden, "expiry_exceeded")
		}
		s.fired()

		child := read[wire.IssuedAPIKey](brief.createKey(wire.NewAPIKey{Name: "As long", Scopes: scopes, ExpiresAt: &end}).is(http.StatusCreated))
		brief.updateKey(lasting.ID, `"1"`, `{"name":"Lasting"}`).is(http.StatusOK)
		brief.updateKey(lasting.ID, `"2"`, at(end)).is(http.StatusOK)
		brief.updateKey(own, `"1"`, at(end.Add(-time.Minute))).is(http.StatusOK)
		s.fired("apikey.created", "apikey.updated", "apikey.updated", "apikey.updated")
		brief.updateKey(own, `"2"`, at(end)).refused(http.StatusForbidden, "expiry_exceeded")
		next := read[wire.IssuedAPIKey](brief.rotateKey(own, `"2"`, `{"overlap_seconds":2592000}`).is(http.StatusCreated))
		acting := read[wire.Impersonation](brief.impersonate(p.ID, ticket).is(http.StatusCreated))
		require.Equal(t, end.Add(-time.Minute), acting.Session.ExpiresAt)
		s.forgetEvents()

		s.Clock.Advance(9 * time.Minute)
		for _, secret := range []string{issued.Secret, next.Secret} {
			(&operator{caller: s.app().with(secret)}).key(own).refused(http.StatusUnauthorized, "api_key_invalid")
		}
		s.app().with(acting.SessionToken).me().refused(http.StatusUnauthorized, "session_invalid")
		heir := &operator{caller: s.app().with(child.Secret)}
		heir.key(own).is(http.StatusOK)
		s.Clock.Advance(time.Minute)
		heir.key(own).refused(http.StatusUnauthorized, "api_key_invalid")
		s.fired()
	})
}

// The same request under the same key is answered alike, secret included, and done once.
func TestPromise_RetrySafe_ManagementRequests(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		first := s.first()
		wanted, once := wire.NewAPIKey{Name: "Once", Scopes: []wire.Scope{wire.ScopeUsersRead}}, newWord()+"-once"
		made := first.createKey(wanted, once).is(http.StatusCreated)
		again := first.createKey(wanted, once).is(http.StatusCreated)
		require.Equal(t, read[wire.IssuedAPIKey](made), read[wire.IssuedAPIKey](again))
		require.Equal(t, made.header.Get("ETag"), again.header.Get("ETag"))
		require.Equal(t, made.header.Get("Content-Type"), again.header.Get("Content-Type"))
		s.fired("apikey.created")

		other := wanted
		other.Name = "Another"
		first.createKey(other, once).refused(http.StatusUnprocessableEntity, "idempotency_key_reused")
		id := read[wire.IssuedAPIKey](made).APIKey.ID
		first.rotateKey(id, `"1"`, `{"overlap_seconds":0}`, "Idempotency-Key", once).refused(http.StatusUnprocessableEntity, "idempotency_key_reused")
		require.NotEqual(t, id, read[wire.IssuedAPIKey](s.operator(wire.ScopeAll).createKey(wanted, once).is(http.StatusCreated)).APIKey.ID, "another caller's key is another key")
		s.fired("apikey.created")

		turned := read[wire.IssuedAPIKey](first.rotateKey(id, `"1"`, `{"overlap_seconds":0}`, "Idempotency-Key", once+"2").is(http.StatusCreated))
		require.Equal(t, turned, read[wire.IssuedAPIKey](first.rotateKey(id, `"1"`, `{"overlap_seconds":0}`, "Idempotency-Key", once+"2").is(http.StatusCreated)))
		s.fired("apikey.rotated")

		// What was refused is not kept: it may be right the next time.
		first.rotateKey(id, `"1"`, `{"overlap_seconds":0}`, "Idempotency-Key", once+"3").refused(http.StatusPreconditionFailed, "version_stale")
		first.rotateKey(id, `"2"`, `{"overlap_seconds":0}`, "Idempotency-Key", once+"3").is(http.StatusCreated)
		s.fired("apikey.rotated")

		s.Clock.Advance(24 * time.Hour)
		require.NotEqual(t, id, read[wire.IssuedAPIKey](first.createKey(wanted, once).is(http.StatusCreated)).APIKey.ID, "a day later it is forgotten")
		s.fired("apikey.created")
	})
}
