package storetest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// MessageBudgets is what the store of the messages' budgets promises.
func MessageBudgets(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"Reserve":     budgetsReserve,
		"ReserveRace": budgetsReserveRace,
		"GiveBack":    budgetsGiveBack,
		"Scope":       budgetsScope,
		"Written":     budgetsWritten,
		"Ranges":      budgetsRanges,
		"Delete":      budgetsDelete,
	})
}

func anAsk(key byte, most, least, block int64) budget.Ask {
	return budget.Ask{Key: budget.Key{key}, Start: after(0), End: after(time.Hour), Most: most, Least: least, Block: block}
}

func reserved(ctx context.Context, t *testing.T, db *storage.DB, asks ...budget.Ask) []budget.Grant {
	t.Helper()
	grants, err := storage.NewMessageBudgets(db).Reserve(ctx, asks)
	require.NoError(t, err)
	return grants
}

// The blocks become smaller as what is left does, and never more is given than there is.
func budgetsReserve(t *testing.T, db *storage.DB) {
	ctx := Within(t.Context(), NewTenant())
	for _, want := range []budget.Grant{{Got: 12, Left: 88}, {Got: 11, Left: 77}, {Got: 9, Left: 68}} {
		require.Equal(t, []budget.Grant{want}, reserved(ctx, t, db, anAsk(1, 100, 1, 50)))
	}
	require.Equal(t, []budget.Grant{{Got: 5, Left: 63}, {Got: 5, Left: 995}}, reserved(ctx, t, db, anAsk(1, 100, 1, 5), anAsk(2, 1000, 1, 5)), "no more than the block")
	require.Equal(t, []budget.Grant{{Got: 60, Left: 3}}, reserved(ctx, t, db, anAsk(1, 100, 60, 60)), "no less than the least")
	require.Equal(t, []budget.Grant{{Got: 0, Left: 0}}, reserved(ctx, t, db, anAsk(1, 100, 4, 4)), "what is of no use is left")
	require.Equal(t, []budget.Grant{{Got: 1, Left: 2}}, reserved(ctx, t, db, anAsk(1, 100, 1, 50)))
	require.Equal(t, []budget.Grant{{Got: 2, Left: 0}}, reserved(ctx, t, db, anAsk(1, 100, 2, 50)))
	require.Equal(t, []budget.Grant{{}, {Got: 5, Left: 990}}, reserved(ctx, t, db, anAsk(1, 100, 1, 50), anAsk(2, 1000, 1, 5)), "one budget that is spent keeps no other back")
	require.Equal(t, []budget.Grant{{}}, reserved(ctx, t, db, anAsk(3, 5, 6, 6)), "what costs more than there ever is")
	next := anAsk(1, 100, 1, 50)
	next.Start, next.End = next.End, after(2*time.Hour)
	require.Equal(t, []budget.Grant{{Got: 12, Left: 88}}, reserved(ctx, t, db, next), "another window has all of it")
	require.Equal(t, []budget.Grant{{}}, reserved(ctx, t, db, anAsk(1, 50, 1, 50)), "less may be had by now than was given")
}

func budgetsReserveRace(t *testing.T, db *storage.DB) {
	ctx := Within(t.Context(), NewTenant())
	var got atomic.Int64
	won := Race(t, func(int) (bool, error) {
		for range 20 {
			grants, err := storage.NewMessageBudgets(db).Reserve(ctx, []budget.Ask{anAsk(1, 100, 1, 4)})
			if err != nil {
				return false, err
			}
			got.Add(grants[0].Got)
		}
		return false, nil
	})
	require.Zero(t, won)
	require.EqualValues(t, 100, got.Load())
}

func budgetsGiveBack(t *testing.T, db *storage.DB) {
	ctx, budgets := Within(t.Context(), NewTenant()), storage.NewMessageBudgets(db)
	require.Equal(t, []budget.Grant{{Got: 20, Left: 0}}, reserved(ctx, t, db, anAsk(1, 20, 20, 20)))
	require.NoError(t, budgets.GiveBack(ctx, []budget.Unspent{
		{Key: budget.Key{1}, Start: after(0), Amount: 7}, {Key: budget.Key{9}, Start: after(0), Amount: 7}, {Key: budget.Key{1}, Start: after(time.Hour), Amount: 7},
	}))
	require.NoError(t, budgets.GiveBack(ctx, []budget.Unspent{{Key: budget.Key{1}, Start: after(0), Amount: 14}}), "more than is reserved is not believed")
	require.Equal(t, []budget.Grant{{Got: 7, Left: 0}}, reserved(ctx, t, db, anAsk(1, 20, 7, 7)))
	require.Equal(t, []budget.Grant{{}}, reserved(ctx, t, db, anAsk(1, 20, 1, 1)))
	require.NoError(t, budgets.ForgetBudget(ctx, budget.Key{1}))
	require.Equal(t, []budget.Grant{{Got: 2, Left: 18}}, reserved(ctx, t, db, anAsk(1, 20, 1, 20)))
}

func budgetsScope(t *testing.T, db *storage.DB) {
	ctx, budgets := Within(t.Context(), NewTenant()), storage.NewMessageBudgets(db)
	require.Equal(t, []budget.Grant{{Got: 20, Left: 0}}, reserved(ctx, t, db, anAsk(1, 20, 20, 20)))
	strangers(t, func(ctx context.Context) (bool, error) {
		return false, budgets.GiveBack(ctx, []budget.Unspent{{Key: budget.Key{1}, Start: after(0), Amount: 7}})
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) { return false, budgets.ForgetBudget(ctx, budget.Key{1}) }, nil)
	require.Equal(t, []budget.Grant{{}}, reserved(ctx, t, db, anAsk(1, 20, 1, 1)))
	require.Equal(t, []budget.Grant{{Got: 20, Left: 0}}, reserved(Within(t.Context(), NewTenant()), t, db, anAsk(1, 20, 20, 20)), "each tenant has its own")
	_, err := budgets.DeleteEnded(ctx, after(0), 1)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
}

func budgetsWritten(t *testing.T, db *storage.DB) {
	budgets := storage.NewMessageBudgets(db)
	ctx, first := posted(t, db)
	second := aMessage(first.Tenant)
	second.CreatedAt = after(time.Second)
	require.NoError(t, storage.NewMessages(db).InsertMessage(ctx, second))
	all, err := storage.NewMessages(db).Messages(ctx, message.Filter{Address: &first.Address}, message.ID{}, 5)
	require.NoError(t, err)
	for limit, want := range [][]time.Time{{}, {all[0].CreatedAt}, {all[0].CreatedAt, all[1].CreatedAt}, {all[0].CreatedAt, all[1].CreatedAt}} {
		times, err := budgets.WrittenAt(ctx, first.Address, []string{"other"}, limit)
		require.NoError(t, err)
		require.Equal(t, want, times)
	}
	aside, err := budgets.WrittenAt(ctx, first.Address, []string{string(first.Kind), string(second.Kind)}, 5)
	require.NoError(t, err)
	require.Empty(t, aside)
	times, err := budgets.WrittenAt(ctx, budget.Key{9}, nil, 5)
	require.NoError(t, err)
	require.Empty(t, times)
	strangers(t, func(ctx context.Context) (bool, error) {
		times, err := budgets.WrittenAt(ctx, first.Address, nil, 5)
		return len(times) > 0, err
	}, nil)
}

func budgetsRanges(t *testing.T, db *storage.DB) {
	ctx, budgets := Within(t.Context(), NewTenant()), storage.NewMessageBudgets(db)
	one := budget.Range{Prefix: "447700", Country: "GB", Numbers: 20, StoppedAt: after(0), EndsAt: after(time.Hour)}
	other := budget.Range{Prefix: "491511", Country: "DE", Numbers: 3, StoppedAt: after(0), EndsAt: after(2 * time.Hour)}
	require.Equal(t, 1, Race(t, func(int) (bool, error) { return budgets.StopRange(ctx, one) }), "one of them stops it, and tells")
	begun, err := budgets.StopRange(ctx, other)
	require.NoError(t, err)
	require.True(t, begun)
	found, err := budgets.RangeByPrefix(ctx, "447700", after(time.Hour-time.Microsecond))
	require.NoError(t, err)
	require.Equal(t, one, found)
	_, err = budgets.RangeByPrefix(ctx, "447700", after(time.Hour))
	require.ErrorIs(t, err, budget.ErrRangeUnknown)
	require.ErrorIs(t, budgets.LiftRange(ctx, "447700", after(time.Hour)), budget.ErrRangeUnknown)
	for from, want := range map[string][]budget.Range{"": {one, other}, "447700": {other}, "491511": {}} {
		found, err := budgets.Ranges(ctx, from, after(0), 5)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := budgets.Ranges(ctx, "", after(0), 5)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := budgets.RangeByPrefix(ctx, "447700", after(0))
		return found.Prefix != "", err
	}, budget.ErrRangeUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		return false, budgets.LiftRange(ctx, "447700", after(0))
	}, budget.ErrRangeUnknown)
	again := budget.Range{Prefix: "447700", Country: "GG", Numbers: 5, StoppedAt: after(time.Hour), EndsAt: after(3 * time.Hour)}
	begun, err = budgets.StopRange(ctx, again)
	require.NoError(t, err)
	require.True(t, begun, "the first stop has ended")
	found, err = budgets.RangeByPrefix(ctx, "447700", after(time.Hour))
	require.NoError(t, err)
	require.Equal(t, again, found)
	require.NoError(t, budgets.LiftRange(ctx, "447700", after(time.Hour)))
	require.ErrorIs(t, budgets.LiftRange(ctx, "447700", after(time.Hour)), budget.ErrRangeUnknown)
}

func budgetsDelete(t *testing.T, db *storage.DB) {
	ctx, budgets := Within(t.Context(), NewTenant()), storage.NewMessageBudgets(db)
	reserved(ctx, t, db, anAsk(1, 20, 20, 20), anAsk(2, 20, 20, 20))
	_, err := budgets.StopRange(ctx, budget.Range{Prefix: "447700", Country: "GB", Numbers: 20, StoppedAt: after(0), EndsAt: after(time.Hour)})
	require.NoError(t, err)
	for _, test := range []struct {
		before time.Duration
		want   int
	}{{time.Hour - time.Microsecond, 0}, {time.Hour, 1}, {time.Hour, 1}, {time.Hour, 0}} {
		count, err := budgets.DeleteEnded(everywhere(t), after(test.before), 1)
		require.NoError(t, err)
		require.Equal(t, test.want, count)
	}
	require.Equal(t, []budget.Grant{{Got: 2, Left: 18}}, reserved(ctx, t, db, anAsk(1, 20, 1, 20)), "it is gone")
	_, err = budgets.RangeByPrefix(ctx, "447700", after(0))
	require.ErrorIs(t, err, budget.ErrRangeUnknown)
}
