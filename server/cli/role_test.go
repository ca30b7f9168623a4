package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/management"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

func TestRolesFromTheShell(t *testing.T) {
	place := embeddedPlace(t, t.TempDir())
	first := secret.NewToken(apikey.Prefix).Reveal()
	address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, place...))
	environ := append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, place...)
	client, err := management.New(address, management.Options{Key: management.StaticKey(first)})
	require.NoError(t, err)
	person, err := client.CreateUser(t.Context(), management.NewUser{Identifiers: []management.NewUserIdentifier{{Value: "ada"}}})
	require.NoError(t, err)
	fails := func(want string, args ...string) (out string) {
		t.Helper()
		code, out, errs := run(t.Context(), environ, append([]string{"role"}, args...)...)
		require.Equal(t, cli.Failed, code, out+errs)
		require.Contains(t, errs, want)
		return out
	}

	id := strings.TrimSpace(must(t, environ, "role", "create", "clerk", "--name", "Clerk", "--description", "Reads.", "--permission", "invoices:read, notes:read", "-q"))
	require.Regexp(t, `(?m)^`+id+` +clerk +Clerk +invoices:read,notes:read +no$`, must(t, environ, "role", "list"))
	require.Len(t, strings.Fields(must(t, environ, "role", "list", "--quiet")), 5)
	require.Regexp(t, `(?m)^DESCRIPTION +Reads\.$`, must(t, environ, "role", "show", "clerk"))
	require.Equal(t, must(t, environ, "role", "show", "clerk"), must(t, environ, "role", "show", id))
	require.Regexp(t, `(?m)^BUILT IN +yes\nCREATED +-\nUPDATED +-$`, must(t, environ, "role", "show", "lintel_owner"))
	fails("(role_key_taken)", "create", "clerk")
	fails("(role_unknown)", "show", "nobody")
	fails("(role_unknown)", "show", "rol_01h455vb4pex5vsknk084sn02q")
	fails("(role_built_in)", "update", "lintel_owner", "--name", "x")

	require.Equal(t, "[]\n", must(t, environ, "role", "users", "clerk", "--json"))
	require.Contains(t, must(t, environ, "role", "assign", person.ID, "clerk"), person.ID+" has clerk.")
	require.Regexp(t, `(?m)^`+person.ID+`  \S+Z$`, must(t, environ, "role", "users", "clerk"))
	require.Equal(t, person.ID+"\n", must(t, environ, "role", "users", id, "-q"))
	must(t, environ, "role", "assign", strings.TrimSpace(another(t, client)), "clerk")
	var holders []management.RoleUser
	require.NoError(t, json.Unmarshal([]byte(must(t, environ, "role", "users", "clerk", "--json")), &holders))
	require.Len(t, holders, 2)
	require.Equal(t, person.ID, holders[0].UserID)
	require.Regexp(t, `(?m)^`+id+` +clerk +Clerk `, must(t, environ, "role", "of", person.ID))
	require.Regexp(t, `(?m)^PERMISSIONS +invoices:read,notes:read$`, must(t, environ, "role", "permissions", person.ID))
	require.Equal(t, "invoices:read\nnotes:read\n", must(t, environ, "role", "permissions", person.ID, "-q"))
	require.Regexp(t, `(?m)^invoices:read +yes$`, must(t, environ, "role", "can", person.ID, "invoices:read"))
	require.Regexp(t, `(?m)^invoices:write +no$`, fails("not all of it is allowed", "can", person.ID, "invoices:read", "invoices:write"))

	require.Regexp(t, `(?m)^PERMISSIONS +invoices:write$`, must(t, environ, "role", "update", "clerk", "--permission", "invoices:write"))
	require.Regexp(t, `(?m)^NAME +Scribe$`, must(t, environ, "role", "update", "clerk", "--name", "Scribe", "--no-permissions"))
	require.Contains(t, must(t, environ, "role", "unassign", person.ID, "clerk"), "does not have clerk")
	require.Empty(t, must(t, environ, "role", "of", person.ID, "-q"))
	brief(t, environ)
	stop()

	// The same on the database itself.
	require.Contains(t, must(t, place, "role", "assign", person.ID, "lintel_auditor"), "has lintel_auditor")
	require.Contains(t, must(t, place, "role", "of", person.ID, "--json"), `"lintel_auditor"`)
	require.Contains(t, must(t, place, "role", "delete", "clerk", "--yes"), "clerk is deleted")
	code, _, errs := run(t.Context(), place, "role", "show", id)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(role_unknown)")
}

// brief is a role that goes as soon as it is made.
func brief(t *testing.T, environ []string) {
	t.Helper()
	must(t, environ, "role", "create", "brief")
	code, _, errs := run(t.Context(), environ, "role", "delete", "brief")
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "say --yes")
	require.Contains(t, must(t, environ, "role", "delete", "brief", "--yes"), "brief is deleted")
}

// another is one more user.
func another(t *testing.T, client *management.Client) string {
	t.Helper()
	made, err := client.CreateUser(t.Context(), management.NewUser{Identifiers: []management.NewUserIdentifier{{Value: "grace"}}})
	require.NoError(t, err)
	return made.ID
}

func TestRoleMisuse(t *testing.T) {
	for want, args := range map[string][]string{
		"there is no API key":      {"list", "--server", "http://localhost:1"},
		"nothing is to be changed": {"update", "clerk"},
		"exclude each other":       {"update", "clerk", "--permission", "a", "--no-permissions"},
		"two ways to print":        {"list", "--json", "--quiet"},
		"accepts 2 arg(s)":         {"assign", "usr_1"},
		"requires at least 2":      {"can", "usr_1"},
	} {
		code, _, errs := run(t.Context(), nil, append([]string{"role"}, args...)...)
		require.Equal(t, cli.Misused, code, errs)
		require.Contains(t, errs, want)
	}
	out := must(t, nil, "__complete", "role", "create", "x", "--permission", "")
	for _, scope := range apikey.Scopes() {
		require.Contains(t, out, "lintel:"+string(scope)+"\n")
	}
}
