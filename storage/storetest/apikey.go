package storetest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage"
)

// APIKeys is what the store of API keys promises.
func APIKeys(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":  apiKeysRoundTrip,
		"List":       apiKeysList,
		"Rotation":   apiKeysRotation,
		"Use":        apiKeysUse,
		"Delete":     apiKeysDelete,
		"Scope":      apiKeysScope,
		"UpdateRace": apiKeysUpdateRace,
		"InsertRace": apiKeysInsertRace,
	})
}

func aKey() (apikey.Key, apikey.Secret) {
	end := after(time.Hour)
	key := apikey.Key{
		Name: unicode, Scopes: []apikey.Scope{apikey.UsersRead, apikey.UsersWrite},
		CreatedAt: after(0), UpdatedAt: after(0), ExpiresAt: &end, LastUsedAt: nil, Version: 1,
	}
	fresh(&key.ID)
	return key, apikey.Secret{Digest: secret.NewToken(apikey.Prefix).Digest(), ExpiresAt: nil}
}

func keepKey(ctx context.Context, t *testing.T, keys *storage.APIKeys) (apikey.Key, apikey.Secret) {
	t.Helper()
	key, proof := aKey()
	require.NoError(t, keys.InsertKey(ctx, key, proof))
	return key, proof
}

func apiKeysRoundTrip(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewAPIKeys(db), Within(t.Context(), NewTenant())
	key, proof := keepKey(ctx, t, keys)
	bare := apikey.Key{}
	fresh(&bare.ID)
	require.NoError(t, keys.InsertKey(ctx, bare, apikey.Secret{}))
	found, err := keys.KeyByID(ctx, key.ID)
	require.NoError(t, err)
	require.Equal(t, key, found)
	found, shown, err := keys.KeyBySecret(ctx, proof.Digest)
	require.NoError(t, err)
	require.Equal(t, key, found)
	require.Equal(t, proof, shown)
	found, err = keys.KeyByID(ctx, bare.ID)
	require.NoError(t, err)
	require.Equal(t, bare, found)

	var nobody apikey.ID
	fresh(&nobody)
	_, err = keys.KeyByID(ctx, nobody)
	require.ErrorIs(t, err, apikey.ErrUnknown)
	_, _, err = keys.KeyBySecret(ctx, secret.NewToken(apikey.Prefix).Digest())
	require.ErrorIs(t, err, apikey.ErrInvalid)

	changed := key
	changed.Name, changed.Scopes, changed.ExpiresAt, changed.UpdatedAt = "other", []apikey.Scope{apikey.All}, nil, after(time.Minute)
	require.NoError(t, keys.UpdateKey(ctx, changed))
	require.ErrorIs(t, keys.UpdateKey(ctx, changed), apikey.ErrChanged)
	changed.Version++
	found, err = keys.KeyByID(ctx, key.ID)
	require.NoError(t, err)
	require.Equal(t, changed, found)
}

func apiKeysList(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewAPIKeys(db), Within(t.Context(), NewTenant())
	var want []apikey.ID
	for range 5 {
		key, _ := keepKey(ctx, t, keys)
		want = append(want, key.ID)
	}
	slices.SortFunc(want, func(a, b apikey.ID) int { return cmp.Compare(a.String(), b.String()) })
	var got []apikey.ID
	var last apikey.ID
	for range want {
		page, err := keys.Keys(ctx, last, 1)
		require.NoError(t, err)
		require.Len(t, page, 1)
		last = page[0].ID
		got = append(got, last)
	}
	require.Equal(t, want, got)
	page, err := keys.Keys(ctx, last, 10)
	require.NoError(t, err)
	require.Empty(t, page)
	for bound, count := range map[int]int{1: 1, 4: 4, 100: 5} {
		counted, err := keys.CountKeys(ctx, bound)
		require.NoError(t, err)
		require.Equal(t, count, counted)
	}
}

func apiKeysRotation(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewAPIKeys(db), Within(t.Context(), NewTenant())
	key, first := keepKey(ctx, t, keys)
	_, other := keepKey(ctx, t, keys)
	_, second := aKey()
	_, third := aKey()
	end := func(proof apikey.Secret) *time.Time {
		t.Helper()
		_, shown, err := keys.KeyBySecret(ctx, proof.Digest)
		require.NoError(t, err)
		return shown.ExpiresAt
	}
	replace := func(next apikey.Secret, now, end time.Duration) int {
		t.Helper()
		alive, err := keys.ReplaceSecrets(ctx, key.ID, next, after(now), after(end))
		require.NoError(t, err)
		return alive
	}
	require.Equal(t, 2, replace(second, 0, time.Hour))
	require.Equal(t, after(time.Hour), *end(first))
	require.Nil(t, end(second))
	require.Equal(t, 3, replace(third, 0, 2*time.Hour))
	require.Equal(t, after(time.Hour), *end(first), "what ends sooner is not kept alive")
	require.Equal(t, after(2*time.Hour), *end(second))
	_, fourth := aKey()
	require.Equal(t, 3, replace(fourth, time.Hour, 3*time.Hour), "what is over is gone")
	require.Equal(t, after(2*time.Hour), *end(second))
	_, fifth := aKey()
	require.Equal(t, 1, replace(fifth, time.Hour, time.Hour))
	for _, gone := range []apikey.Secret{first, second, third, fourth} {
		_, _, err := keys.KeyBySecret(ctx, gone.Digest)
		require.ErrorIs(t, err, apikey.ErrInvalid)
	}
	require.Nil(t, end(other), "another key's secret stays")
}

func apiKeysUse(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewAPIKeys(db), Within(t.Context(), NewTenant())
	key, _ := keepKey(ctx, t, keys)
	used := func() *time.Time {
		t.Helper()
		found, err := keys.KeyByID(ctx, key.ID)
		require.NoError(t, err)
		require.Equal(t, key.Version, found.Version, "a use is no change")
		return found.LastUsedAt
	}
	require.NoError(t, keys.MarkUsed(ctx, key.ID, after(0), after(-time.Minute)))
	require.Equal(t, after(0), *used())
	require.NoError(t, keys.MarkUsed(ctx, key.ID, after(time.Second), after(-time.Minute)))
	require.Equal(t, after(0), *used())
	require.NoError(t, keys.MarkUsed(ctx, key.ID, after(time.Minute), after(0)))
	require.Equal(t, after(time.Minute), *used())
}

func apiKeysDelete(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewAPIKeys(db), Within(t.Context(), NewTenant())
	key, proof := keepKey(ctx, t, keys)
	stale := key
	stale.Version++
	require.ErrorIs(t, keys.DeleteKey(ctx, stale), apikey.ErrChanged)
	require.NoError(t, keys.DeleteKey(ctx, key))
	require.ErrorIs(t, keys.DeleteKey(ctx, key), apikey.ErrChanged)
	_, _, err := keys.KeyBySecret(ctx, proof.Digest)
	require.ErrorIs(t, err, apikey.ErrInvalid)
	require.NoError(t, keys.InsertKey(ctx, key, proof), "its secret is gone too")
}

func apiKeysScope(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewAPIKeys(db), Within(t.Context(), NewTenant())
	mine, proof := keepKey(ctx, t, keys)
	strangers(t, func(ctx context.Context) (bool, error) {
		_, err := keys.KeyByID(ctx, mine.ID)
		return err == nil, err
	}, apikey.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		_, _, err := keys.KeyBySecret(ctx, proof.Digest)
		return err == nil, err
	}, apikey.ErrInvalid)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := keys.Keys(ctx, apikey.ID{}, 10)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		count, err := keys.CountKeys(ctx, 10)
		return count > 0, err
	}, nil)
	other := Within(ctx, NewTenant())
	_, stolen := aKey()
	require.ErrorIs(t, keys.UpdateKey(other, mine), apikey.ErrChanged)
	require.ErrorIs(t, keys.DeleteKey(other, mine), apikey.ErrChanged)
	require.NoError(t, keys.MarkUsed(other, mine.ID, after(0), after(0)))
	require.NoError(t, replaceSecrets(other, keys, mine.ID, stolen))
	_, _, err := keys.KeyBySecret(other, stolen.Digest)
	require.ErrorIs(t, err, apikey.ErrInvalid)
	found, shown, err := keys.KeyBySecret(ctx, proof.Digest)
	require.NoError(t, err)
	require.Equal(t, mine, found)
	require.Equal(t, proof, shown)
	key, first := aKey()
	require.ErrorIs(t, keys.InsertKey(t.Context(), key, first), reqctx.ErrNoTenant)
	require.ErrorIs(t, keys.UpdateKey(t.Context(), mine), reqctx.ErrNoTenant)
	require.ErrorIs(t, keys.DeleteKey(t.Context(), mine), reqctx.ErrNoTenant)
	require.ErrorIs(t, keys.MarkUsed(t.Context(), mine.ID, after(0), after(0)), reqctx.ErrNoTenant)
	require.ErrorIs(t, replaceSecrets(t.Context(), keys, mine.ID, first), reqctx.ErrNoTenant)
}

func replaceSecrets(ctx context.Context, keys *storage.APIKeys, owner apikey.ID, next apikey.Secret) error {
	_, err := keys.ReplaceSecrets(ctx, owner, next, after(0), after(0))
	return err
}

func apiKeysUpdateRace(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewAPIKeys(db), Within(t.Context(), NewTenant())
	key, _ := keepKey(ctx, t, keys)
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(keys.UpdateKey(ctx, key), apikey.ErrChanged)
	}))
}

// Two nodes that start at the same moment bring the same first key.
func apiKeysInsertRace(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewAPIKeys(db), Within(t.Context(), NewTenant())
	_, proof := aKey()
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		mine, _ := aKey()
		return won(keys.InsertKey(ctx, mine, proof), apikey.ErrChanged)
	}))
}
