package api_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/storage"
)

// granted gives somebody a role that holds the permissions, and forgets that it did.
func (s *scenario) granted(person string, permissions ...string) wire.Role {
	s.t.Helper()
	first := s.first()
	made := read[wire.Role](first.createRole(wire.NewRole{Key: newKey(), Name: "A role", Permissions: append([]string{}, permissions...)}).is(http.StatusCreated))
	first.assign(person, made.ID).is(http.StatusCreated)
	s.forgetEvents()
	return made
}

// newKey is a role's key that nobody has.
func newKey() string { return "role-" + strings.ToLower(newWord()) }

func (o *operator) createRole(wanted wire.NewRole) answer {
	o.t.Helper()
	return o.got(o.wire.CreateRole(context.Background(), &wire.CreateRoleParams{}, wanted))
}

func (o *operator) role(id string) answer {
	o.t.Helper()
	return o.got(o.wire.GetRole(context.Background(), id))
}

func (o *operator) updateRole(id, etag, patch string) answer {
	o.t.Helper()
	return o.send(http.MethodPatch, "/admin/v1/roles/"+id, patch, "Content-Type", "application/merge-patch+json", "If-Match", etag)
}

func (o *operator) deleteRole(id string) answer {
	o.t.Helper()
	return o.got(o.wire.DeleteRole(context.Background(), id))
}

func (o *operator) assign(person, id string) answer {
	o.t.Helper()
	return o.got(o.wire.AssignRole(context.Background(), person, &wire.AssignRoleParams{}, wire.NewUserRole{RoleID: id}))
}

func (o *operator) unassign(person, id string) answer {
	o.t.Helper()
	return o.got(o.wire.UnassignRole(context.Background(), person, id))
}

func (o *operator) rolesOf(person string) (keys []string) {
	o.t.Helper()
	page := read[wire.UserRolePage](o.got(o.wire.ListUserRoles(context.Background(), person, &wire.ListUserRolesParams{})).is(http.StatusOK))
	for _, held := range page.Items {
		keys = append(keys, held.Role.Key)
	}
	return keys
}

func (o *operator) permissions(person string) answer {
	o.t.Helper()
	return o.got(o.wire.GetUserPermissions(context.Background(), person))
}

func (o *operator) can(person string, permissions ...string) answer {
	o.t.Helper()
	return o.got(o.wire.CheckUserPermissions(context.Background(), person, wire.PermissionCheck{Permissions: append([]string{}, permissions...)}))
}

// builtIn finds a role that every tenant has.
func (o *operator) builtIn(key string) wire.Role {
	o.t.Helper()
	page := read[wire.RolePage](o.got(o.wire.ListRoles(context.Background(), &wire.ListRolesParams{Key: &key})).is(http.StatusOK))
	require.Len(o.t, page.Items, 1)
	require.True(o.t, page.Items[0].BuiltIn)
	return page.Items[0]
}

// roleKeeper may do everything to roles, and nothing else.
func (s *scenario) roleKeeper() *operator {
	return s.operator(wire.ScopeRolesRead, wire.ScopeRolesWrite)
}

func TestRoleForItsWholeLife(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper, p, key := s.roleKeeper(), s.somebody(), newKey()
		made := keeper.createRole(wire.NewRole{
			Key: key, Name: " Bookkeeper ", Description: new("Keeps the books."), Permissions: []string{"invoices:write", "invoices:read", "invoices:read"},
		}).is(http.StatusCreated)
		role := read[wire.Role](made)
		require.Equal(t, []any{"Bookkeeper", "Keeps the books.", false}, []any{role.Name, role.Description, role.BuiltIn})
		require.Equal(t, []string{"invoices:read", "invoices:write"}, role.Permissions)
		told := s.fired("role.created")
		require.Equal(t, role.ID, told[0].Subject)
		require.Equal(t, "api_key", string(told[0].Actor.Kind))
		seen := keeper.role(role.ID).is(http.StatusOK)
		require.Equal(t, role, read[wire.Role](seen))
		require.Equal(t, made.header.Get("ETag"), seen.header.Get("ETag"))

		held := read[wire.UserRole](keeper.assign(p.ID, role.ID).is(http.StatusCreated))
		told = s.fired("role.assigned")
		require.Equal(t, []string{p.ID, p.ID}, []string{told[0].Subject, told[0].Person})
		require.Equal(t, map[string]any{"role_id": role.ID, "key": key}, data(t, told[0]))
		s.Clock.Advance(time.Second)
		require.Equal(t, held, read[wire.UserRole](keeper.assign(p.ID, role.ID).is(http.StatusCreated)), "the first time counts")
		s.fired()
		require.Equal(t, []string{key}, keeper.rolesOf(p.ID))
		holders := read[wire.RoleUserPage](keeper.got(keeper.wire.ListRoleUsers(context.Background(), role.ID, &wire.ListRoleUsersParams{})).is(http.StatusOK))
		require.Equal(t, []wire.RoleUser{{UserID: p.ID, AssignedAt: held.AssignedAt}}, holders.Items)

		changed := keeper.updateRole(role.ID, seen.header.Get("ETag"), `{"name":"Clerk","description":"","permissions":["invoices:read"]}`).is(http.StatusOK)
		require.Equal(t, "Clerk", read[wire.Role](changed).Name)
		differs := data(t, s.fired("role.updated")[0])
		require.Equal(t, []any{"name", "description", "permissions"}, differs["fields"])
		require.Equal(t, map[string]any{"name": "Clerk", "description": "", "permissions": []any{"invoices:read"}}, differs["after"])
		require.Equal(t, role.Name, differs["before"].(map[string]any)["name"])
		same := keeper.updateRole(role.ID, changed.header.Get("ETag"), `{"name":"Clerk"}`).is(http.StatusOK)
		require.Equal(t, changed.header.Get("ETag"), same.header.Get("ETag"))
		keeper.updateRole(role.ID, seen.header.Get("ETag"), `{"name":"Late"}`).refused(http.StatusPreconditionFailed, "version_stale")
		s.fired()

		keeper.unassign(p.ID, role.ID).is(http.StatusNoContent)
		told = s.fired("role.unassigned")
		require.Equal(t, []string{p.ID, p.ID}, []string{told[0].Subject, told[0].Person})
		keeper.unassign(p.ID, role.ID).is(http.StatusNoContent)
		s.fired()
		keeper.assign(p.ID, role.ID).is(http.StatusCreated)
		s.fired("role.assigned")
		keeper.deleteRole(role.ID).is(http.StatusNoContent)
		s.fired("role.deleted")
		require.Empty(t, keeper.rolesOf(p.ID), "with the role it is gone from everybody")
		keeper.role(role.ID).refused(http.StatusNotFound, "role_unknown")
		keeper.deleteRole(role.ID).refused(http.StatusNotFound, "role_unknown")
		keeper.assign(p.ID, role.ID).refused(http.StatusNotFound, "role_unknown")
		keeper.unassign(p.ID, role.ID).refused(http.StatusNotFound, "role_unknown")
		s.fired()
	})
}

func TestRolesAreListed(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper, p := s.roleKeeper(), s.somebody()
		own := []string{s.granted(p.ID).Key, s.granted(p.ID).Key}
		var all []string
		var cursor *string
		for {
			page := read[wire.RolePage](keeper.got(keeper.wire.ListRoles(context.Background(), &wire.ListRolesParams{Limit: new(int32(2)), Cursor: cursor})).is(http.StatusOK))
			for _, role := range page.Items {
				all = append(all, role.Key)
			}
			next, err := page.NextCursor.Get()
			if err != nil {
				break
			}
			cursor = &next
		}
		require.Equal(t, []string{"lintel_owner", "lintel_admin", "lintel_support", "lintel_auditor"}, all[:4])
		require.Subset(t, all[4:], own)
		require.ElementsMatch(t, own, keeper.rolesOf(p.ID))
		none := read[wire.RolePage](keeper.got(keeper.wire.ListRoles(context.Background(), &wire.ListRolesParams{Key: new(newKey())})).is(http.StatusOK))
		require.Empty(t, none.Items)
		one := read[wire.RolePage](keeper.got(keeper.wire.ListRoles(context.Background(), &wire.ListRolesParams{Key: &own[0]})).is(http.StatusOK))
		require.Equal(t, own[0], one.Items[0].Key)

		first := read[wire.UserRolePage](keeper.got(keeper.wire.ListUserRoles(context.Background(), p.ID, &wire.ListUserRolesParams{Limit: new(int32(1))})).is(http.StatusOK))
		next := first.NextCursor.MustGet()
		second := read[wire.UserRolePage](keeper.got(keeper.wire.ListUserRoles(context.Background(), p.ID, &wire.ListUserRolesParams{Limit: new(int32(1)), Cursor: &next})).is(http.StatusOK))
		require.True(t, second.NextCursor.IsNull())
		require.ElementsMatch(t, own, []string{first.Items[0].Role.Key, second.Items[0].Role.Key})
		keeper.send(http.MethodGet, "/admin/v1/roles?cursor=bm9uc2Vuc2U", "").invalid("request_invalid", "#query/cursor")
	})
}

func TestRoleThatIsRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		first, p := s.first(), s.somebody()
		kept := s.granted(p.ID, "invoices:read")
		etag := first.role(kept.ID).header.Get("ETag")
		first.createRole(wire.NewRole{Key: kept.Key, Name: "x", Permissions: []string{}}).refused(http.StatusConflict, "role_key_taken")
		for _, key := range []string{"lintel", "lintel_owner", "lintel-owner", "lintel_to_come"} {
			first.createRole(wire.NewRole{Key: key, Name: "x", Permissions: []string{}}).invalid("role_refused", "/key")
		}
		for _, key := range []string{"Owner", "1st", "_x", "ow ner", "öwner", strings.Repeat("x", 51)} {
			first.createRole(wire.NewRole{Key: key, Name: "x", Permissions: []string{}}).invalid("request_invalid", "/key")
		}
		for _, name := range []string{" ", "two\nlines", "\u200b"} {
			first.createRole(wire.NewRole{Key: newKey(), Name: name, Permissions: []string{}}).invalid("role_refused", "/name")
			first.updateRole(kept.ID, etag, `{"name":`+strconv.Quote(name)+`}`).invalid("role_refused", "/name")
		}
		first.createRole(wire.NewRole{Key: newKey(), Name: "x", Description: new("two\nlines"), Permissions: []string{}}).invalid("role_refused", "/description")
		for _, permission := range []string{":", "a:", ":a", "a::b", "A:b", "a b", "*", "a:*", "a:-b", strings.Repeat("x", 101)} {
			first.createRole(wire.NewRole{Key: newKey(), Name: "x", Permissions: []string{permission}}).invalid("request_invalid", "/permissions/0")
			first.can(p.ID, permission).invalid("request_invalid", "/permissions/0")
		}
		for _, permission := range []string{"lintel", "lintel:users", "lintel:users:read:more", "lintel:lintel:users:read"} {
			first.createRole(wire.NewRole{Key: newKey(), Name: "x", Permissions: []string{permission}}).invalid("role_refused", "/permissions")
		}
		many := make([]string, 101)
		for i := range many {
			many[i] = "x"
		}
		first.createRole(wire.NewRole{Key: newKey(), Name: "x", Permissions: many}).invalid("request_invalid", "/permissions")
		first.can(p.ID, many...).invalid("request_invalid", "/permissions")
		first.can(p.ID).invalid("request_invalid", "/permissions")
		first.updateRole(kept.ID, etag, `{"key":"other"}`).refused(http.StatusUnprocessableEntity, "request_invalid")
		first.updateRole(kept.ID, etag, `{"permissions":null}`).invalid("request_invalid", "/permissions")
		first.updateRole(kept.ID, "", `{"name":"x"}`).invalid("request_invalid", "#header/If-Match")

		owner := first.builtIn("lintel_owner")
		first.updateRole(owner.ID, `"1"`, `{"name":"x"}`).refused(http.StatusConflict, "role_built_in")
		first.deleteRole(owner.ID).refused(http.StatusConflict, "role_built_in")
		const nobody, none = "usr_01h455vb4pex5vsknk084sn02q", "rol_01h455vb4pex5vsknk084sn02q"
		first.assign(nobody, kept.ID).refused(http.StatusNotFound, "user_unknown")
		first.assign(p.ID, none).refused(http.StatusNotFound, "role_unknown")
		first.unassign(nobody, kept.ID).refused(http.StatusNotFound, "user_unknown")
		first.permissions(nobody).refused(http.StatusNotFound, "user_unknown")
		first.can(nobody, "x").refused(http.StatusNotFound, "user_unknown")
		first.got(first.wire.ListUserRoles(context.Background(), nobody, nil)).refused(http.StatusNotFound, "user_unknown")
		first.got(first.wire.ListRoleUsers(context.Background(), none, nil)).refused(http.StatusNotFound, "role_unknown")
		s.fired()
	})
}

func TestWhatAUserCan(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper, p := s.first(), s.somebody()
		nothing := read[wire.UserPermissions](keeper.permissions(p.ID).is(http.StatusOK))
		require.Equal(t, wire.UserPermissions{Active: true, Roles: []string{}, Permissions: []string{}}, nothing)
		one, two := s.granted(p.ID, "invoices:read", "invoices:write"), s.granted(p.ID, "invoices:read", "lintel:users:read")
		has := read[wire.UserPermissions](keeper.permissions(p.ID).is(http.StatusOK))
		require.ElementsMatch(t, []string{one.Key, two.Key}, has.Roles)
		require.Equal(t, []string{"invoices:read", "invoices:write", "lintel:users:read"}, has.Permissions)
		asked := read[wire.PermissionAnswer](keeper.can(p.ID, "invoices:write", "invoices:delete", "invoices", "lintel:users:read").is(http.StatusOK))
		require.Equal(t, wire.PermissionAnswer{Allowed: false, Decisions: []wire.PermissionDecision{
			{Permission: "invoices:write", Allowed: true}, {Permission: "invoices:delete", Allowed: false},
			{Permission: "invoices", Allowed: false}, {Permission: "lintel:users:read", Allowed: true},
		}}, asked)
		require.True(t, read[wire.PermissionAnswer](keeper.can(p.ID, "invoices:write", "invoices:read").is(http.StatusOK)).Allowed)

		keeper.assign(p.ID, keeper.builtIn("lintel_owner").ID).is(http.StatusCreated)
		s.fired("role.assigned")
		require.True(t, read[wire.PermissionAnswer](keeper.can(p.ID, "lintel:settings:write", "lintel:to:come").is(http.StatusOK)).Allowed)
		require.False(t, read[wire.PermissionAnswer](keeper.can(p.ID, "invoices:delete").is(http.StatusOK)).Allowed, "owning the tenant says nothing about its own words")
	})
}

// Who is kept out can nothing, whatever roles they have.
func TestClass_SideGrant_RolesOfWhoIsKeptOut(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p := s.first(), s.somebody()
		role := s.granted(p.ID, "invoices:read")
		cannot := func() {
			t.Helper()
			require.Equal(t, wire.UserPermissions{Active: false, Roles: []string{}, Permissions: []string{}}, read[wire.UserPermissions](manager.permissions(p.ID).is(http.StatusOK)))
			require.False(t, read[wire.PermissionAnswer](manager.can(p.ID, "invoices:read").is(http.StatusOK)).Allowed)
			require.Equal(t, []string{role.Key}, manager.rolesOf(p.ID))
		}
		can := func() {
			t.Helper()
			require.True(t, read[wire.PermissionAnswer](manager.can(p.ID, "invoices:read").is(http.StatusOK)).Allowed)
		}
		can()
		manager.act(p.ID, "suspend").is(http.StatusOK)
		cannot()
		manager.assign(p.ID, manager.builtIn("lintel_auditor").ID).is(http.StatusCreated)
		require.False(t, read[wire.PermissionAnswer](manager.can(p.ID, "lintel:users:read").is(http.StatusOK)).Allowed)
		manager.unassign(p.ID, manager.builtIn("lintel_auditor").ID).is(http.StatusNoContent)
		manager.act(p.ID, "reactivate").is(http.StatusOK)
		can()
		manager.deleteUser(p.ID, false).is(http.StatusOK)
		cannot()
		manager.act(p.ID, "restore").is(http.StatusOK)
		can()
		manager.deleteUser(p.ID, true).is(http.StatusOK)
		manager.permissions(p.ID).refused(http.StatusNotFound, "user_unknown")
		manager.can(p.ID, "invoices:read").refused(http.StatusNotFound, "user_unknown")
		manager.assign(p.ID, role.ID).refused(http.StatusNotFound, "user_unknown")
		holders := read[wire.RoleUserPage](manager.got(manager.wire.ListRoleUsers(context.Background(), role.ID, nil)).is(http.StatusOK))
		require.Empty(t, holders.Items, "an erased user leaves no role behind")
		s.forgetEvents()
	})
}

// A role must not be a way to more than whoever makes, changes or gives it has.
func TestClass_SideGrant_RolesGiveNoMoreThanTheirGiverHas(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper, first, p := s.roleKeeper(), s.first(), s.somebody()
		mighty := read[wire.Role](first.createRole(wire.NewRole{Key: newKey(), Name: "Mighty", Permissions: []string{"lintel:users:write"}}).is(http.StatusCreated))
		plain := read[wire.Role](keeper.createRole(wire.NewRole{Key: newKey(), Name: "Plain", Permissions: []string{"users:write", "lintel:roles:write"}}).is(http.StatusCreated))
		s.fired("role.created", "role.created")
		exceeded := func(got answer) {
			t.Helper()
			got.refused(http.StatusForbidden, "scope_exceeded")
		}
		for _, permission := range []string{"lintel:users:write", "lintel:all", "lintel:api_keys:write"} {
			exceeded(keeper.createRole(wire.NewRole{Key: newKey(), Name: "More", Permissions: []string{"invoices:read", permission}}))
			exceeded(keeper.updateRole(plain.ID, `"1"`, `{"permissions":["`+permission+`"]}`))
		}
		exceeded(keeper.updateRole(mighty.ID, `"1"`, `{"name":"Renamed"}`))
		exceeded(keeper.updateRole(mighty.ID, `"1"`, `{"permissions":[]}`))
		exceeded(keeper.deleteRole(mighty.ID))
		for _, id := range []string{mighty.ID, keeper.builtIn("lintel_owner").ID, keeper.builtIn("lintel_admin").ID, keeper.builtIn("lintel_support").ID, keeper.builtIn("lintel_auditor").ID} {
			exceeded(keeper.assign(p.ID, id))
			exceeded(keeper.unassign(p.ID, id))
		}
		s.fired()
		require.Empty(t, keeper.rolesOf(p.ID))
		keeper.assign(p.ID, plain.ID).is(http.StatusCreated)
		s.fired("role.assigned")

		both := s.operator(wire.ScopeRolesRead, wire.ScopeRolesWrite, wire.ScopeUsersWrite)
		both.assign(p.ID, mighty.ID).is(http.StatusCreated)
		s.fired("role.assigned")
		exceeded(keeper.unassign(p.ID, mighty.ID))
		both.updateRole(mighty.ID, `"1"`, `{"name":"Renamed"}`).is(http.StatusOK)
		s.fired("role.updated")
		s.operator(wire.ScopeRolesRead).assign(p.ID, plain.ID).refused(http.StatusForbidden, "scope_missing")
	})
}

// Another tenant's roles and users are nobody, in the path and in the body.
func TestClass_ObjectLevel_RolesOfAnotherTenant(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		host := s.secondTenant()
		p := s.somebody()
		role := s.granted(p.ID, "invoices:read")
		second, err := storage.NewTenants(s.DB).TenantByHost(everywhere(), host)
		require.NoError(t, err)
		there := &operator{caller: s.app().at(host).with(s.keyOf(second.ID))}
		made := read[wire.Role](there.createRole(wire.NewRole{Key: role.Key, Name: "Theirs", Permissions: []string{}}).is(http.StatusCreated))
		s.forgetEvents()
		there.role(role.ID).refused(http.StatusNotFound, "role_unknown")
		there.assign(p.ID, made.ID).refused(http.StatusNotFound, "user_unknown")
		there.can(p.ID, "invoices:read").refused(http.StatusNotFound, "user_unknown")
		s.first().assign(p.ID, made.ID).refused(http.StatusNotFound, "role_unknown")
		there.deleteRole(role.ID).refused(http.StatusNotFound, "role_unknown")
		s.fired()
	})
}
