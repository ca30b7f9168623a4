package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/jose"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// Jwks is what the store of the signing keys promises.
func Jwks(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":  signingKeysRoundTrip,
		"Scope":      signingKeysScope,
		"Update":     signingKeysUpdate,
		"Due":        signingKeysDue,
		"InsertRace": signingKeysInsertRace,
		"UpdateRace": signingKeysUpdateRace,
		"DeleteRace": signingKeysDeleteRace,
	})
}

// aSigningKey is the latest of its tenant.
func aSigningKey(keyID string) jwks.Key {
	key := jwks.Key{
		KeyID: keyID, Algorithm: jose.ES256, Public: []byte(unicode), Private: []byte{0, 1, 0xff},
		CreatedAt: after(0), ActivatesAt: after(time.Hour), RetiresAt: nil, ExpiresAt: nil, Version: 4,
	}
	fresh(&key.ID)
	return key
}

// followed is a key whose successor begins at the given time.
func followed(keyID string, retires time.Time) jwks.Key {
	key, expires := aSigningKey(keyID), retires.Add(2*time.Hour)
	key.RetiresAt, key.ExpiresAt = &retires, &expires
	return key
}

func requireKeys(ctx context.Context, t *testing.T, keys *storage.SigningKeys, want ...jwks.Key) {
	t.Helper()
	found, err := keys.Keys(ctx)
	require.NoError(t, err)
	require.Equal(t, append([]jwks.Key{}, want...), found)
}

// The order is that of succession, whatever two clocks thought of it.
func signingKeysRoundTrip(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewSigningKeys(db), Within(t.Context(), NewTenant())
	requireKeys(ctx, t, keys)
	second, first, latest := followed("second", after(time.Minute)), followed(unicode, after(0)), aSigningKey("")
	latest.ActivatesAt, latest.Algorithm, latest.Public, latest.Private = after(-time.Hour), "", []byte{}, []byte{}
	for _, key := range []jwks.Key{latest, second, first} {
		require.NoError(t, keys.InsertKey(ctx, key))
	}
	requireKeys(ctx, t, keys, first, second, latest)
}

func signingKeysScope(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewSigningKeys(db), Within(t.Context(), NewTenant())
	mine := aSigningKey("mine")
	require.NoError(t, keys.InsertKey(ctx, mine))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := keys.Keys(ctx)
		return len(found) > 0, err
	}, nil)
	for _, write := range []func(ctx context.Context, key jwks.Key) error{keys.UpdateKey, keys.DeleteKey} {
		strangers(t, func(ctx context.Context) (bool, error) {
			err := write(ctx, mine)
			return err == nil, err
		}, jwks.ErrChanged)
	}
	require.ErrorIs(t, keys.InsertKey(t.Context(), aSigningKey("none")), reqctx.ErrNoTenant)
	require.NoError(t, keys.InsertKey(Within(ctx, NewTenant()), mine))
	requireKeys(ctx, t, keys, mine)
}

func signingKeysUpdate(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewSigningKeys(db), Within(t.Context(), NewTenant())
	before, bystander := aSigningKey("before"), followed("bystander", after(0))
	require.NoError(t, keys.InsertKey(ctx, before))
	require.NoError(t, keys.InsertKey(ctx, bystander))
	swallowed(ctx, t, db, jwks.ErrChanged, func(ctx context.Context) error { return keys.InsertKey(ctx, aSigningKey("second latest")) })
	swallowed(ctx, t, db, jwks.ErrChanged, func(ctx context.Context) error { return keys.InsertKey(ctx, followed("before", after(0))) })

	changed := followed("ignored", after(time.Minute))
	changed.ID, changed.ActivatesAt = before.ID, after(time.Second)
	require.NoError(t, keys.UpdateKey(ctx, changed))
	require.ErrorIs(t, keys.UpdateKey(ctx, changed), jwks.ErrChanged)
	require.ErrorIs(t, keys.DeleteKey(ctx, changed), jwks.ErrChanged)
	changed.KeyID, changed.Version = before.KeyID, before.Version+1
	requireKeys(ctx, t, keys, bystander, changed)

	latest := aSigningKey("latest")
	require.NoError(t, keys.InsertKey(ctx, latest))
	require.NoError(t, keys.DeleteKey(ctx, changed))
	requireKeys(ctx, t, keys, bystander, latest)
	require.ErrorIs(t, keys.UpdateKey(ctx, changed), jwks.ErrChanged)
}

func signingKeysDue(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewSigningKeys(db), reqctx.WithEveryTenant(t.Context())
	due := func(begun, expired time.Time) []id.Tenant {
		found, err := keys.TenantsDue(ctx, begun, expired)
		require.NoError(t, err)
		return found
	}
	long := Start().Add(-1000 * time.Hour)
	require.Empty(t, due(Start(), Start()))
	old, both := NewTenant(), NewTenant()
	require.NoError(t, keys.InsertKey(Within(ctx, old), aSigningKey("latest")))
	require.NoError(t, keys.InsertKey(Within(ctx, both), aSigningKey("latest")))
	require.NoError(t, keys.InsertKey(Within(ctx, both), followed("expired", after(0))))

	require.Empty(t, due(time.Time{}, long))
	require.Empty(t, due(after(time.Hour).Add(-time.Microsecond), after(2*time.Hour).Add(-time.Microsecond)))
	require.ElementsMatch(t, []id.Tenant{old, both}, due(after(time.Hour), long))
	require.Equal(t, []id.Tenant{both}, due(long, after(2*time.Hour)))
	require.ElementsMatch(t, []id.Tenant{old, both}, due(after(time.Hour), after(2*time.Hour)), "each once")
	_, err := keys.TenantsDue(Within(t.Context(), old), after(time.Hour), after(time.Hour))
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
}

func signingKeysInsertRace(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewSigningKeys(db), Within(t.Context(), NewTenant())
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		return won(keys.InsertKey(ctx, aSigningKey(string(rune('a'+racer)))), jwks.ErrChanged)
	}))
	found, err := keys.Keys(ctx)
	require.NoError(t, err)
	require.Len(t, found, 1)
}

func signingKeysUpdateRace(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewSigningKeys(db), Within(t.Context(), NewTenant())
	before := aSigningKey("wanted")
	require.NoError(t, keys.InsertKey(ctx, before))
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(keys.UpdateKey(ctx, before), jwks.ErrChanged)
	}))
	before.Version++
	requireKeys(ctx, t, keys, before)
}

func signingKeysDeleteRace(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewSigningKeys(db), Within(t.Context(), NewTenant())
	wanted := aSigningKey("wanted")
	require.NoError(t, keys.InsertKey(ctx, wanted))
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(keys.DeleteKey(ctx, wanted), jwks.ErrChanged)
	}))
	requireKeys(ctx, t, keys)
}
