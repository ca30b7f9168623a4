package storetest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Roles is what the store of roles and their assignments promises.
func Roles(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":      rolesRoundTrip,
		"List":           rolesList,
		"Key":            rolesKey,
		"Assignments":    rolesAssignments,
		"Delete":         rolesDelete,
		"Holds":          rolesHolds,
		"Erase":          rolesErase,
		"Scope":          rolesScope,
		"UpdateRace":     rolesUpdateRace,
		"KeyRace":        rolesKeyRace,
		"AssignmentRace": rolesAssignmentRace,
		"DeleteRace":     rolesDeleteRace,
		"EraseRace":      rolesEraseRace,
	})
}

func aRole() role.Role {
	made := role.Role{
		Name: unicode, Description: unicode, Permissions: []role.Permission{"invoices:read", "lintel:users:read"},
		CreatedAt: after(0), UpdatedAt: after(0), Version: 1,
	}
	fresh(&made.ID)
	made.Key = made.ID.String()
	return made
}

func keepRole(ctx context.Context, t *testing.T, roles *storage.Roles) role.Role {
	t.Helper()
	made := aRole()
	require.NoError(t, roles.InsertRole(ctx, made))
	return made
}

func anAssignment(person user.ID, given role.ID) role.Assignment {
	return role.Assignment{UserID: person, RoleID: given, AssignedAt: after(0)}
}

func keepAssignment(ctx context.Context, t *testing.T, roles *storage.Roles, person user.ID, given role.ID) role.Assignment {
	t.Helper()
	added := anAssignment(person, given)
	made, err := roles.InsertAssignment(ctx, added)
	require.NoError(t, err)
	require.True(t, made)
	return added
}

func rolesRoundTrip(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	kept, bare := keepRole(ctx, t, roles), role.Role{Permissions: []role.Permission{}}
	fresh(&bare.ID)
	require.NoError(t, roles.InsertRole(ctx, bare))
	for _, want := range []role.Role{kept, bare} {
		found, err := roles.RoleByID(ctx, want.ID)
		require.NoError(t, err)
		require.Equal(t, want, found)
		found, err = roles.RoleByKey(ctx, want.Key)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
	found, err := roles.RolesByID(ctx, []role.ID{bare.ID, aRole().ID, kept.ID})
	require.NoError(t, err)
	require.ElementsMatch(t, []role.Role{kept, bare}, found)
	_, err = roles.RoleByID(ctx, aRole().ID)
	require.ErrorIs(t, err, role.ErrUnknown)
	_, err = roles.RoleByKey(ctx, "nobody")
	require.ErrorIs(t, err, role.ErrUnknown)

	changed := kept
	changed.Name, changed.Description, changed.Permissions, changed.UpdatedAt = "other", "", []role.Permission{}, after(time.Minute)
	require.NoError(t, roles.UpdateRole(ctx, changed))
	require.ErrorIs(t, roles.UpdateRole(ctx, changed), role.ErrChanged)
	changed.Version++
	stored, err := roles.RoleByID(ctx, kept.ID)
	require.NoError(t, err)
	require.Equal(t, changed, stored)
}

func rolesList(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	kept := map[role.ID]bool{}
	for range 5 {
		kept[keepRole(ctx, t, roles).ID] = true
	}
	var last role.ID
	for range 5 {
		page, err := roles.Roles(ctx, last, 1)
		require.NoError(t, err)
		require.Len(t, page, 1)
		require.Greater(t, page[0].ID.String(), last.String())
		require.True(t, kept[page[0].ID])
		last = page[0].ID
	}
	page, err := roles.Roles(ctx, last, 10)
	require.NoError(t, err)
	require.Empty(t, page)
	for bound, count := range map[int]int{1: 1, 4: 4, 100: 5} {
		counted, err := roles.CountRoles(ctx, bound)
		require.NoError(t, err)
		require.Equal(t, count, counted)
	}
}

// A key is one role's within a tenant, and free again once that is gone.
func rolesKey(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	kept, other := keepRole(ctx, t, roles), aRole()
	other.Key = kept.Key
	swallowed(ctx, t, db, role.ErrKeyTaken, func(ctx context.Context) error { return roles.InsertRole(ctx, other) })
	require.NoError(t, roles.InsertRole(Within(ctx, NewTenant()), other))
	require.NoError(t, roles.DeleteRole(ctx, kept))
	require.NoError(t, roles.InsertRole(ctx, other))
}

func rolesAssignments(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	person, given := newUserID(), keepRole(ctx, t, roles).ID
	first := keepAssignment(ctx, t, roles, person, given)
	again := first
	again.AssignedAt = after(time.Hour)
	made, err := roles.InsertAssignment(ctx, again)
	require.NoError(t, err)
	require.False(t, made)
	found, err := roles.AssignmentOf(ctx, person, given)
	require.NoError(t, err)
	require.Equal(t, first, found)
	for range 3 {
		keepAssignment(ctx, t, roles, newUserID(), given)
		keepAssignment(ctx, t, roles, person, aRole().ID)
	}
	var lastRole role.ID
	var lastUser user.ID
	for range 4 {
		held, err := roles.AssignmentsOfUser(ctx, person, lastRole, 1)
		require.NoError(t, err)
		require.Equal(t, person, held[0].UserID)
		require.Greater(t, held[0].RoleID.String(), lastRole.String())
		lastRole = held[0].RoleID
		holders, err := roles.AssignmentsOfRole(ctx, given, lastUser, 1)
		require.NoError(t, err)
		require.Equal(t, given, holders[0].RoleID)
		require.Greater(t, holders[0].UserID.String(), lastUser.String())
		lastUser = holders[0].UserID
	}
	held, err := roles.AssignmentsOfUser(ctx, person, lastRole, 10)
	require.NoError(t, err)
	require.Empty(t, held)
	holders, err := roles.AssignmentsOfRole(ctx, given, lastUser, 10)
	require.NoError(t, err)
	require.Empty(t, holders)

	for _, want := range []bool{true, false} {
		gone, err := roles.DeleteAssignment(ctx, person, given)
		require.NoError(t, err)
		require.Equal(t, want, gone)
	}
	_, err = roles.AssignmentOf(ctx, person, given)
	require.ErrorIs(t, err, role.ErrUnknown)
	held, err = roles.AssignmentsOfUser(ctx, person, role.ID{}, 10)
	require.NoError(t, err)
	require.Len(t, held, 3, "the others stay")
}

func rolesDelete(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	gone, stays, person := keepRole(ctx, t, roles), keepRole(ctx, t, roles), newUserID()
	keepAssignment(ctx, t, roles, person, gone.ID)
	kept := keepAssignment(ctx, t, roles, person, stays.ID)
	stale := gone
	stale.Version++
	require.ErrorIs(t, roles.DeleteRole(ctx, stale), role.ErrChanged)
	require.NoError(t, roles.DeleteRole(ctx, gone))
	require.ErrorIs(t, roles.DeleteRole(ctx, gone), role.ErrChanged)
	held, err := roles.AssignmentsOfUser(ctx, person, role.ID{}, 10)
	require.NoError(t, err)
	require.Equal(t, []role.Assignment{kept}, held)
}

// Holding changes nothing, and finds out who is gone.
func rolesHolds(t *testing.T, db *storage.DB) {
	roles, users, ctx := storage.NewRoles(db), storage.NewUsers(db), Within(t.Context(), NewTenant())
	kept, person := keepRole(ctx, t, roles), aUser("ada")
	require.NoError(t, users.InsertUser(ctx, person))
	before, err := users.UserByID(ctx, person.ID)
	require.NoError(t, err)
	require.NoError(t, roles.HoldRole(ctx, kept.ID))
	require.NoError(t, roles.HoldUser(ctx, person.ID))
	found, err := roles.RoleByID(ctx, kept.ID)
	require.NoError(t, err)
	require.Equal(t, kept, found)
	after, err := users.UserByID(ctx, person.ID)
	require.NoError(t, err)
	require.Equal(t, before, after)
	after.Status = user.Deleted
	require.NoError(t, users.UpdateUser(ctx, after))
	require.ErrorIs(t, roles.HoldUser(ctx, person.ID), user.ErrUnknown)
	require.ErrorIs(t, roles.HoldUser(ctx, newUserID()), user.ErrUnknown)
	require.ErrorIs(t, roles.HoldRole(ctx, aRole().ID), role.ErrUnknown)
}

func rolesErase(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	person, other, given := newUserID(), newUserID(), keepRole(ctx, t, roles).ID
	keepAssignment(ctx, t, roles, person, given)
	keepAssignment(ctx, t, roles, person, aRole().ID)
	stays := keepAssignment(ctx, t, roles, other, given)
	require.NoError(t, roles.EraseUser(Within(ctx, NewTenant()), person))
	require.NoError(t, roles.EraseUser(ctx, person))
	held, err := roles.AssignmentsOfUser(ctx, person, role.ID{}, 10)
	require.NoError(t, err)
	require.Empty(t, held)
	holders, err := roles.AssignmentsOfRole(ctx, given, user.ID{}, 10)
	require.NoError(t, err)
	require.Equal(t, []role.Assignment{stays}, holders)
}

func rolesScope(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	mine, person := keepRole(ctx, t, roles), aUser("ada")
	require.NoError(t, storage.NewUsers(db).InsertUser(ctx, person))
	kept := keepAssignment(ctx, t, roles, person.ID, mine.ID)
	for _, read := range []func(ctx context.Context) (int, error){
		func(ctx context.Context) (int, error) { return counted(roles.Roles(ctx, role.ID{}, 10)) },
		func(ctx context.Context) (int, error) { return counted(roles.RolesByID(ctx, []role.ID{mine.ID})) },
		func(ctx context.Context) (int, error) { return roles.CountRoles(ctx, 10) },
		func(ctx context.Context) (int, error) {
			return counted(roles.AssignmentsOfUser(ctx, person.ID, role.ID{}, 10))
		},
		func(ctx context.Context) (int, error) {
			return counted(roles.AssignmentsOfRole(ctx, mine.ID, user.ID{}, 10))
		},
	} {
		strangers(t, func(ctx context.Context) (bool, error) {
			count, err := read(ctx)
			return count > 0, err
		}, nil)
	}
	for _, read := range []func(ctx context.Context) error{
		func(ctx context.Context) error { _, err := roles.RoleByID(ctx, mine.ID); return err },
		func(ctx context.Context) error { _, err := roles.RoleByKey(ctx, mine.Key); return err },
		func(ctx context.Context) error { _, err := roles.AssignmentOf(ctx, person.ID, mine.ID); return err },
		func(ctx context.Context) error { return roles.HoldRole(ctx, mine.ID) },
	} {
		strangers(t, func(ctx context.Context) (bool, error) { err := read(ctx); return err == nil, err }, role.ErrUnknown)
	}
	strangers(t, func(ctx context.Context) (bool, error) {
		err := roles.HoldUser(ctx, person.ID)
		return err == nil, err
	}, user.ErrUnknown)
	other := Within(ctx, NewTenant())
	require.ErrorIs(t, roles.UpdateRole(other, mine), role.ErrChanged)
	require.ErrorIs(t, roles.DeleteRole(other, mine), role.ErrChanged)
	gone, err := roles.DeleteAssignment(other, person.ID, mine.ID)
	require.NoError(t, err)
	require.False(t, gone)
	found, err := roles.AssignmentOf(ctx, person.ID, mine.ID)
	require.NoError(t, err)
	require.Equal(t, kept, found)
	for _, write := range []func(ctx context.Context) error{
		func(ctx context.Context) error { return roles.InsertRole(ctx, aRole()) },
		func(ctx context.Context) error { return roles.UpdateRole(ctx, mine) },
		func(ctx context.Context) error { return roles.DeleteRole(ctx, mine) },
		func(ctx context.Context) error { _, err := roles.InsertAssignment(ctx, kept); return err },
		func(ctx context.Context) error { _, err := roles.DeleteAssignment(ctx, person.ID, mine.ID); return err },
		func(ctx context.Context) error { return roles.EraseUser(ctx, person.ID) },
	} {
		require.ErrorIs(t, write(t.Context()), reqctx.ErrNoTenant)
	}
}

func counted[T any](found []T, err error) (int, error) { return len(found), err }

func rolesUpdateRace(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	kept := keepRole(ctx, t, roles)
	require.Equal(t, 1, Race(t, func(int) (bool, error) { return won(roles.UpdateRole(ctx, kept), role.ErrChanged) }))
}

func rolesKeyRace(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		mine := aRole()
		mine.Key = "wanted"
		return won(roles.InsertRole(ctx, mine), role.ErrKeyTaken)
	}))
}

func rolesAssignmentRace(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	person, given := newUserID(), keepRole(ctx, t, roles).ID
	require.Equal(t, 1, Race(t, func(int) (bool, error) { return roles.InsertAssignment(ctx, anAssignment(person, given)) }))
}

// Whoever holds the role while they give it leaves nothing behind when it is deleted.
func rolesDeleteRace(t *testing.T, db *storage.DB) {
	roles, ctx := storage.NewRoles(db), Within(t.Context(), NewTenant())
	doomed := keepRole(ctx, t, roles)
	var deleted atomic.Int32
	Race(t, func(racer int) (bool, error) {
		if racer%4 == 0 {
			gone, err := won(roles.DeleteRole(ctx, doomed), role.ErrChanged)
			if gone {
				deleted.Add(1)
			}
			return gone, err
		}
		return won(db.Run(ctx, func(ctx context.Context) error {
			if err := roles.HoldRole(ctx, doomed.ID); err != nil {
				return err
			}
			_, err := roles.InsertAssignment(ctx, anAssignment(newUserID(), doomed.ID))
			return err
		}), role.ErrUnknown)
	})
	require.EqualValues(t, 1, deleted.Load())
	left, err := roles.AssignmentsOfRole(ctx, doomed.ID, user.ID{}, 100)
	require.NoError(t, err)
	require.Empty(t, left)
}

// Likewise for a user who is erased meanwhile.
func rolesEraseRace(t *testing.T, db *storage.DB) {
	roles, users, ctx := storage.NewRoles(db), storage.NewUsers(db), Within(t.Context(), NewTenant())
	person := aUser("ada")
	require.NoError(t, users.InsertUser(ctx, person))
	tomb := person
	tomb.Status = user.Deleted
	Race(t, func(racer int) (bool, error) {
		if racer == 0 {
			err := db.Run(ctx, func(ctx context.Context) error {
				if err := users.UpdateUser(ctx, tomb); err != nil {
					return err
				}
				return roles.EraseUser(ctx, person.ID)
			})
			return err == nil, err
		}
		return won(db.Run(ctx, func(ctx context.Context) error {
			if err := roles.HoldUser(ctx, person.ID); err != nil {
				return err
			}
			_, err := roles.InsertAssignment(ctx, anAssignment(person.ID, aRole().ID))
			return err
		}), user.ErrUnknown)
	})
	left, err := roles.AssignmentsOfUser(ctx, person.ID, role.ID{}, 100)
	require.NoError(t, err)
	require.Empty(t, left)
}
