package user_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

const grace = 24 * time.Hour

func TestScheduleAndCancelADeletion(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	leaving, err := h.ScheduleDeletion(ctx, made.ID, grace)
	require.NoError(t, err)
	require.Equal(t, user.DeletionScheduled, leaving.Status)
	require.Equal(t, h.clock.Now().Add(grace), *leaving.DeleteAt)
	require.ErrorIs(t, leaving.RequireActive(), user.ErrUnknown)
	_, err = h.ScheduleDeletion(ctx, made.ID, 0)
	require.ErrorIs(t, err, user.ErrUnknown, "nobody who is leaving leaves again")
	_, err = h.Create(ctx, ada())
	require.ErrorIs(t, err, user.ErrIdentifierTaken, "what finds them stays theirs meanwhile")

	cancelled, err := h.CancelDeletion(ctx, made.ID, leaving.DeleteAt.Add(time.Second))
	require.NoError(t, err)
	require.False(t, cancelled, "another deletion's notice was seen")
	cancelled, err = h.CancelDeletion(ctx, made.ID, *leaving.DeleteAt)
	require.NoError(t, err)
	require.True(t, cancelled)
	back, err := h.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.NoError(t, back.RequireActive())
	require.Nil(t, back.DeleteAt)
	cancelled, err = h.CancelDeletion(ctx, made.ID, *leaving.DeleteAt)
	require.NoError(t, err)
	require.False(t, cancelled)
	require.Equal(t, []string{"user.created", "user.deletion_scheduled", "user.deletion_cancelled"}, h.told(ctx, t))
}

func TestErase(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	erase := func() bool {
		erased, err := h.Erase(ctx, made.ID)
		require.NoError(t, err)
		return erased
	}
	require.False(t, erase(), "nobody asked for it")
	leaving, err := h.ScheduleDeletion(ctx, made.ID, grace)
	require.NoError(t, err)
	h.clock.Advance(grace - time.Microsecond)
	require.False(t, erase())
	h.clock.Advance(time.Microsecond)
	cancelled, err := h.CancelDeletion(ctx, made.ID, *leaving.DeleteAt)
	require.NoError(t, err)
	require.False(t, cancelled, "the time is over")
	require.True(t, erase())
	require.False(t, erase())
	_, err = h.ByID(ctx, made.ID)
	require.ErrorIs(t, err, user.ErrUnknown)
	tombstone, err := storage.NewUsers(h.db).UserByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, user.Deleted, tombstone.Status)
	require.JSONEq(t, `{}`, string(tombstone.Profile))
	require.Nil(t, tombstone.DeleteAt)
	require.Equal(t, []string{"user.created", "user.deletion_scheduled", "user.deleted"}, h.told(ctx, t))
	last := h.events(ctx, t)[2]
	require.JSONEq(t, `{}`, string(last.Data))
	require.Empty(t, last.Personal)
}

// To be suspended keeps nobody's data longer, and lets nobody back in.
func TestASuspensionStopsNoDeletion(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	leaving, err := h.ScheduleDeletion(ctx, made.ID, grace)
	require.NoError(t, err)
	suspended, err := h.Suspend(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, user.Suspended, suspended.Status)
	cancelled, err := h.CancelDeletion(ctx, made.ID, *leaving.DeleteAt)
	require.NoError(t, err)
	require.False(t, cancelled)
	back, err := h.Reactivate(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, user.DeletionScheduled, back.Status)
	_, err = h.Suspend(ctx, made.ID)
	require.NoError(t, err)
	h.clock.Advance(grace)
	erased, err := h.Erase(ctx, made.ID)
	require.NoError(t, err)
	require.True(t, erased)
}

// An older node knows nothing of deletions and may let somebody back in; whoever is
// active is not erased.
func TestPromise_BoringUpgrades_AnActiveUserIsNotErased(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	leaving, err := h.ScheduleDeletion(ctx, made.ID, 0)
	require.NoError(t, err)
	leaving.Status = user.Active
	require.NoError(t, storage.NewUsers(h.db).UpdateUser(ctx, leaving))
	erased, err := h.Erase(ctx, made.ID)
	require.NoError(t, err)
	require.False(t, erased)
}

// Coming back and being erased exclude each other, whoever is first.
func TestClass_SingleUse_ADeletionEndsOneWay(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	leaving, err := h.ScheduleDeletion(ctx, made.ID, grace)
	require.NoError(t, err)
	h.clock.Advance(grace - time.Microsecond)
	wins := storetest.Race(t, func(racer int) (bool, error) {
		switch racer {
		case 0:
			h.clock.Advance(time.Microsecond)
			return false, nil
		case 1, 2, 3, 4, 5, 6, 7, 8:
			return settled(h.CancelDeletion(ctx, made.ID, *leaving.DeleteAt))
		}
		return settled(h.Erase(ctx, made.ID))
	})
	require.LessOrEqual(t, wins, 1)
	if wins == 0 { // everybody who wanted to erase was too early
		erased, err := h.Erase(ctx, made.ID)
		require.NoError(t, err)
		require.True(t, erased)
	}
}

func settled(did bool, err error) (bool, error) {
	if errors.Is(err, user.ErrUnknown) || errors.Is(err, user.ErrChanged) {
		return false, nil
	}
	return did, err
}
