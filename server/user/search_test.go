package user_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

func fresh[K id.Kind](target *id.Of[K]) { *target = id.FromBytes[K](storetest.NewTenant().Bytes()) }

// crowd are users u0… one minute apart, every third one suspended.
func crowd(ctx context.Context, t *testing.T, h *house, count int) []user.User {
	t.Helper()
	made := make([]user.User, count)
	for i := range count {
		one, err := h.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{
			{Type: user.Username, Value: fmt.Sprintf("user%d", i)}, {Type: user.Email, Value: fmt.Sprintf("user%d@example.com", i)},
		}})
		require.NoError(t, err)
		if i%3 == 0 {
			one, err = h.Suspend(ctx, one.ID)
			require.NoError(t, err)
		}
		made[i] = one
		h.clock.Advance(time.Minute)
	}
	return made
}

// pages follows a query to its end and tells how many pages that took.
func pages(ctx context.Context, t *testing.T, h *house, query user.Query, limit int) (found []user.User, count int) {
	t.Helper()
	for {
		page, err := h.Search(ctx, query, limit)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Users), limit)
		found, count = append(found, page.Users...), count+1
		if page.Next.IsZero() {
			return found, count
		}
		require.True(t, page.Next.Valid())
		query.After = page.Next
	}
}

func TestSearch(t *testing.T) {
	h, ctx := open(t)
	start := h.clock.Now()
	made := crowd(ctx, t, h, 9)
	sessions := storage.NewSessions(h.db)
	for i := range 4 {
		require.NoError(t, sessions.NoteLogin(ctx, made[i].ID, start.Add(time.Duration(10-i)*time.Hour)))
	}
	for name, c := range map[string]struct {
		query user.Query
		want  []int
	}{
		"all":                {user.Query{}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8}},
		"descending":         {user.Query{Order: user.OrderCreatedDescending}, []int{8, 7, 6, 5, 4, 3, 2, 1, 0}},
		"suspended":          {user.Query{Status: user.Suspended}, []int{0, 3, 6}},
		"deleted":            {user.Query{Status: user.Deleted}, nil},
		"identifier":         {user.Query{Identifier: "USER4"}, []int{4}},
		"email":              {user.Query{Identifier: "user5@Example.com "}, []int{5}},
		"of another status":  {user.Query{Identifier: "user4", Status: user.Suspended}, nil},
		"unusable":           {user.Query{Identifier: "\x00"}, nil},
		"prefix":             {user.Query{IdentifierPrefix: "User"}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8}},
		"prefix, descending": {user.Query{IdentifierPrefix: "user", Order: user.OrderCreatedDescending}, []int{8, 7, 6, 5, 4, 3, 2, 1, 0}},
		"prefix with @":      {user.Query{IdentifierPrefix: "user7@"}, []int{7}},
		"prefix and status":  {user.Query{IdentifierPrefix: "user", Status: user.Active, CreatedFrom: made[2].CreatedAt}, []int{2, 4, 5, 7, 8}},
		"created":            {user.Query{CreatedFrom: made[2].CreatedAt, CreatedBefore: made[4].CreatedAt}, []int{2, 3}},
		"created, down":      {user.Query{CreatedFrom: made[7].CreatedAt, Order: user.OrderCreatedDescending}, []int{8, 7}},
		"nobody's range":     {user.Query{CreatedFrom: made[4].CreatedAt, CreatedBefore: made[2].CreatedAt}, nil},
		"absurd range":       {user.Query{CreatedFrom: time.Unix(1<<50, 0)}, nil},
		"logged in":          {user.Query{LastLoginFrom: start}, []int{3, 2, 1, 0}},
		"and created":        {user.Query{LastLoginBefore: start.Add(9 * time.Hour), CreatedFrom: made[3].CreatedAt}, []int{3}},
	} {
		for _, limit := range []int{1, 2, 100} {
			found, _ := pages(ctx, t, h, c.query, limit)
			var got []int
			for _, one := range found {
				for i := range made {
					if made[i].ID == one.ID {
						got = append(got, i)
					}
				}
			}
			require.Equal(t, c.want, got, "%s by %d", name, limit)
		}
	}
	stranger, _ := pages(storetest.Within(t.Context(), storetest.NewTenant()), t, h, user.Query{}, 10)
	require.Empty(t, stranger)
}

// Protects against filter bombs: what no index answers is refused with its place, and
// whatever is asked, one page looks at two thousand users and no more.
func TestSearchIsBounded(t *testing.T) {
	h, ctx := open(t)
	for name, c := range map[string]struct {
		query   user.Query
		pointer string
	}{
		"claim":  {user.Query{Claim: &user.ClaimEquals{Path: "nickname", Value: json.RawMessage(`"Ada"`)}}, "/claim"},
		"prefix": {user.Query{IdentifierPrefix: "ad"}, "/identifier_prefix"},
	} {
		_, err := h.Search(ctx, c.query, 10)
		require.ErrorIs(t, err, schema.ErrNotIndexed, name)
		require.Equal(t, c.pointer, fault.As(err).Fields[0].Pointer)
	}
	for _, query := range []user.Query{
		{IdentifierPrefix: strings.Repeat("a", 1<<20)}, {Identifier: strings.Repeat("a", 1<<20)}, {IdentifierPrefix: "ad\x00\xff"},
		{IdentifierPrefix: "user", Identifier: "user1", Status: user.Active, LastLoginFrom: time.Unix(-1<<50, 0), CreatedBefore: time.Unix(1<<50, 0), Order: "odd"},
	} {
		page, err := h.Search(ctx, query, 1<<30)
		require.NoError(t, err)
		require.Empty(t, page.Users)
	}
	require.False(t, user.Cursor{}.Valid())
	somebody := user.Cursor{}
	fresh(&somebody.ID)
	require.True(t, somebody.Valid())
	somebody.Lookup = "\x00"
	require.False(t, somebody.Valid())

	users := storage.NewUsers(h.db)
	require.NoError(t, h.db.Run(ctx, func(ctx context.Context) error {
		for range 4001 {
			made := user.User{Status: user.Active, Version: 1}
			fresh(&made.ID)
			if err := users.InsertUser(ctx, made); err != nil {
				return err
			}
		}
		return nil
	}))
	found, count := pages(ctx, t, h, user.Query{Status: user.Active, CreatedBefore: time.Unix(1<<40, 0), LastLoginFrom: time.Time{}, IdentifierPrefix: ""}, 100)
	require.Len(t, found, 4001)
	require.Equal(t, 41, count)
	found, count = pages(ctx, t, h, user.Query{Status: user.Suspended, CreatedBefore: time.Unix(1<<40, 0)}, 100)
	require.Empty(t, found)
	require.Equal(t, 3, count, "short pages rather than one long look")

	// The last page may look at two thousand and not know that it was the last.
	few := storetest.Within(t.Context(), storetest.NewTenant())
	require.NoError(t, h.db.Run(few, func(ctx context.Context) error {
		for range 2000 {
			made := user.User{Status: user.Active, Version: 1}
			fresh(&made.ID)
			if err := users.InsertUser(ctx, made); err != nil {
				return err
			}
		}
		return nil
	}))
	found, count = pages(few, t, h, user.Query{Status: user.Suspended, CreatedBefore: time.Unix(1<<40, 0)}, 100)
	require.Empty(t, found)
	require.Equal(t, 2, count)
}

// asked counts how often users are looked for.
type asked struct {
	user.Store
	times int
}

func (a *asked) SearchUsers(ctx context.Context, walk user.Walk, limit int) ([]user.Found, error) {
	a.times++
	return a.Store.SearchUsers(ctx, walk, limit)
}

// What no index answers, and what nobody can fit, is told without a look at any user.
func TestClass_Exhaustion_NobodyIsLookedForInVain(t *testing.T) {
	var store *asked
	h := build(t, func(s user.Store) user.Store { store = &asked{Store: s}; return store })
	ctx := storetest.Within(t.Context(), storetest.NewTenant())
	h.declare(ctx, t, staffSchema(searchable))
	claim := func(path, value string) *user.ClaimEquals {
		return &user.ClaimEquals{Path: path, Value: json.RawMessage(value)}
	}
	for name, query := range map[string]user.Query{
		"a claim that is not searchable": {Claim: claim("risk", `"low"`)},
		"no claim":                       {Claim: claim("name') OR ('1'='1", `1`)},
		"a claim far down":               {Claim: claim(strings.Repeat("a/", 1<<16), `1`)},
		"a short prefix":                 {IdentifierPrefix: "%a"},
	} {
		_, err := h.Search(ctx, query, 100)
		require.ErrorIs(t, err, schema.ErrNotIndexed, name)
	}
	for name, query := range map[string]user.Query{
		"a value far down":     {Claim: claim("name", strings.Repeat("[", 9000)+strings.Repeat("]", 9000))},
		"a value of operators": {Claim: claim("name", `{"$ne":null}`)},
		"no text":              {IdentifierPrefix: "abc\x00"},
		"no characters":        {Identifier: "abc\xff"},
		"who is gone":          {Status: user.Deleted, IdentifierPrefix: "user"},
		"a range of nothing":   {CreatedFrom: time.Unix(2, 0), CreatedBefore: time.Unix(1, 0)},
	} {
		page, err := h.Search(ctx, query, 100)
		require.NoError(t, err, name)
		require.Empty(t, page.Users, name)
	}
	require.Zero(t, store.times)
	_, err := h.Search(ctx, user.Query{IdentifierPrefix: "user"}, 100)
	require.NoError(t, err)
	require.Positive(t, store.times)
}

// Users who are as large as can be are looked at a few at a time, and still all found.
func TestClass_Exhaustion_LargeUsersAreSearchedInSmallParts(t *testing.T) {
	h, ctx := open(t)
	large := json.RawMessage(`{"text":"` + strings.Repeat("x", 15<<10) + `"}`)
	const count = 150
	for n := range count {
		inputs := make([]user.IdentifierInput, 20)
		for i := range inputs {
			inputs[i] = user.IdentifierInput{Type: user.Email, Value: fmt.Sprintf("large%dx%d@example.com", n, i)}
		}
		made, err := h.Create(ctx, user.NewUser{Identifiers: inputs})
		require.NoError(t, err)
		_, err = h.SetMetadata(ctx, made.ID, nil, large, large)
		require.NoError(t, err)
		if n == count-1 {
			_, err = h.Suspend(ctx, made.ID)
			require.NoError(t, err)
		}
	}
	for _, query := range []user.Query{
		{Status: user.Suspended, CreatedFrom: storetest.Start().Add(-time.Hour)},
		{Status: user.Suspended, CreatedFrom: storetest.Start().Add(-time.Hour), Order: user.OrderCreatedDescending},
		{Status: user.Suspended, IdentifierPrefix: "large"},
	} {
		found, parts := pages(ctx, t, h, query, 1)
		require.Len(t, found, 1, "once")
		require.Greater(t, parts, 2, "in parts")
	}
	all, parts := pages(ctx, t, h, user.Query{}, 100)
	require.Len(t, all, count)
	require.Equal(t, 2, parts, "whoever is asked for comes in full pages")
}

func TestSearchByClaim(t *testing.T) {
	h, ctx := open(t)
	h.declare(ctx, t, staffSchema(searchable))
	names := []string{"Ada", "Grace", "ADA", "Ada"}
	made := make([]user.User, len(names))
	for i, name := range names {
		var err error
		made[i], err = h.Create(ctx, user.NewUser{Profile: json.RawMessage(`{"name":"` + name + `"}`)})
		require.NoError(t, err)
		h.clock.Advance(time.Minute)
	}
	_, err := h.Suspend(ctx, made[3].ID)
	require.NoError(t, err)
	ask := func(query user.Query) (ids []user.ID) {
		query.Claim = &user.ClaimEquals{Path: "name", Value: json.RawMessage(`"ada"`)}
		found, _ := pages(ctx, t, h, query, 1)
		for _, one := range found {
			ids = append(ids, one.ID)
		}
		return ids
	}
	require.Equal(t, []user.ID{made[0].ID, made[2].ID, made[3].ID}, ask(user.Query{}))
	require.Equal(t, []user.ID{made[3].ID, made[2].ID, made[0].ID}, ask(user.Query{Order: user.OrderCreatedDescending}))
	require.Equal(t, []user.ID{made[0].ID, made[2].ID}, ask(user.Query{Status: user.Active}))
}

// An operator gives a new user what they may not give themselves.
func TestCreateByAnOperator(t *testing.T) {
	h, ctx := open(t)
	h.declare(ctx, t, staffSchema(""))
	profile := json.RawMessage(`{"name":"Ada","risk":"low","grade":1}`)
	_, err := h.Create(ctx, user.NewUser{Profile: profile})
	require.ErrorIs(t, err, schema.ErrProfileInvalid)
	made, err := h.Create(ctx, user.NewUser{Profile: profile, By: schema.Operator})
	require.NoError(t, err)
	require.JSONEq(t, string(profile), string(made.Profile))
}

func TestSetMetadata(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	set, err := h.SetMetadata(ctx, made.ID, &made.Version, json.RawMessage(`{"a":{"b":1}}`), json.RawMessage(`{"c":true}`))
	require.NoError(t, err)
	require.Equal(t, made.Version+1, set.Version)
	set, err = h.SetMetadata(ctx, made.ID, nil, json.RawMessage(`{"a":{"d":2}}`), nil)
	require.NoError(t, err)
	require.JSONEq(t, `{"a":{"b":1,"d":2}}`, string(set.PublicMetadata))
	require.JSONEq(t, `{"c":true}`, string(set.PrivateMetadata))
	own, err := h.Own(ctx, set)
	require.NoError(t, err)
	require.Equal(t, set.PublicMetadata, own.PublicMetadata)
	require.Nil(t, own.PrivateMetadata)
	same, err := h.SetMetadata(ctx, made.ID, nil, json.RawMessage(`{"x":null}`), json.RawMessage(`{}`))
	require.NoError(t, err)
	require.Equal(t, set, same)
	_, err = h.SetMetadata(ctx, made.ID, &made.Version, nil, json.RawMessage(`{"c":1}`))
	require.ErrorIs(t, err, user.ErrChanged)
	for _, bad := range []string{`[]`, `null`, `{`, `{"a":1,"a":2}`, `{"a":"` + strings.Repeat("a", 16<<10) + `"}`} {
		_, err = h.SetMetadata(ctx, made.ID, nil, nil, json.RawMessage(bad))
		require.ErrorIs(t, err, user.ErrMetadataInvalid)
		require.Equal(t, "/private_metadata", fault.As(err).Fields[0].Pointer)
	}
	require.Equal(t, []string{"user.created", "user.metadata_updated", "user.metadata_updated"}, h.told(ctx, t))
	events := h.events(ctx, t)
	require.JSONEq(t, `{"changed":["public","private"]}`, string(events[1].Data))
	require.JSONEq(t, `{"changed":["public"]}`, string(events[2].Data))
	require.Empty(t, events[1].Person)

	_, err = h.ScheduleDeletion(ctx, made.ID, 0)
	require.NoError(t, err)
	erased, err := h.Erase(ctx, made.ID)
	require.NoError(t, err)
	require.True(t, erased)
	tombstone, err := storage.NewUsers(h.db).UserByID(ctx, made.ID)
	require.NoError(t, err)
	require.Nil(t, tombstone.PublicMetadata)
	require.Nil(t, tombstone.PrivateMetadata)
}
