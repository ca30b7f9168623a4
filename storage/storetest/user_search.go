package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// everyWalk goes by all that a user of the searched has.
func everyWalk() map[string]user.Walk {
	return map[string]user.Walk{
		"id":         {By: user.ByUserID},
		"status":     {By: user.ByStatus, Status: user.Active},
		"created":    {By: user.ByCreated, From: after(0), Before: after(time.Microsecond)},
		"last login": {By: user.ByLastLogin, From: after(0)},
		"attribute":  {By: user.ByAttribute, Attribute: schema.Attribute{Name: "colour", Value: "blue"}},
		"prefix":     {By: user.ByPrefix, Type: user.Email, Text: "ada"},
	}
}

func searched(ctx context.Context, t *testing.T, db *storage.DB, name string) user.User {
	t.Helper()
	made := aUser(name)
	made.LastLoginAt = at(0) // all at the same time
	require.NoError(t, storage.NewUsers(db).InsertUser(ctx, made))
	require.NoError(t, storage.NewUsers(db).ReplaceAttributes(ctx, made.ID, []schema.Attribute{{Name: "colour", Value: "blue"}}))
	return made
}

// Each walk comes by everybody once, in either direction and whatever the page, gives
// nobody to another tenant, and neither repeats nor skips when users come and go.
func usersSearch(t *testing.T, db *storage.DB) {
	users := storage.NewUsers(db)
	for name, walk := range everyWalk() {
		ctx := Within(t.Context(), NewTenant())
		made := map[user.ID]user.User{}
		for i := range 5 {
			one := searched(ctx, t, db, fmt.Sprint("ada", i))
			made[one.ID] = one
		}
		all := func(walk user.Walk, limit int, between func(page int)) (ids []user.ID) {
			for page := 0; ; page++ {
				found, err := users.SearchUsers(ctx, walk, limit)
				require.NoError(t, err, name)
				for _, one := range found {
					require.Equal(t, one.ID, one.User.ID)
					ids = append(ids, one.ID)
					if known, ok := made[one.ID]; ok && between == nil {
						require.Equal(t, known, one.User, name)
					}
				}
				if len(found) < limit {
					return ids
				}
				walk.After = found[len(found)-1].Cursor
				if between != nil {
					between(page)
				}
			}
		}
		ascending := all(walk, 10, nil)
		require.Len(t, ascending, 5, name)
		require.Equal(t, ascending, all(walk, 2, nil), name)
		down := walk
		down.Descending = true
		descending := all(down, 2, nil)
		slices.Reverse(descending)
		require.Equal(t, ascending, descending, name)

		strangers(t, func(ctx context.Context) (bool, error) {
			found, err := users.SearchUsers(ctx, walk, 10)
			return len(found) > 0, err
		}, nil)
		_, err := users.SearchUsers(t.Context(), walk, 10)
		require.ErrorIs(t, err, reqctx.ErrNoTenant)

		moving := all(walk, 1, func(page int) {
			if page == 1 { // whom the cursor names loses what they were found by, and others come
				require.NoError(t, users.EraseUser(ctx, ascending[1]))
				gone := made[ascending[1]]
				gone.Status = user.Deleted
				require.NoError(t, users.UpdateUser(ctx, gone))
				searched(ctx, t, db, "ada-late")
			}
		})
		old := slices.DeleteFunc(slices.Clone(moving), func(id user.ID) bool { _, ok := made[id]; return !ok })
		require.Equal(t, ascending, old, name)
	}
}

func usersSearchExactly(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	ada := searched(ctx, t, db, "ada")
	searched(ctx, t, db, "adb")
	for name, c := range map[string]struct {
		walk user.Walk
		want int
	}{
		"lookup":          {user.Walk{By: user.ByLookup, Type: user.Email, Text: "ada@example.com"}, 1},
		"not a wildcard":  {user.Walk{By: user.ByPrefix, Type: user.Email, Text: "ad%"}, 0},
		"nor one of one":  {user.Walk{By: user.ByPrefix, Type: user.Email, Text: "ad_"}, 0},
		"prefix":          {user.Walk{By: user.ByPrefix, Type: user.Email, Text: "ada"}, 1},
		"prefix of bytes": {user.Walk{By: user.ByPrefix, Type: user.Username, Text: "zoë-"}, 2},
		"another type":    {user.Walk{By: user.ByPrefix, Type: user.Phone, Text: "ada"}, 0},
		"before":          {user.Walk{By: user.ByCreated, Before: after(0)}, 0},
		"from later":      {user.Walk{By: user.ByCreated, From: after(time.Microsecond)}, 0},
		"between micros":  {user.Walk{By: user.ByCreated, From: after(time.Nanosecond)}, 0},
		"ever":            {user.Walk{By: user.ByCreated, From: time.Unix(-1<<40, 0), Before: time.Unix(1<<50, 0)}, 2},
		"other status":    {user.Walk{By: user.ByStatus, Status: user.Suspended}, 0},
		"other value":     {user.Walk{By: user.ByAttribute, Attribute: schema.Attribute{Name: "colour"}}, 0},
	} {
		found, err := users.SearchUsers(ctx, c.walk, 10)
		require.NoError(t, err, name)
		require.Len(t, found, c.want, name)
		if c.want == 1 {
			require.Equal(t, ada, found[0].User, name)
		}
	}
	for range 600 { // more than one statement reads
		require.NoError(t, users.InsertUser(ctx, user.User{ID: newUserID()}))
	}
	found, err := users.SearchUsers(ctx, user.Walk{}, 1000)
	require.NoError(t, err)
	require.Len(t, found, 602)
}

func usersMetadata(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	made := aUser("ada")
	made.PublicMetadata = []byte(`{"a":"🐝"}`)
	require.NoError(t, users.InsertUser(ctx, made))
	made.PublicMetadata, made.PrivateMetadata = nil, []byte(`{"b":1}`)
	require.NoError(t, users.UpdateUser(ctx, made))
	made.Version++
	found, err := users.UserByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, made, found)
}

// A login is noted to the minute, never backwards, and changes nothing else.
func usersLogin(t *testing.T, db *storage.DB) {
	users, sessions, ctx := storage.NewUsers(db), storage.NewSessions(db), Within(t.Context(), NewTenant())
	made := aUser("ada")
	require.NoError(t, users.InsertUser(ctx, made))
	for _, c := range []struct{ at, want time.Duration }{
		{time.Hour, time.Hour}, {time.Hour + 59*time.Second, time.Hour}, {0, time.Hour}, {time.Hour + time.Minute, time.Hour + time.Minute},
	} {
		require.NoError(t, sessions.NoteLogin(ctx, made.ID, after(c.at)))
		require.NoError(t, sessions.NoteLogin(Within(ctx, NewTenant()), made.ID, after(100*time.Hour)))
		found, err := users.UserByID(ctx, made.ID)
		require.NoError(t, err)
		made.LastLoginAt = at(c.want)
		require.Equal(t, made, found)
	}
	require.ErrorIs(t, sessions.NoteLogin(t.Context(), made.ID, after(0)), reqctx.ErrNoTenant)
}

// Whoever logs in twice within a minute is held both times: nobody changes them meanwhile.
func usersHeldByLogin(t *testing.T, db *storage.DB) {
	users, sessions, ctx := storage.NewUsers(db), storage.NewSessions(db), Within(t.Context(), NewTenant())
	made := aUser("ada")
	require.NoError(t, users.InsertUser(ctx, made))
	for range 2 {
		require.NoError(t, db.Run(ctx, func(within context.Context) error {
			if err := sessions.NoteLogin(within, made.ID, after(0)); err != nil {
				return err
			}
			short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
			defer cancel()
			require.Error(t, users.HoldUser(short, made.ID), "it waits, and that is not for long")
			return nil
		}))
	}
	require.NoError(t, users.HoldUser(ctx, made.ID))
}
