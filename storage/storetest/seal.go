package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/storage"
)

// UserKeys is what the store of the keys per user promises.
func UserKeys(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":   userKeysRoundTrip,
		"Scope":       userKeysScope,
		"Destroyed":   userKeysDestroyed,
		"InsertRace":  userKeysInsertRace,
		"DestroyRace": userKeysDestroyRace,
	})
}

const person = "usr_01jq" + unicode

// The loser of two units that make a user's first key goes on with the winner's.
func userKeysRoundTrip(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewUserKeys(db), Within(t.Context(), NewTenant())
	_, err := keys.UserKey(ctx, person)
	require.ErrorIs(t, err, seal.ErrNoUserKey)
	require.NoError(t, keys.InsertUserKey(ctx, person, []byte{0, 1, 0xff}))
	require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
		require.ErrorIs(t, keys.InsertUserKey(ctx, person, []byte{2}), seal.ErrUserKeyExists)
		found, err := keys.UserKey(ctx, person)
		require.Equal(t, []byte{0, 1, 0xff}, found)
		return err
	}))
	_, err = keys.UserKey(ctx, person+" ")
	require.ErrorIs(t, err, seal.ErrNoUserKey)
	require.Error(t, keys.InsertUserKey(ctx, "other", nil), "an empty key would be a tombstone")
}

func userKeysScope(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewUserKeys(db), Within(t.Context(), NewTenant())
	require.NoError(t, keys.InsertUserKey(ctx, person, []byte{1}))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := keys.UserKey(ctx, person)
		return found != nil, err
	}, seal.ErrNoUserKey)
	require.ErrorIs(t, keys.InsertUserKey(t.Context(), person, []byte{1}), reqctx.ErrNoTenant)
	require.ErrorIs(t, keys.DestroyUserKey(t.Context(), person), reqctx.ErrNoTenant)
	require.NoError(t, keys.DestroyUserKey(Within(ctx, NewTenant()), person))
	found, err := keys.UserKey(ctx, person)
	require.NoError(t, err)
	require.Equal(t, []byte{1}, found)
}

// An erased user never gets a key again, or a late event would make them readable.
func userKeysDestroyed(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewUserKeys(db), Within(t.Context(), NewTenant())
	require.NoError(t, keys.InsertUserKey(ctx, "had one", []byte{1}))
	require.NoError(t, keys.InsertUserKey(ctx, "bystander", []byte{1}))
	for _, erased := range []string{"had one", "had none"} {
		for range 2 {
			require.NoError(t, keys.DestroyUserKey(ctx, erased))
			_, err := keys.UserKey(ctx, erased)
			require.ErrorIs(t, err, seal.ErrDestroyed)
			require.ErrorIs(t, keys.InsertUserKey(ctx, erased, []byte{2}), seal.ErrUserKeyExists)
		}
	}
	_, err := keys.UserKey(ctx, "bystander")
	require.NoError(t, err)
}

func userKeysInsertRace(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewUserKeys(db), Within(t.Context(), NewTenant())
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		return won(keys.InsertUserKey(ctx, person, []byte{byte(racer)}), seal.ErrUserKeyExists)
	}))
}

// Whatever the order of erasure and first use, no key is left.
func userKeysDestroyRace(t *testing.T, db *storage.DB) {
	keys, ctx := storage.NewUserKeys(db), Within(t.Context(), NewTenant())
	Race(t, func(racer int) (bool, error) {
		if racer%2 == 0 {
			return true, keys.DestroyUserKey(ctx, person)
		}
		err := keys.InsertUserKey(ctx, person, []byte{byte(racer)})
		if errors.Is(err, seal.ErrUserKeyExists) {
			err = nil
		}
		return true, err
	})
	_, err := keys.UserKey(ctx, person)
	require.ErrorIs(t, err, seal.ErrDestroyed)
}
