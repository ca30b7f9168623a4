package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/storage"
)

// signingKeys reads all pages of two.
func (o *operator) signingKeys() (all []wire.SigningKey) {
	o.t.Helper()
	params := wire.ListSigningKeysParams{Limit: new(int32(2))}
	for {
		page := read[wire.SigningKeyPage](o.got(o.wire.ListSigningKeys(context.Background(), &params)).is(http.StatusOK))
		all = append(all, page.Items...)
		if page.NextCursor.IsNull() {
			return all
		}
		params.Cursor = optional(page.NextCursor.MustGet())
	}
}

func (o *operator) signingKey(kid string) answer {
	o.t.Helper()
	return o.got(o.wire.GetSigningKey(context.Background(), kid))
}

func (o *operator) rotate(body string, headers ...string) answer {
	o.t.Helper()
	return o.send(http.MethodPost, "/admin/v1/keys/rotate", body, headers...)
}

func (o *operator) rotated(body string, headers ...string) wire.SigningKey {
	o.t.Helper()
	return read[wire.SigningKey](o.rotate(body, headers...).is(http.StatusOK))
}

func (o *operator) revoke(kid string) answer {
	o.t.Helper()
	return o.got(o.wire.RevokeSigningKey(context.Background(), kid))
}

// states are what keys are for, in their order.
func states(keys []wire.SigningKey) (all []string) {
	for _, key := range keys {
		all = append(all, key.State)
	}
	return all
}

// did holds that this key of the API did all of it.
func did(t *testing.T, key wire.APIKey, told []event.Envelope) {
	t.Helper()
	for _, one := range told {
		require.Equal(t, "api_key", string(one.Actor.Kind))
		require.Equal(t, key.ID, one.Actor.ID)
	}
}

func TestSigningKeyForItsWholeLife(t *testing.T) {
	privatelyOnEach(t, func(t *testing.T, s *scenario) {
		key, token := s.issue(wire.ScopeKeysRead, wire.ScopeKeysWrite)
		o := &operator{caller: s.app().with(token)}
		require.Empty(t, o.signingKeys(), "nothing was signed yet")
		s.fired()

		begun := s.Clock.Now()
		first := o.rotated(`{}`)
		require.Equal(t, "signing", first.State, "the first one follows nobody")
		did(t, key, s.fired("jwks.created"))
		require.Equal(t, []wire.SigningKey{first}, o.signingKeys())
		require.Equal(t, []wire.Jwk{first.Jwk}, read[wire.JwkSet](o.jwks().is(http.StatusOK)).Keys)
		require.Equal(t, []string{first.Jwk.Kid, first.Jwk.Alg}, []string{first.Kid, first.Algorithm})
		require.True(t, first.ActivatesAt.Equal(begun) && first.CreatedAt.Equal(begun))
		require.True(t, first.RetiresAt.IsNull() && first.ExpiresAt.IsNull())

		s.Clock.Advance(time.Minute)
		second := o.rotated(`{"immediately":false}`)
		told := s.fired("jwks.retired", "jwks.created")
		did(t, key, told)
		require.Equal(t, first.Kid, data(t, told[0])["kid"])
		require.Equal(t, second.Kid, data(t, told[1])["kid"])
		require.Equal(t, "waiting", second.State)
		require.Equal(t, second, o.rotated(`{}`), "one waits already")
		s.fired()
		followed := read[wire.SigningKey](o.signingKey(first.Kid).is(http.StatusOK))
		require.Equal(t, second.ActivatesAt, followed.RetiresAt.MustGet())
		require.Equal(t, 2*time.Hour, followed.ExpiresAt.MustGet().Sub(second.ActivatesAt))

		s.Clock.Advance(time.Hour)
		require.Equal(t, []string{"retired", "signing"}, states(o.signingKeys()))
		third := o.rotated(`{"immediately":true}`)
		require.Equal(t, "signing", third.State)
		did(t, key, s.fired("jwks.retired", "jwks.created"))
		s.Clock.Advance(2 * time.Hour)
		require.Equal(t, []string{"expired", "expired", "signing"}, states(o.signingKeys()), "oldest first, over two pages")
		require.Equal(t, []string{third.Kid}, o.kids())
		s.fired()
	})
}

// The audit names who had keys rotated and revoked: the API key, not the server.
func TestSigningKeysInTheAudit(t *testing.T) {
	privatelyOnEach(t, func(t *testing.T, s *scenario) {
		key, token := s.issue(wire.ScopeKeysRead, wire.ScopeKeysWrite, wire.ScopeAuditRead)
		o := &operator{caller: s.app().with(token)}
		o.jwks().is(http.StatusOK)
		require.Equal(t, "system", string(s.fired("jwks.created")[0].Actor.Kind), "whoever asked did not choose to")
		first := o.signingKeys()[0]

		waiting := o.rotated(`{}`)
		did(t, key, s.fired("jwks.retired", "jwks.created"))
		require.Equal(t, waiting.Kid, o.rotated(`{"immediately":true}`).Kid, "the one that waits signs at once")
		did(t, key, s.fired("jwks.retired", "jwks.activated"))
		o.revoke(first.Kid).is(http.StatusNoContent)
		removed := s.fired("jwks.removed")
		did(t, key, removed)
		require.Equal(t, map[string]any{"kid": first.Kid, "reason": "revoked"}, data(t, removed[0]))
		o.revoke(waiting.Kid).is(http.StatusNoContent)
		did(t, key, s.fired("jwks.removed", "jwks.created"))
		require.Equal(t, []string{"signing"}, states(o.signingKeys()))
		for _, gone := range []string{first.Kid, waiting.Kid} {
			o.signingKey(gone).refused(http.StatusNotFound, "signing_key_unknown")
			o.revoke(gone).refused(http.StatusNotFound, "signing_key_unknown")
		}
		s.fired()

		s.recorded()
		entries := o.audited(wire.ListAuditEntriesParams{Type: optional("jwks"), ActorID: &key.ID, Order: new(wire.AuditOrderOldest)})
		require.Equal(t, []string{"jwks.retired", "jwks.created", "jwks.retired", "jwks.activated", "jwks.removed", "jwks.removed", "jwks.created"}, kinds(entries))
		require.NotEmpty(t, entries[0].Source.Address.MustGet())
		require.Len(t, o.audited(wire.ListAuditEntriesParams{Type: optional("jwks")}), len(entries)+1)
	})
}

// Protects: a rotation that was answered and not received makes no second key.
func TestSigningKeysRotatedAgainWithTheSameKey(t *testing.T) {
	privatelyOnEach(t, func(t *testing.T, s *scenario) {
		o, again := s.operator(wire.ScopeKeysRead, wire.ScopeKeysWrite), []string{"Idempotency-Key", "rotate-once"}
		made := o.rotated(`{"immediately":true}`, again...)
		s.fired("jwks.created")
		require.Equal(t, made, o.rotated(`{"immediately":true}`, again...))
		o.rotate(`{}`, again...).refused(http.StatusUnprocessableEntity, "idempotency_key_reused")
		s.fired()
		require.NotEqual(t, made.Kid, o.rotated(`{"immediately":true}`).Kid)
		s.fired("jwks.retired", "jwks.created")
	})
}

func TestSigningKeysRefuse(t *testing.T) {
	privatelyOnEach(t, func(t *testing.T, s *scenario) {
		o, reader := s.operator(wire.ScopeKeysWrite), s.operator(wire.ScopeKeysRead)
		o.jwks()
		s.fired("jwks.created")
		kid := reader.signingKeys()[0].Kid
		o.rotate(`{"immediately":"yes"}`).invalid("request_invalid", "/immediately")
		o.rotate(`{"now":true}`).invalid("request_invalid", "/now")
		for _, malformed := range []string{strings.Repeat(".", 43), kid[:42] + "="} {
			reader.signingKey(malformed).invalid("request_invalid", "#path/kid")
			o.revoke(malformed).invalid("request_invalid", "#path/kid")
		}
		unknown := strings.Repeat("A", 43)
		reader.signingKey(unknown).refused(http.StatusNotFound, "signing_key_unknown")
		o.revoke(unknown).refused(http.StatusNotFound, "signing_key_unknown")
		o.signingKey(kid).refused(http.StatusForbidden, "scope_missing")
		reader.revoke(kid).refused(http.StatusForbidden, "scope_missing")
		reader.rotate(`{}`).refused(http.StatusForbidden, "scope_missing")
		s.fired()
		require.Equal(t, []string{kid}, o.kids())
	})
}

// A key of another tenant is none: whoever manages this one neither reads nor revokes it.
func TestClass_ObjectLevel_SigningKeysOfAnotherTenant(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		host := s.secondTenant()
		second, err := storage.NewTenants(s.DB).TenantByHost(everywhere(), host)
		require.NoError(t, err)
		stranger := &operator{caller: s.app().at(host).with(s.keyOf(second.ID))}
		theirs := s.app().kids()[0]
		s.forgetEvents()
		before := s.first().signingKey(theirs).is(http.StatusOK)

		require.Empty(t, stranger.signingKeys())
		stranger.signingKey(theirs).refused(http.StatusNotFound, "signing_key_unknown")
		stranger.revoke(theirs).refused(http.StatusNotFound, "signing_key_unknown")
		s.fired()
		own := stranger.rotated(`{"immediately":true}`)
		require.Equal(t, []wire.SigningKey{own}, stranger.signingKeys())
		stranger.revoke(own.Kid).is(http.StatusNoContent)
		for _, one := range s.fired("jwks.created", "jwks.removed", "jwks.created") {
			require.Equal(t, second.ID, one.Tenant)
		}
		require.Contains(t, s.app().kids(), theirs)
		require.Equal(t, string(before.body), string(s.first().signingKey(theirs).is(http.StatusOK).body))
		s.fired()
	})
}
