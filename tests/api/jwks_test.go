package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/api/running"
)

func (c *caller) jwks() answer {
	c.t.Helper()
	return c.got(c.wire.GetJwks(context.Background()))
}

// kids are those of the published keys.
func (c *caller) kids() []string {
	c.t.Helper()
	found := []string{}
	for _, key := range read[wire.JwkSet](c.jwks().is(http.StatusOK)).Keys {
		found = append(found, key.Kid)
	}
	return found
}

// privatelyOnEach is a server of the scenario's own on every engine, whose keys nobody
// else has rotated.
func privatelyOnEach(t *testing.T, play func(t *testing.T, s *scenario)) {
	t.Helper()
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			play(t, privately(t, running.NewPlace(t, engine), withApplications))
		})
	}
}

func TestPublicKeys(t *testing.T) {
	privatelyOnEach(t, func(t *testing.T, s *scenario) {
		c := s.app()
		first := c.jwks().is(http.StatusOK)
		s.fired("jwks.created")
		require.Equal(t, []string{"public, max-age=300"}, first.header.Values("Cache-Control"))
		require.Equal(t, "application/json", first.header.Get("Content-Type"))
		require.Empty(t, first.header.Values("RateLimit"), "verifiers ask as often as they have to")
		set := read[wire.JwkSet](first)
		require.Len(t, set.Keys, 1)
		require.Equal(t, []string{"EC", "P-256", "ES256", "sig"}, []string{set.Keys[0].Kty, *set.Keys[0].Crv, set.Keys[0].Alg, set.Keys[0].Use})

		require.Equal(t, string(first.body), string(c.jwks().is(http.StatusOK).body))
		anybody := s.browser("https://verifier.example").jwks().is(http.StatusOK)
		require.Equal(t, []string{"*"}, anybody.header.Values("Access-Control-Allow-Origin"), "what is public may be read by any page")
		require.Empty(t, anybody.header.Values("Access-Control-Allow-Credentials"))
		head := c.send(http.MethodHead, "/.well-known/jwks.json", "").is(http.StatusOK)
		require.Equal(t, "public, max-age=300", head.header.Get("Cache-Control"))
		s.fired()

		c.host, c.base = "nobody.example", ""
		refused := c.jwks()
		refused.refused(http.StatusMisdirectedRequest, "tenant_unknown")
		require.Equal(t, []string{"no-store"}, refused.header.Values("Cache-Control"))
		refused = s.app().send(http.MethodGet, "/.well-known/jwks.json", "{}")
		refused.refused(http.StatusBadRequest, "request_malformed")
		require.Equal(t, []string{"no-store"}, refused.header.Values("Cache-Control"))
		s.app().send(http.MethodPost, "/.well-known/jwks.json", "").refused(http.StatusMethodNotAllowed, "method_not_allowed")
		s.fired()
	})
}

// Protects: no token that was good when it was minted is refused because of a rotation
// before it has expired, by whoever reads the keys as often as they are told to.
func TestRotationRefusesNoToken(t *testing.T) {
	privatelyOnEach(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		before := p.mint("")
		old := p.kids()
		s.fired("jwks.created")
		successor := s.first().rotated(`{}`)
		s.fired("jwks.retired", "jwks.created")

		require.Equal(t, append(slices.Clone(old), successor.Kid), p.kids())
		require.Equal(t, old[0], before.header(t).Kid)
		require.Equal(t, old[0], p.mint("").header(t).Kid, "the successor waits until verifiers know it")
		before.verify(t, p)

		s.Clock.Advance(time.Hour)
		during := p.mint("")
		require.Equal(t, successor.Kid, during.header(t).Kid)
		before.verify(t, p)
		during.verify(t, p)

		s.Clock.Advance(2 * time.Hour)
		require.Equal(t, []string{successor.Kid}, p.kids(), "what was signed with the old one is long over")
		s.fired()
	})
}

// A key that is trusted no longer is gone, and front ends go on.
func TestRevokedKey(t *testing.T) {
	privatelyOnEach(t, func(t *testing.T, s *scenario) {
		p, first := s.somebody(), s.first()
		leaked := p.mint("").header(t).Kid
		s.fired("jwks.created")
		first.revoke(leaked).is(http.StatusNoContent)
		s.fired("jwks.removed", "jwks.created")
		first.revoke(leaked).refused(http.StatusNotFound, "signing_key_unknown")
		require.NotContains(t, p.kids(), leaked)
		again := p.mint("")
		require.NotEqual(t, leaked, again.header(t).Kid)
		again.verify(t, p)
		s.fired()
	})
}

// Protects: the private half of a key stands in no answer, no event and no line of the
// log; the last two are looked through when the server ends.
func TestClass_Secrets_OfSigningKeys(t *testing.T) {
	privatelyOnEach(t, func(t *testing.T, s *scenario) {
		p, first := s.somebody(), s.first()
		p.mint("")
		told := s.fired("jwks.created")
		answered := []string{string(first.rotate(`{"immediately":true}`).is(http.StatusOK).body)}
		p.mint("")
		ctx := reqctx.WithTenant(context.Background(), told[0].Tenant)
		keys, err := storage.NewSigningKeys(s.DB).Keys(ctx)
		require.NoError(t, err)
		require.Len(t, keys, 2)
		var halves secretList
		for _, key := range keys {
			plain, err := s.Unseal(ctx, "jwks.private", key.Private, key.ID.String())
			require.NoError(t, err)
			var private struct{ D string }
			require.NoError(t, json.Unmarshal(plain, &private))
			halves.add(private.D)
			s.secrets.add(private.D)
			answered = append(answered, string(first.signingKey(key.KeyID).is(http.StatusOK).body))
		}
		listed := first.got(first.wire.ListSigningKeys(context.Background(), nil)).is(http.StatusOK)
		for _, text := range append(answered, string(listed.body), string(p.jwks().is(http.StatusOK).body)) {
			require.Contains(t, text, `"kty":"EC"`)
			require.NotContains(t, text, `"d":`)
			require.NoError(t, halves.in("an answer", text))
		}
		require.Error(t, halves.in("here", func() string {
			plain, _ := s.Unseal(ctx, "jwks.private", keys[0].Private, keys[0].ID.String())
			return string(plain)
		}()), "it was looked for at all")
	})
}
