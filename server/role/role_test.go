package role_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// plain stands where the sealer of personal members does.
type plain struct{}

func (plain) SealPersonal(_ context.Context, _ string, plaintext, _ []byte) ([]byte, error) {
	return plaintext, nil
}

type house struct {
	*role.Service
	clock  *clock.Fake
	db     *storage.DB
	events *storage.Events
	users  *user.Service
	deps   role.Deps
}

func open(t *testing.T) (*house, context.Context) {
	t.Helper()
	return openOn(t, storage.Config{DataDir: t.TempDir()})
}

func openOn(t *testing.T, place storage.Config) (*house, context.Context) {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	place.Clock, place.Logger = h.clock, slog.New(slog.DiscardHandler)
	h.db = storetest.Migrated(t, place)
	h.events = storage.NewEvents(h.db)
	recorder := event.New(event.Deps{Store: h.events, Sealer: plain{}, Clock: h.clock, Wake: func() {}})
	var err error
	h.users, err = user.New(user.Deps{
		Store: storage.NewUsers(h.db), Tx: h.db, Events: recorder, Clock: h.clock,
		Schemas: storetest.ProfileSchemas(t, h.db, recorder, h.clock),
	}, user.Default())
	require.NoError(t, err)
	held := storage.NewRoles(h.db)
	h.deps = role.Deps{
		Store: held, Assignments: held, Users: h.users, Tx: h.db, Events: recorder, Clock: h.clock,
		Scopes: []string{"all", "api_keys:read", "api_keys:write", "audit:read", "keys:read", "keys:write", "roles:read", "roles:write", "users:impersonate", "users:read", "users:write"},
	}
	h.Service, err = role.New(h.deps)
	require.NoError(t, err)
	return h, storetest.Within(t.Context(), storetest.NewTenant())
}

// everything is what a key with all scopes gives.
func everything() []role.Permission { return []role.Permission{role.OfScope("all")} }

// told are the events of roles.
func (h *house) told(ctx context.Context, t *testing.T) (types []string) {
	t.Helper()
	events, err := h.events.UnsequencedEvents(ctx, nil, 1000)
	require.NoError(t, err)
	for _, one := range events {
		if strings.HasPrefix(one.Type, "role.") {
			types = append(types, one.Type)
		}
	}
	return types
}

func (h *house) somebody(ctx context.Context, t *testing.T, name string) user.ID {
	t.Helper()
	made, err := h.users.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: name}}})
	require.NoError(t, err)
	return made.ID
}

func (h *house) made(ctx context.Context, t *testing.T, key string, permissions ...role.Permission) role.Role {
	t.Helper()
	made, err := h.Create(ctx, everything(), role.NewRole{Key: key, Name: key, Permissions: permissions})
	require.NoError(t, err)
	return made
}

func (h *house) builtIn(ctx context.Context, t *testing.T, key string) role.Role {
	t.Helper()
	found, err := h.ByKey(ctx, key)
	require.NoError(t, err)
	require.True(t, found.BuiltIn)
	return found
}

func TestPermissions(t *testing.T) {
	for text, valid := range map[string]bool{
		"a": true, "invoices:read": true, "a:b:c": true, "1.0:x-y_z": true, "lintel:users:read": true,
		"": false, ":": false, "a:": false, ":a": false, "a::b": false, "A": false, "a b": false, "ä": false, "*": false, "a:*": false,
		"-a": false, "a:.b": false, "a\n": false, strings.Repeat("x", 100): true, strings.Repeat("x", 101): false,
	} {
		require.Equal(t, valid, role.Permission(text).Valid(), "%q", text)
	}
	for text, reserved := range map[role.Permission]bool{
		"lintel": true, "lintel:": true, "lintel:users:read": true, "lintels": false, "lintels:users": false, "a:lintel": false, "": false,
	} {
		require.Equal(t, reserved, text.Reserved(), "%q", text)
	}
	require.True(t, role.Holds([]role.Permission{"a:b"}, "a:b"))
	require.False(t, role.Holds([]role.Permission{"a:b"}, "a"))
	require.False(t, role.Holds([]role.Permission{"a"}, "a:b"))
	require.True(t, role.Holds(everything(), "lintel:users:read"))
	require.False(t, role.Holds(everything(), "users:read"))
	require.False(t, role.Holds([]role.Permission{"lintel:users:read"}, "lintel:all"))
	require.False(t, role.Holds(nil, "a"))
}

func TestBuiltInRoles(t *testing.T) {
	h, ctx := open(t)
	page, err := h.List(ctx, nil, role.ID{}, 10)
	require.NoError(t, err)
	holds := map[string][]role.Permission{}
	for _, one := range page.Items {
		require.True(t, one.BuiltIn)
		holds[one.Key] = one.Permissions
		found, err := h.ByID(ctx, one.ID)
		require.NoError(t, err)
		require.Equal(t, one, found)
		one.Permissions[0] = "changed"
	}
	require.Equal(t, map[string][]role.Permission{
		"lintel_owner":   {"changed"},
		"lintel_admin":   {"changed", "lintel:audit:read", "lintel:keys:read", "lintel:keys:write", "lintel:roles:read", "lintel:roles:write", "lintel:users:read", "lintel:users:write"},
		"lintel_support": {"changed", "lintel:roles:read", "lintel:users:impersonate", "lintel:users:read", "lintel:users:write"},
		"lintel_auditor": {"changed", "lintel:audit:read", "lintel:keys:read", "lintel:roles:read", "lintel:users:read"},
	}, holds)
	require.Equal(t, everything(), h.builtIn(ctx, t, "lintel_owner").Permissions, "what was given away cannot be changed from there")
	elsewhere := storetest.Within(ctx, storetest.NewTenant())
	require.Equal(t, h.builtIn(ctx, t, "lintel_owner"), h.builtIn(elsewhere, t, "lintel_owner"))
	require.Empty(t, h.told(ctx, t))
}

// A tenant's role cannot be taken for one that is built in.
func TestKeysOfBuiltInRolesAreReserved(t *testing.T) {
	h, ctx := open(t)
	for _, key := range []string{"lintel", "lintel_owner", "lintel-owner", "lintelowner"} {
		_, err := h.Create(ctx, everything(), role.NewRole{Key: key, Name: "x"})
		require.ErrorIs(t, err, role.ErrRefused)
	}
	h.made(ctx, t, "owner")
	require.Equal(t, []string{"role.created"}, h.told(ctx, t))
}

func TestListGoesOn(t *testing.T) {
	h, ctx := open(t)
	want := []string{"lintel_owner", "lintel_admin", "lintel_support", "lintel_auditor"}
	for i := range 3 {
		h.clock.Advance(time.Second)
		want = append(want, h.made(ctx, t, fmt.Sprintf("role%d", i)).Key)
	}
	for limit := 1; limit <= 8; limit++ {
		var got []string
		var after role.ID
		for {
			page, err := h.List(ctx, nil, after, limit)
			require.NoError(t, err)
			require.LessOrEqual(t, len(page.Items), limit)
			for _, one := range page.Items {
				got = append(got, one.Key)
			}
			if page.Next.IsZero() {
				break
			}
			after = page.Next
		}
		require.Equal(t, want, got, "%d at a time", limit)
	}
}

func TestRolesAreBounded(t *testing.T) {
	h, ctx := open(t)
	person := h.somebody(ctx, t, "ada")
	var last role.Role
	require.NoError(t, h.db.Run(ctx, func(ctx context.Context) error {
		for i := range 500 {
			var err error
			if last, err = h.Create(ctx, everything(), role.NewRole{Key: fmt.Sprintf("role%d", i), Name: "x"}); err != nil {
				return err
			}
			if i < 50 {
				if _, err = h.Assign(ctx, everything(), person, last.ID); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	_, err := h.Create(ctx, everything(), role.NewRole{Key: "more", Name: "x"})
	require.ErrorIs(t, err, role.ErrLimit)
	_, err = h.Assign(ctx, everything(), person, last.ID)
	require.ErrorIs(t, err, role.ErrUserLimit)
	granted, err := h.Granted(ctx, person)
	require.NoError(t, err)
	require.Len(t, granted.Roles, 50)
	require.NotContains(t, granted.Roles, last.Key, "what was refused is not kept")
	elsewhere := storetest.Within(ctx, storetest.NewTenant())
	h.made(elsewhere, t, "more")
	many := make([]role.Permission, 101)
	for i := range many {
		many[i] = role.Permission(fmt.Sprintf("p%d", i))
	}
	_, err = h.Create(elsewhere, everything(), role.NewRole{Key: "many", Name: "x", Permissions: many})
	require.ErrorIs(t, err, role.ErrRefused)
}

func TestIsOperator(t *testing.T) {
	h, ctx := open(t)
	person := h.somebody(ctx, t, "ada")
	is := func() bool {
		t.Helper()
		is, err := h.IsOperator(ctx, person)
		require.NoError(t, err)
		return is
	}
	give := func(id role.ID) {
		t.Helper()
		_, err := h.Assign(ctx, everything(), person, id)
		require.NoError(t, err)
	}
	require.False(t, is())
	plain := h.made(ctx, t, "plain", "invoices:read")
	give(plain.ID)
	require.False(t, is())
	auditor := h.builtIn(ctx, t, "lintel_auditor").ID
	give(auditor)
	require.True(t, is())
	_, err := h.users.Suspend(ctx, person)
	require.NoError(t, err)
	require.True(t, is(), "whatever their status is")
	require.NoError(t, h.Unassign(ctx, everything(), person, auditor))
	require.False(t, is())
	permissions := []role.Permission{"lintel:users:read"}
	_, err = h.Update(ctx, everything(), plain.ID, 1, role.Change{Permissions: &permissions})
	require.NoError(t, err)
	require.True(t, is(), "a role of the tenant's own that holds a scope")
	is2, err := h.IsOperator(storetest.Within(ctx, storetest.NewTenant()), person)
	require.NoError(t, err)
	require.False(t, is2)
}

func TestMayChange(t *testing.T) {
	h, ctx := open(t)
	person := h.somebody(ctx, t, "ada")
	few := []role.Permission{role.OfScope("users:write")}
	require.NoError(t, h.MayChange(ctx, few, person))
	for key, permission := range map[string]role.Permission{"words": "invoices:read", "scope": "lintel:users:write"} {
		_, err := h.Assign(ctx, everything(), person, h.made(ctx, t, key, permission).ID)
		require.NoError(t, err)
		require.NoError(t, h.MayChange(ctx, few, person), "the tenant's own words, and what the giver has")
	}
	_, err := h.Assign(ctx, everything(), person, h.builtIn(ctx, t, "lintel_support").ID)
	require.NoError(t, err)
	require.ErrorIs(t, h.MayChange(ctx, few, person), role.ErrScopeExceeded)
	require.NoError(t, h.MayChange(ctx, everything(), person))
}

func TestNewRefuses(t *testing.T) {
	h, _ := open(t)
	for _, without := range []func(*role.Deps){
		func(d *role.Deps) { d.Store = nil }, func(d *role.Deps) { d.Assignments = nil }, func(d *role.Deps) { d.Users = nil },
		func(d *role.Deps) { d.Tx = nil }, func(d *role.Deps) { d.Events = nil }, func(d *role.Deps) { d.Clock = nil },
		func(d *role.Deps) { d.Scopes = nil },
	} {
		deps := h.deps
		without(&deps)
		_, err := role.New(deps)
		require.Error(t, err)
	}
}

// onEveryEngine runs a race where the engines differ.
func onEveryEngine(t *testing.T, test func(t *testing.T, h *house, ctx context.Context)) {
	t.Run("sqlite", func(t *testing.T) {
		h, ctx := open(t)
		test(t, h, ctx)
	})
	t.Run("postgres", func(t *testing.T) {
		h, ctx := openOn(t, storage.Config{URL: postgres.NewDatabase(t)})
		test(t, h, ctx)
	})
}
