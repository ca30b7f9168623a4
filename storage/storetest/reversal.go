package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/reversal"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Reversals is what the store of ways back promises.
func Reversals(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip": reversalsRoundTrip,
		"Scope":     reversalsScope,
		"Delete":    reversalsDelete,
		"Race":      reversalsRace,
	})
}

func aReversal(owner user.ID) reversal.Reversal {
	made := reversal.Reversal{
		UserID: owner, ApplicationID: newApplicationID(), Digest: secret.NewToken("lu").Digest(), Content: []byte{0, 1, 0xff},
		CreatedAt: after(0), ExpiresAt: after(time.Hour),
	}
	fresh(&made.ID)
	return made
}

func reversalsRoundTrip(t *testing.T, db *storage.DB) {
	held, ctx := storage.NewReversals(db), Within(t.Context(), NewTenant())
	var owner user.ID
	fresh(&owner)
	first, second := aReversal(owner), aReversal(owner)
	_, err := held.ReversalByDigest(ctx, first.Digest)
	require.ErrorIs(t, err, reversal.ErrInvalid)
	require.NoError(t, held.InsertReversal(ctx, first))
	require.NoError(t, held.InsertReversal(ctx, second))
	found, err := held.ReversalByDigest(ctx, first.Digest)
	require.NoError(t, err)
	require.Equal(t, first, found)
	all, err := held.ReversalsOfUser(ctx, owner)
	require.NoError(t, err)
	require.ElementsMatch(t, []reversal.Reversal{first, second}, all)
	again := aReversal(owner)
	again.Digest = first.Digest
	require.Error(t, held.InsertReversal(ctx, again), "one link opens one")

	require.NoError(t, held.EraseUser(ctx, owner))
	all, err = held.ReversalsOfUser(ctx, owner)
	require.NoError(t, err)
	require.Empty(t, all)
}

func reversalsScope(t *testing.T, db *storage.DB) {
	held, ctx, elsewhere := storage.NewReversals(db), Within(t.Context(), NewTenant()), Within(t.Context(), NewTenant())
	var owner user.ID
	fresh(&owner)
	mine := aReversal(owner)
	require.NoError(t, held.InsertReversal(ctx, mine))
	_, err := held.ReversalByDigest(elsewhere, mine.Digest)
	require.ErrorIs(t, err, reversal.ErrInvalid)
	all, err := held.ReversalsOfUser(elsewhere, owner)
	require.NoError(t, err)
	require.Empty(t, all)
	deleted, err := held.DeleteReversal(elsewhere, mine.ID)
	require.NoError(t, err)
	require.False(t, deleted)
	require.NoError(t, held.EraseUser(elsewhere, owner))
	found, err := held.ReversalByDigest(ctx, mine.Digest)
	require.NoError(t, err)
	require.Equal(t, mine, found)
	for _, without := range []error{
		held.InsertReversal(t.Context(), aReversal(owner)), held.EraseUser(t.Context(), owner),
	} {
		require.Error(t, without)
	}
	_, err = held.ReversalByDigest(t.Context(), mine.Digest)
	require.Error(t, err)
	_, err = held.ReversalsOfUser(t.Context(), owner)
	require.Error(t, err)
}

func reversalsDelete(t *testing.T, db *storage.DB) {
	held, ctx := storage.NewReversals(db), Within(t.Context(), NewTenant())
	var owner user.ID
	fresh(&owner)
	old, young := aReversal(owner), aReversal(owner)
	young.ExpiresAt = after(2 * time.Hour)
	require.NoError(t, held.InsertReversal(ctx, old))
	require.NoError(t, held.InsertReversal(ctx, young))
	every := reqctx.WithEveryTenant(t.Context())
	_, err := held.DeleteReversals(every, old.ExpiresAt, 1000)
	require.NoError(t, err)
	left, err := held.ReversalsOfUser(ctx, owner)
	require.NoError(t, err)
	require.Equal(t, []reversal.Reversal{young}, left)
	_, err = held.DeleteReversals(ctx, old.ExpiresAt, 1000)
	require.Error(t, err, "it is for all tenants")
}

// One of many who spend a way back at once does.
func reversalsRace(t *testing.T, db *storage.DB) {
	held, ctx := storage.NewReversals(db), Within(t.Context(), NewTenant())
	var owner user.ID
	fresh(&owner)
	spent := aReversal(owner)
	require.NoError(t, held.InsertReversal(ctx, spent))
	var mu sync.Mutex
	var racers sync.WaitGroup
	won := 0
	for range 16 {
		racers.Go(func() {
			err := db.Run(ctx, func(ctx context.Context) error {
				deleted, err := held.DeleteReversal(ctx, spent.ID)
				mu.Lock()
				defer mu.Unlock()
				if deleted {
					won++
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	racers.Wait()
	require.Equal(t, 1, won)
}
