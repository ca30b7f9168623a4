package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

func anIdentifier(name string) user.Identifier {
	return user.Identifier{
		ID: newIdentifierID(), Type: user.Email, Value: name + "@Example.com", Lookup: name + "@example.com",
		CreatedAt: after(time.Hour),
	}
}

func heldBy(ctx context.Context, t *testing.T, users *storage.Users, owner user.ID) []user.Identifier {
	t.Helper()
	found, err := users.UserByID(ctx, owner)
	require.NoError(t, err)
	return found.Identifiers
}

func usersIdentifiers(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	mine, theirs := aUser("mine"), aUser("theirs")
	require.NoError(t, users.InsertUser(ctx, mine))
	require.NoError(t, users.InsertUser(ctx, theirs))
	want := mine.Identifiers

	added := anIdentifier("added")
	require.NoError(t, users.InsertIdentifier(ctx, mine.ID, added))
	want = append(want, added)
	require.Equal(t, want, heldBy(ctx, t, users, mine.ID), "after those there were")
	found, err := users.UserByIdentifier(ctx, user.Email, added.Lookup)
	require.NoError(t, err)
	require.Equal(t, mine.ID, found.ID)
	for _, taken := range []user.Identifier{added, theirs.Identifiers[0]} {
		for _, owner := range []user.ID{mine.ID, theirs.ID} {
			swallowed(ctx, t, db, user.ErrIdentifierTaken, func(ctx context.Context) error {
				return users.InsertIdentifier(ctx, owner, taken)
			})
		}
	}

	added.Primary = true
	require.NoError(t, users.UpdateIdentifier(ctx, mine.ID, added))
	want[1].Primary, want[3].Primary = false, true
	require.Equal(t, want, heldBy(ctx, t, users, mine.ID), "one primary of its type, and the other types as they were")
	require.NoError(t, users.UpdateIdentifier(ctx, mine.ID, added))
	for _, proven := range []*time.Time{at(time.Minute), nil} {
		want[1].VerifiedAt = proven
		require.NoError(t, users.UpdateIdentifier(ctx, mine.ID, want[1]))
		require.Equal(t, want, heldBy(ctx, t, users, mine.ID), "nothing else changes")
	}
	swallowed(ctx, t, db, user.ErrIdentifierUnknown, func(ctx context.Context) error {
		return users.UpdateIdentifier(ctx, mine.ID, theirs.Identifiers[1])
	})
	require.Equal(t, want, heldBy(ctx, t, users, mine.ID))

	require.ErrorIs(t, users.DeleteIdentifier(ctx, mine.ID, theirs.Identifiers[1]), user.ErrIdentifierUnknown)
	require.NoError(t, users.DeleteIdentifier(ctx, mine.ID, want[1]))
	require.ErrorIs(t, users.DeleteIdentifier(ctx, mine.ID, want[1]), user.ErrIdentifierUnknown)
	require.NoError(t, users.InsertIdentifier(ctx, theirs.ID, want[1]), "what was given up is free")
	again := anIdentifier("again")
	require.NoError(t, users.InsertIdentifier(ctx, mine.ID, again))
	require.Equal(t, []user.Identifier{want[0], want[2], want[3], again}, heldBy(ctx, t, users, mine.ID))
}

func usersIdentifierScope(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	mine := aUser("mine")
	require.NoError(t, users.InsertUser(ctx, mine))
	strangers(t, func(ctx context.Context) (bool, error) {
		err := users.DeleteIdentifier(ctx, mine.ID, mine.Identifiers[0])
		return err == nil, err
	}, user.ErrIdentifierUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := users.UpdateIdentifier(ctx, mine.ID, mine.Identifiers[0])
		return err == nil, err
	}, user.ErrIdentifierUnknown)
	elsewhere := Within(t.Context(), NewTenant())
	require.Error(t, users.InsertIdentifier(elsewhere, mine.ID, anIdentifier("lost")), "nobody there is that user")
	require.Equal(t, mine.Identifiers, heldBy(ctx, t, users, mine.ID))
}

func usersIdentifierRace(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	wanted := anIdentifier("wanted")
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		owner := aUser(fmt.Sprint("racer", racer))
		if err := users.InsertUser(ctx, owner); err != nil {
			return false, err
		}
		return won(users.InsertIdentifier(ctx, owner.ID, wanted), user.ErrIdentifierTaken)
	}))
}

// What a node has stored that knew of no ids has one here, the same at every read and
// after whatever else the user changes.
func usersOfAnEarlierNode(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	old := aUser("old")
	for i := range old.Identifiers {
		old.Identifiers[i].ID = user.IdentifierID{}
	}
	require.NoError(t, users.InsertUser(ctx, old))
	want := old.WithIdentifierIDs().Identifiers
	require.Equal(t, want, heldBy(ctx, t, users, old.ID))
	ids := map[user.IdentifierID]bool{}
	for _, held := range want {
		ids[held.ID] = true
		var again user.IdentifierID
		require.NoError(t, again.UnmarshalText([]byte(held.ID.String())))
	}
	require.Len(t, ids, len(want))

	require.NoError(t, users.DeleteIdentifier(ctx, old.ID, want[0]))
	require.NoError(t, users.InsertIdentifier(ctx, old.ID, anIdentifier("new")))
	require.Equal(t, want[1:], heldBy(ctx, t, users, old.ID)[:2])
	last := want[2]
	require.NoError(t, users.DeleteIdentifier(ctx, old.ID, heldBy(ctx, t, users, old.ID)[2]))
	require.NoError(t, users.DeleteIdentifier(ctx, old.ID, last))
	added := anIdentifier("in its place")
	require.NoError(t, users.InsertIdentifier(ctx, old.ID, added))
	require.Equal(t, added.ID, heldBy(ctx, t, users, old.ID)[1].ID, "a place that was another's brings no id along")
}
