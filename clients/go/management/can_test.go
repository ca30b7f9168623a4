package management_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/management"
)

func TestRolesAtAServer(t *testing.T) {
	baseURL, first := serve(t)
	ctx, all := t.Context(), dial(t, baseURL, first)
	issued, err := all.CreateAPIKey(ctx, management.NewAPIKey{Name: "Roles", Scopes: []management.Scope{management.ScopeRolesRead, management.ScopeRolesWrite}})
	require.NoError(t, err)
	client := dial(t, baseURL, issued.Secret)
	person, err := all.CreateUser(ctx, management.NewUser{Identifiers: []management.NewUserIdentifier{{Value: "ada"}}})
	require.NoError(t, err)

	made, err := client.CreateRole(ctx, management.NewRole{Key: "clerk", Name: "Clerk", Permissions: []string{"invoices:read"}})
	require.NoError(t, err)
	_, err = client.CreateRole(ctx, management.NewRole{Key: "mighty", Name: "Mighty", Permissions: []string{"lintel:users:write"}})
	requireCode(t, err, http.StatusForbidden, management.ProblemCodeScopeExceeded)
	var header http.Header
	found, err := client.GetRole(ctx, made.ID, management.ReadHeader(&header))
	require.NoError(t, err)
	require.Equal(t, made, found)
	changed, err := client.UpdateRole(ctx, made.ID, header.Get("ETag"), management.RoleUpdate{Description: new("Reads invoices.")})
	require.NoError(t, err)
	require.Equal(t, []string{"invoices:read"}, changed.Permissions)
	_, err = client.UpdateRole(ctx, made.ID, header.Get("ETag"), management.RoleUpdate{Name: new("Late")})
	requireCode(t, err, http.StatusPreconditionFailed, "version_stale")
	var keys []string
	for role, err := range client.AllRoles(ctx, management.ListRolesParams{Limit: new(int32(2))}) {
		require.NoError(t, err)
		keys = append(keys, role.Key)
	}
	require.Equal(t, []string{"lintel_owner", "lintel_admin", "lintel_support", "lintel_auditor", "clerk"}, keys)

	can := func(permissions ...string) bool {
		t.Helper()
		can, err := client.Can(ctx, person.ID, permissions...)
		require.NoError(t, err)
		return can
	}
	require.False(t, can("invoices:read"))
	_, err = client.AssignRole(ctx, person.ID, management.NewUserRole{RoleID: made.ID})
	require.NoError(t, err)
	require.True(t, can("invoices:read"))
	require.False(t, can("invoices:read", "invoices:write"))
	require.False(t, can())
	may, err := client.GetUserPermissions(ctx, person.ID)
	require.NoError(t, err)
	require.Equal(t, &management.UserPermissions{Active: true, Roles: []string{"clerk"}, Permissions: []string{"invoices:read"}}, may)
	for held, err := range client.AllUserRoles(ctx, person.ID) {
		require.NoError(t, err)
		require.Equal(t, made.ID, held.Role.ID)
	}
	for holder, err := range client.AllRoleUsers(ctx, made.ID) {
		require.NoError(t, err)
		require.Equal(t, person.ID, holder.UserID)
	}
	_, err = all.SuspendUser(ctx, person.ID)
	require.NoError(t, err)
	require.False(t, can("invoices:read"))
	require.NoError(t, client.UnassignRole(ctx, person.ID, made.ID))
	require.NoError(t, client.DeleteRole(ctx, made.ID))
	_, err = client.Can(ctx, "usr_01h455vb4pex5vsknk084sn02q", "invoices:read")
	requireCode(t, err, http.StatusNotFound, "user_unknown")
}
