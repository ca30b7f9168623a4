package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Users is what the user store promises.
func Users(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":  usersRoundTrip,
		"Scope":      usersScope,
		"Taken":      usersTaken,
		"Update":     usersUpdate,
		"InsertRace": usersInsertRace,
		"CrossRace":  usersCrossRace,
		"UpdateRace": usersUpdateRace,

		"Identifiers":      usersIdentifiers,
		"IdentifierScope":  usersIdentifierScope,
		"IdentifierRace":   usersIdentifierRace,
		"EarlierNodesRows": usersOfAnEarlierNode,

		"Attributes": usersAttributes,
		"Behind":     usersBehind,
		"Rewritten":  usersRewritten,

		"Search":        usersSearch,
		"SearchExactly": usersSearchExactly,
		"Metadata":      usersMetadata,
		"Login":         usersLogin,
		"HeldByLogin":   usersHeldByLogin,

		"MergeIdentifiers": usersMergeIdentifiers,
		"NoteMerged":       usersNoteMerged,

		"Due":    usersDue,
		"Guests": usersGuests,
		"Hold":   usersHold,
		"Erase":  usersErase,
	})
}

// aUser has one identifier of each type, made of name.
func aUser(name string) user.User {
	return user.User{
		ID: newUserID(), Status: user.Active,
		Identifiers: []user.Identifier{
			{ID: newIdentifierID(), Type: user.Username, Value: "Zoë-" + name, Lookup: "zoë-" + name, CreatedAt: after(0)},
			{
				ID: newIdentifierID(), Type: user.Email, Value: name + "@Example.com", Lookup: name + "@example.com", Primary: true,
				VerifiedAt: at(time.Minute), CreatedAt: after(time.Second),
			},
			{ID: newIdentifierID(), Type: user.Phone, Value: "+1 " + name, Lookup: "+1" + name, Primary: true, CreatedAt: after(time.Second)},
		},
		Profile:       json.RawMessage(`{"z":1,  "name":"Zoë 🐝","a":"\u0000"}`),
		SchemaVersion: 4, IndexedSchema: 3, CreatedAt: after(0), UpdatedAt: after(time.Second), Version: 9,
	}
}

func usersRoundTrip(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	gone := aUser("gone")
	gone.Status = user.Deleted
	odd := user.User{ID: newUserID(), Identifiers: []user.Identifier{{ID: newIdentifierID(), Value: unicode, Lookup: unicode}}}
	for _, want := range []user.User{aUser("ada"), aUser("bob"), gone, odd, {ID: newUserID()}} {
		require.NoError(t, users.InsertUser(ctx, want))
		found, err := users.UserByID(ctx, want.ID)
		require.NoError(t, err)
		require.Equal(t, want, found)
		for _, held := range want.Identifiers {
			found, err := users.UserByIdentifier(ctx, held.Type, held.Lookup)
			require.NoError(t, err)
			require.Equal(t, want, found)
		}
	}
	_, err := users.UserByID(ctx, newUserID())
	require.ErrorIs(t, err, user.ErrUnknown)
	for _, none := range []struct {
		kind   user.IdentifierType
		lookup string
	}{
		{user.Phone, "ada@example.com"}, {user.Email, "ada@Example.com"}, {user.Email, "ada@example.com "},
		{user.Email, ""}, {user.Email, "%"}, {user.Username, "zoe-ada"},
	} {
		_, err := users.UserByIdentifier(ctx, none.kind, none.lookup)
		require.ErrorIs(t, err, user.ErrUnknown, none.lookup)
	}
}

func usersScope(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	mine := aUser("mine")
	require.NoError(t, users.InsertUser(ctx, mine))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := users.UserByID(ctx, mine.ID)
		return !found.ID.IsZero(), err
	}, user.ErrUnknown)
	for _, held := range mine.Identifiers {
		strangers(t, func(ctx context.Context) (bool, error) {
			found, err := users.UserByIdentifier(ctx, held.Type, held.Lookup)
			return !found.ID.IsZero(), err
		}, user.ErrUnknown)
	}
	strangers(t, func(ctx context.Context) (bool, error) {
		err := users.UpdateUser(ctx, mine)
		return err == nil, err
	}, user.ErrChanged)
	require.ErrorIs(t, users.InsertUser(t.Context(), aUser("none")), reqctx.ErrNoTenant)

	// The same person may be a user of two tenants, even under the same id.
	theirs := aUser("mine")
	theirs.ID, theirs.Version = mine.ID, 1
	other := Within(ctx, NewTenant())
	require.NoError(t, users.InsertUser(other, theirs))
	found, err := users.UserByIdentifier(other, user.Email, "mine@example.com")
	require.NoError(t, err)
	require.Equal(t, theirs, found)
	found, err = users.UserByIdentifier(ctx, user.Email, "mine@example.com")
	require.NoError(t, err)
	require.Equal(t, mine, found)
}

// A registration that fails on its second identifier leaves neither a user nor
// the first identifier, even where the unit of work goes on.
func usersTaken(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	holder := aUser("holder")
	require.NoError(t, users.InsertUser(ctx, holder))
	for i, taken := range holder.Identifiers {
		late := aUser(fmt.Sprint("late", i))
		late.Identifiers[i] = taken
		require.ErrorIs(t, users.InsertUser(ctx, late), user.ErrIdentifierTaken)
		swallowed(ctx, t, db, user.ErrIdentifierTaken, func(ctx context.Context) error { return users.InsertUser(ctx, late) })
		_, err := users.UserByID(ctx, late.ID)
		require.ErrorIs(t, err, user.ErrUnknown)
		for j, free := range late.Identifiers {
			if j != i {
				_, err := users.UserByIdentifier(ctx, free.Type, free.Lookup)
				require.ErrorIs(t, err, user.ErrUnknown)
			}
		}
	}
	found, err := users.UserByID(ctx, holder.ID)
	require.NoError(t, err)
	require.Equal(t, holder, found)

	otherType := user.User{ID: newUserID(), Identifiers: []user.Identifier{{Type: user.Username, Lookup: "holder@example.com"}}}
	require.NoError(t, users.InsertUser(ctx, otherType))
	twoPrimaries := aUser("two")
	twoPrimaries.Identifiers[0] = user.Identifier{Type: user.Email, Lookup: "second@example.com", Primary: true}
	require.Error(t, users.InsertUser(ctx, twoPrimaries))
}

func usersUpdate(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	before, bystander := aUser("before"), aUser("bystander")
	require.NoError(t, users.InsertUser(ctx, before))
	require.NoError(t, users.InsertUser(ctx, bystander))

	changed := user.User{ID: before.ID, UpdatedAt: after(time.Hour), CreatedAt: after(time.Hour), Version: before.Version}
	require.NoError(t, users.UpdateUser(ctx, changed))
	require.ErrorIs(t, users.UpdateUser(ctx, changed), user.ErrChanged)
	changed.Version, changed.CreatedAt, changed.Identifiers = before.Version+1, before.CreatedAt, before.Identifiers
	found, err := users.UserByID(ctx, before.ID)
	require.NoError(t, err)
	require.Equal(t, changed, found)
	found, err = users.UserByID(ctx, bystander.ID)
	require.NoError(t, err)
	require.Equal(t, bystander, found)
	require.ErrorIs(t, users.UpdateUser(ctx, aUser("nobody")), user.ErrChanged)
}

func usersInsertRace(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		made := aUser(fmt.Sprint("racer", racer))
		made.Identifiers[1].Lookup = "wanted@example.com"
		return won(users.InsertUser(ctx, made), user.ErrIdentifierTaken)
	}))
	found, err := users.UserByIdentifier(ctx, user.Email, "wanted@example.com")
	require.NoError(t, err)
	require.Len(t, found.Identifiers, 3)
}

// Users who want the same two identifiers, listed in opposite orders, must not
// wait for each other for ever.
func usersCrossRace(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		made := aUser("wanted")
		if racer%2 == 0 {
			made.Identifiers[0], made.Identifiers[2] = made.Identifiers[2], made.Identifiers[0]
		}
		return won(users.InsertUser(ctx, made), user.ErrIdentifierTaken)
	}))
}

func usersUpdateRace(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	before := aUser("before")
	require.NoError(t, users.InsertUser(ctx, before))
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(users.UpdateUser(ctx, before), user.ErrChanged)
	}))
	found, err := users.UserByID(ctx, before.ID)
	require.NoError(t, err)
	require.Equal(t, before.Version+1, found.Version)
}
