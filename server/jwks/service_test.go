package jwks_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

func TestTheFirstNeedMakesTheFirstKey(t *testing.T) {
	h, ctx := open(t)
	kids := published(ctx, t, h.Service)
	require.Len(t, kids, 1)
	_, kid := h.signed(ctx, t, h.Service)
	require.Equal(t, kids[0], kid)
	_, kid = h.signed(ctx, t, h.node(t, h.clock))
	require.Equal(t, kids[0], kid, "another node signs with the same")

	told := h.told(ctx, t)
	require.Len(t, told, 1)
	require.Equal(t, "jwks.created", told[0].Type)
	require.Equal(t, reqctx.System, told[0].Actor.Kind, "nobody who asks chooses to make a key")
	require.JSONEq(t, `{"kid":"`+kid+`","algorithm":"ES256","activates_at":"2026-03-01T12:00:00Z"}`, string(told[0].Data))
	keys, err := h.Keys(ctx)
	require.NoError(t, err)
	require.Equal(t, keys[0].ID.String(), told[0].Subject)
	require.Equal(t, []jwks.State{jwks.Signing}, states(keys, h.clock.Now()))
}

// Protects: nodes that need the first key at the same time make one, and none signs
// with a key that is not published.
func TestTheFirstKeyIsRaced(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		at := clock.NewFake(storetest.Start())
		h, ctx := openOn(t, db, at, at)
		kids := make([]string, storetest.Racers)
		nodes := make([]*jwks.Service, storetest.Racers)
		for i := range nodes {
			nodes[i] = h.node(t, at)
		}
		wins := storetest.Race(t, func(racer int) (bool, error) {
			token, err := nodes[racer].Sign(ctx, "JWT", map[string]string{})
			if err != nil {
				return false, err
			}
			kids[racer] = token
			return true, nil
		})
		require.Equal(t, storetest.Racers, wins)
		for _, token := range kids {
			h.verify(ctx, t, h.Service, token)
		}
		require.Len(t, published(ctx, t, h.Service), 1)
		require.Equal(t, []string{"jwks.created"}, h.types(ctx, t))
	})
}

// Protects: neither the document, an event, nor what is stored in clear tells anything
// about the private half.
func TestClass_Secrets_PrivateKeysStaySealed(t *testing.T) {
	h, ctx := open(t)
	h.signed(ctx, t, h.Service)
	_, err := h.Rotate(ctx)
	require.NoError(t, err)
	document, err := h.Document(ctx)
	require.NoError(t, err)
	var set map[string][]map[string]string
	require.NoError(t, json.Unmarshal(document, &set))
	require.Len(t, set["keys"], 2)
	for _, key := range set["keys"] {
		require.ElementsMatch(t, []string{"kty", "crv", "x", "y", "alg", "use", "kid"}, slices.Collect(maps.Keys(key)))
	}

	keys, err := h.Keys(ctx)
	require.NoError(t, err)
	box, err := h.deps.Tenants.Box(ctx)
	require.NoError(t, err)
	for _, key := range keys {
		plain, err := box.Open("jwks.private", key.Private, []byte(key.ID.String()))
		require.NoError(t, err)
		var private map[string]string
		require.NoError(t, json.Unmarshal(plain, &private))
		require.Len(t, private["d"], 43)
		raw, err := base64.RawURLEncoding.DecodeString(private["d"])
		require.NoError(t, err)
		seen := string(document) + string(key.Public) + string(key.Private)
		for _, told := range h.told(ctx, t) {
			seen += string(told.Data)
		}
		require.NotContains(t, seen, private["d"])
		require.NotContains(t, seen, string(raw))
	}
}

// Protects: a row that somebody tampered with signs nothing and publishes nothing
// secret.
func TestAStoredKeyIsNotTrustedBlindly(t *testing.T) {
	for name, tamper := range map[string]func(keys []jwks.Key){
		"another row's private part": func(keys []jwks.Key) { keys[0].Private = keys[1].Private },
		"another public part":        func(keys []jwks.Key) { keys[0].KeyID = keys[1].KeyID },
		"a damaged private part":     func(keys []jwks.Key) { keys[0].Private = keys[0].Private[1:] },
		"a private public part": func(keys []jwks.Key) {
			keys[0].Public = []byte(strings.Replace(string(keys[0].Public), "{", `{"d":"AAAA",`, 1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, ctx := open(t)
			_, err := h.Document(ctx)
			require.NoError(t, err)
			keys, err := h.Keys(ctx)
			require.NoError(t, err)
			_, err = h.RotateNow(ctx)
			require.NoError(t, err)
			all, err := h.Keys(ctx)
			require.NoError(t, err)
			pair := []jwks.Key{keys[0], all[1]}
			tamper(pair)
			for _, key := range all {
				require.NoError(t, h.store.DeleteKey(ctx, key))
			}
			require.NoError(t, h.store.InsertKey(ctx, pair[0]))
			_, err = h.node(t, h.clock).Sign(ctx, "JWT", map[string]string{})
			require.Error(t, err)
		})
	}
}

func TestClass_SideGrant_ASuspendedTenantSignsNothing(t *testing.T) {
	h, ctx := open(t)
	h.signed(ctx, t, h.Service)
	h.here.Status = tenant.Suspended
	require.NoError(t, storage.NewTenants(h.db).UpdateTenant(ctx, h.here))
	h.clock.Advance(tenant.Default().CacheFor)
	_, err := h.Sign(ctx, "JWT", map[string]string{})
	require.ErrorIs(t, err, tenant.ErrUnknown)
}

// Signing takes time, and a unit of work must not wait for it.
func TestNothingIsSignedInAUnitOfWork(t *testing.T) {
	h, ctx := open(t)
	for name, act := range map[string]func(ctx context.Context) error{
		"sign":   func(ctx context.Context) error { _, err := h.Sign(ctx, "JWT", nil); return err },
		"read":   func(ctx context.Context) error { _, err := h.Document(ctx); return err },
		"rotate": func(ctx context.Context) error { _, err := h.Rotate(ctx); return err },
	} {
		require.ErrorContains(t, h.db.Run(ctx, act), "unit of work", name)
	}
	_, err := h.Sign(t.Context(), "JWT", nil)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	_, err = h.Document(t.Context())
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	require.Empty(t, h.types(ctx, t))
}

// Each tenant has keys of its own.
func TestClass_ObjectLevel_KeysOfAnotherTenant(t *testing.T) {
	h, ctx := open(t)
	token, _ := h.signed(ctx, t, h.Service)
	elsewhere, err := h.Keys(reqctx.WithTenant(t.Context(), storetest.NewTenant()))
	require.NoError(t, err)
	require.Empty(t, elsewhere)
	keys, err := h.Keys(ctx)
	require.NoError(t, err)
	stranger := reqctx.WithTenant(t.Context(), storetest.NewTenant())
	require.Error(t, h.Revoke(stranger, keys[0].KeyID))
	h.verify(ctx, t, h.Service, token)
}

func TestConfigNamesTheField(t *testing.T) {
	require.NoError(t, jwks.DefaultConfig().Validate())
	off := jwks.DefaultConfig()
	off.RotateEvery = 0
	require.NoError(t, off.Validate())
	for field, spoil := range map[string]func(*jwks.Config){
		"jwks.rotate_every":  func(c *jwks.Config) { c.RotateEvery = c.PublishAhead + c.Overlap - 1 },
		"jwks.publish_ahead": func(c *jwks.Config) { c.PublishAhead = 10*time.Minute - 1 },
		"jwks.overlap":       func(c *jwks.Config) { c.Overlap = jwks.MaxLifetime },
		"jwks.cache_for":     func(c *jwks.Config) { c.CacheFor = c.PublishAhead/10 + 1 },
		"jwks.cache_size":    func(c *jwks.Config) { c.CacheSize = 0 },
	} {
		config := jwks.DefaultConfig()
		spoil(&config)
		require.ErrorContains(t, config.Validate(), field+":", field)
		_, err := jwks.New(jwks.Deps{}, config)
		require.Error(t, err)
	}
}

func TestNewRefuses(t *testing.T) {
	h, _ := open(t)
	for _, without := range []func(*jwks.Deps){
		func(d *jwks.Deps) { d.Store = nil },
		func(d *jwks.Deps) { d.Tx = nil },
		func(d *jwks.Deps) { d.Events = nil },
		func(d *jwks.Deps) { d.Clock = nil },
		func(d *jwks.Deps) { d.Tenants = nil },
		func(d *jwks.Deps) { d.Logger = nil },
	} {
		deps := h.deps
		without(&deps)
		_, err := jwks.New(deps, jwks.DefaultConfig())
		require.Error(t, err)
	}
}
