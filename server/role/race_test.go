package role_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// lost tells the losers of a race from those that failed.
func lost(err error, reasons ...error) (bool, error) {
	for _, reason := range reasons {
		if errors.Is(err, reason) {
			return false, nil
		}
	}
	return err == nil, err
}

// Of those who start from the same version one changes the role, and the others are told.
func TestUpdatesOfOneVersion(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		made := h.made(ctx, t, "raced")
		require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
			name := fmt.Sprintf("name %d", racer)
			_, err := h.Update(ctx, everything(), made.ID, made.Version, role.Change{Name: &name})
			return lost(err, role.ErrChanged)
		}))
		require.Equal(t, []string{"role.created", "role.updated"}, h.told(ctx, t))
	})
}

// However often it is given at once, a user has a role once, and one event says so.
func TestAssignmentsAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		person, made := h.somebody(ctx, t, "ada"), h.made(ctx, t, "raced")
		require.Equal(t, storetest.Racers, storetest.Race(t, func(int) (bool, error) {
			held, err := h.Assign(ctx, everything(), person, made.ID)
			return err == nil && held.AssignedAt.Equal(storetest.Start()), err
		}))
		page, err := h.OfUser(ctx, person, role.ID{}, 10)
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		require.Equal(t, []string{"role.created", "role.assigned"}, h.told(ctx, t))
		storetest.Race(t, func(int) (bool, error) { return true, h.Unassign(ctx, everything(), person, made.ID) })
		require.Equal(t, []string{"role.created", "role.assigned", "role.unassigned"}, h.told(ctx, t))
	})
}

// More at once than a user may have are not had.
func TestClass_Exhaustion_RolesOfAUserAtOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		person := h.somebody(ctx, t, "ada")
		ids := make([]role.ID, 45+storetest.Racers)
		for i := range ids {
			ids[i] = h.made(ctx, t, fmt.Sprintf("role%d", i)).ID
		}
		for _, id := range ids[:45] {
			_, err := h.Assign(ctx, everything(), person, id)
			require.NoError(t, err)
		}
		require.Equal(t, 5, storetest.Race(t, func(racer int) (bool, error) {
			_, err := h.Assign(ctx, everything(), person, ids[45+racer])
			return lost(err, role.ErrUserLimit)
		}))
	})
}

// Whoever gives a role while it is deleted leaves nothing behind.
func TestAssignmentsBesideADelete(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		doomed := h.made(ctx, t, "doomed")
		people := make([]user.ID, storetest.Racers)
		for i := range people {
			people[i] = h.somebody(ctx, t, fmt.Sprintf("person%d", i))
		}
		var deleted atomic.Int32
		storetest.Race(t, func(racer int) (bool, error) {
			if racer%8 == 0 {
				won, err := lost(h.Delete(ctx, everything(), doomed.ID), role.ErrUnknown, role.ErrChanged)
				if won {
					deleted.Add(1)
				}
				return won, err
			}
			_, err := h.Assign(ctx, everything(), people[racer], doomed.ID)
			return lost(err, role.ErrUnknown)
		})
		require.EqualValues(t, 1, deleted.Load())
		left, err := storage.NewRoles(h.db).AssignmentsOfRole(ctx, doomed.ID, user.ID{}, 100)
		require.NoError(t, err)
		require.Empty(t, left)
	})
}

// A role that comes to hold more while it is given is not given by who has less.
func TestClass_SideGrant_ARoleThatGrowsWhileItIsGiven(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		person := h.somebody(ctx, t, "ada")
		for round := range 4 {
			made := h.made(ctx, t, fmt.Sprintf("grows%d", round))
			more := []role.Permission{"lintel:users:write"}
			var grown atomic.Bool
			storetest.Race(t, func(racer int) (bool, error) {
				if racer == 0 {
					_, err := h.Update(ctx, everything(), made.ID, made.Version, role.Change{Permissions: &more})
					grown.Store(true)
					return err == nil, err
				}
				late := grown.Load()
				_, err := h.Assign(ctx, []role.Permission{"lintel:roles:write"}, person, made.ID)
				if late && !errors.Is(err, role.ErrScopeExceeded) {
					return false, fmt.Errorf("given after it had grown: %w", err)
				}
				return lost(err, role.ErrScopeExceeded)
			})
			_, err := h.Assign(ctx, []role.Permission{"lintel:roles:write"}, person, made.ID)
			require.ErrorIs(t, err, role.ErrScopeExceeded)
		}
	})
}

// Whoever gives a role to somebody who is erased meanwhile leaves nothing behind.
func TestAssignmentsBesideAnErasure(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		person, made := h.somebody(ctx, t, "ada"), h.made(ctx, t, "kept")
		held := storage.NewRoles(h.db)
		_, err := h.users.Discard(ctx, person, time.Minute)
		require.NoError(t, err)
		h.clock.Advance(time.Minute)
		storetest.Race(t, func(racer int) (bool, error) {
			if racer == 0 {
				err := h.db.Run(ctx, func(ctx context.Context) error {
					if erased, err := h.users.Erase(ctx, person); err != nil || !erased {
						return errors.Join(err, errors.New("not erased"))
					}
					return held.EraseUser(ctx, person)
				})
				return err == nil, err
			}
			_, err := h.Assign(ctx, everything(), person, made.ID)
			return lost(err, user.ErrUnknown)
		})
		left, err := held.AssignmentsOfUser(ctx, person, role.ID{}, 100)
		require.NoError(t, err)
		require.Empty(t, left)
		_, _, err = h.Effective(ctx, person)
		require.ErrorIs(t, err, user.ErrUnknown)
	})
}
