package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/filler"
	"github.com/lintel-id/lintel/storage"
)

func usersAttributes(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	colour, size := schema.Attribute{Name: "colour", Value: unicode}, schema.Attribute{Name: "size", Value: ""}
	find := func(wanted schema.Attribute, from user.ID, limit int) []user.ID {
		found, err := users.UsersByAttribute(ctx, wanted, from, limit)
		require.NoError(t, err)
		return found
	}
	var owners []user.ID
	for _, name := range []string{"ada", "bob", "cyd"} {
		owner := aUser(name)
		owners = append(owners, owner.ID)
		require.NoError(t, users.InsertUser(ctx, owner))
		require.NoError(t, users.ReplaceAttributes(ctx, owner.ID, []schema.Attribute{colour, size}))
	}
	slices.SortFunc(owners, func(a, b user.ID) int { left, right := a.Bytes(), b.Bytes(); return slices.Compare(left[:], right[:]) })
	require.Equal(t, owners, find(colour, user.ID{}, 10))
	require.Equal(t, owners[:2], find(size, user.ID{}, 2))
	require.Equal(t, owners[2:], find(size, owners[1], 2))
	require.Empty(t, find(size, owners[2], 2))
	require.Empty(t, find(colour, user.ID{}, -1))
	for _, other := range []schema.Attribute{{Name: "colour", Value: ""}, {Name: "Colour", Value: unicode}, {Name: "colour", Value: unicode + " "}, {}} {
		require.Empty(t, find(other, user.ID{}, 10))
	}

	require.NoError(t, users.ReplaceAttributes(ctx, owners[0], []schema.Attribute{{Name: "colour", Value: "blue"}}))
	require.NoError(t, users.ReplaceAttributes(ctx, owners[1], nil))
	require.Equal(t, owners[2:], find(colour, user.ID{}, 10))
	require.Equal(t, owners[2:], find(size, user.ID{}, 10))
	require.Equal(t, owners[:1], find(schema.Attribute{Name: "colour", Value: "blue"}, user.ID{}, 10))

	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := users.UsersByAttribute(ctx, size, user.ID{}, 10)
		return len(found) > 0, err
	}, nil)
	require.NoError(t, users.ReplaceAttributes(Within(ctx, NewTenant()), owners[2], nil))
	require.ErrorIs(t, users.ReplaceAttributes(t.Context(), owners[2], nil), reqctx.ErrNoTenant)
	require.Equal(t, owners[2:], find(size, user.ID{}, 10), "another tenant's stay")
}

func usersBehind(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	add := func(name string, indexed int) user.User {
		one := aUser(name)
		one.IndexedSchema = indexed
		require.NoError(t, users.InsertUser(ctx, one))
		return one
	}
	second, first, third := add("second", 1), add("first", 0), add("third", 2)
	behind := func(version int, from filler.Behind, limit int) []user.ID {
		found, err := users.UsersBehind(ctx, version, from, limit)
		require.NoError(t, err)
		owners := []user.ID{}
		for _, one := range found {
			owners = append(owners, one.ID)
		}
		return owners
	}
	require.Equal(t, []user.ID{first.ID, second.ID, third.ID}, behind(3, filler.Behind{}, 10))
	require.Equal(t, []user.ID{first.ID, second.ID}, behind(2, filler.Behind{}, 10))
	require.Equal(t, []user.ID{first.ID}, behind(3, filler.Behind{}, 1))
	require.Equal(t, []user.ID{third.ID}, behind(3, filler.Behind{IndexedSchema: 1, ID: second.ID}, 10))
	require.Empty(t, behind(0, filler.Behind{}, 10))
	require.Empty(t, behind(3, filler.Behind{}, -1))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := users.UsersBehind(ctx, 3, filler.Behind{}, 10)
		return len(found) > 0, err
	}, nil)

	first.SchemaVersion, first.IndexedSchema = 3, 3
	stale := first
	stale.Version--
	require.ErrorIs(t, users.MarkIndexed(ctx, stale), user.ErrChanged)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := users.MarkIndexed(ctx, first)
		return err == nil, err
	}, user.ErrChanged)
	require.NoError(t, users.MarkIndexed(ctx, first))
	found, err := users.UserByID(ctx, first.ID)
	require.NoError(t, err)
	require.Equal(t, first, found, "nothing else has changed, its version neither")
	require.Equal(t, []user.ID{second.ID, third.ID}, behind(3, filler.Behind{}, 10))
}

func usersRewritten(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	var owners []user.ID
	for _, versions := range [][2]int{{1, 2}, {2, 2}, {1, 0}, {1, 3}} {
		one := aUser(fmt.Sprint("v", versions[0], "-", versions[1]))
		one.SchemaVersion, one.IndexedSchema = versions[0], versions[1]
		require.NoError(t, users.InsertUser(ctx, one))
		if versions[0] < versions[1] {
			owners = append(owners, one.ID)
		}
	}
	slices.SortFunc(owners, func(a, b user.ID) int { left, right := a.Bytes(), b.Bytes(); return slices.Compare(left[:], right[:]) })
	for _, c := range []struct {
		after user.ID
		limit int
		want  []user.ID
	}{{user.ID{}, 10, owners}, {user.ID{}, 1, owners[:1]}, {owners[0], 10, owners[1:]}, {owners[1], 10, []user.ID{}}, {user.ID{}, -1, []user.ID{}}} {
		found, err := users.UsersRewritten(ctx, c.after, c.limit)
		require.NoError(t, err)
		require.Equal(t, c.want, found)
	}
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := users.UsersRewritten(ctx, user.ID{}, 10)
		return len(found) > 0, err
	}, nil)
	_, err := users.UsersRewritten(t.Context(), user.ID{}, 10)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
}
