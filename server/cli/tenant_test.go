package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// lifeOfATenant goes through all verbs.
func lifeOfATenant(t *testing.T, environ []string, name string) {
	t.Helper()
	base := "http://" + name + ".localhost:8080"
	code, out, errs := run(t.Context(), environ, "tenant", "create", name, "--base-url", base, "--host", "also-"+name+".localhost", "--json")
	require.Equal(t, cli.Done, code, errs)
	var made struct {
		Tenant struct{ ID string }
		APIKey struct{ Secret string } `json:"api_key"`
	}
	require.NoError(t, json.Unmarshal([]byte(out), &made), out)
	require.Equal(t, 1, strings.Count(out+errs, made.APIKey.Secret))
	require.Contains(t, errs, "shown only now")
	id := made.Tenant.ID

	require.Regexp(t, `(?m)^`+id+` +`+name+` +`+base+` +active +api +\S+Z$`, must(t, environ, "tenant", "list"))
	require.Contains(t, must(t, environ, "tenant", "list", "-q"), id+"\n")
	require.Regexp(t, `(?m)^HOSTS +`+name+`\.localhost:8080,also-`+name+`\.localhost$`, must(t, environ, "tenant", "show", id))
	require.Regexp(t, `(?m)^HOSTS +`+name+`\.localhost:8080,other-`+name+`\.localhost$`, must(t, environ, "tenant", "update", id, "--host", "other-"+name+".localhost"))
	require.Regexp(t, `(?m)^HOSTS +`+name+`\.localhost:8080$`, must(t, environ, "tenant", "update", id, "--host", ""))
	require.Regexp(t, `(?m)^STATUS +suspended$`, must(t, environ, "tenant", "suspend", name))
	require.Regexp(t, `(?m)^STATUS +active$`, must(t, environ, "tenant", "reactivate", id))
	require.Regexp(t, `^lk_\S{43}\n$`, must(t, environ, "tenant", "key", id, "-q"))

	code, out, errs = run(t.Context(), environ, "tenant", "delete", id)
	require.Equal(t, cli.Misused, code)
	require.Empty(t, out)
	require.Contains(t, errs, "say --yes")
	require.Regexp(t, `(?m)^STATUS +deletion_scheduled$`, must(t, environ, "tenant", "delete", id, "--yes"))
	require.Regexp(t, `(?m)^STATUS +suspended$`, must(t, environ, "tenant", "restore", id))
	var leaving struct {
		DeleteAt  time.Time `json:"delete_at"`
		UpdatedAt time.Time `json:"updated_at"`
	}
	require.NoError(t, json.Unmarshal([]byte(must(t, environ, "tenant", "delete", id, "--yes", "--at-once", "--json")), &leaving))
	require.Equal(t, 2*time.Minute, leaving.DeleteAt.Sub(leaving.UpdatedAt))
	for args, want := range map[string]string{
		"suspend " + id: "(tenant_deleting)", "show tnt_01h455vb4pex5vsknk084sn02q": "(tenant_not_found)",
		"show nobody": "no tenant has the name nobody",
	} {
		code, _, errs = run(t.Context(), environ, append([]string{"tenant"}, strings.Fields(args)...)...)
		require.Equal(t, cli.Failed, code)
		require.Contains(t, errs, want)
	}
	for _, args := range []string{"create x", "update " + id} {
		code, _, _ = run(t.Context(), environ, append([]string{"tenant"}, strings.Fields(args)...)...)
		require.Equal(t, cli.Misused, code)
	}
}

func TestTenantOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			operator, first := secret.NewToken(apikey.OperatorPrefix).Reveal(), secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_OPERATOR_KEYS=" + operator, "LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			lifeOfATenant(t, append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + operator}, environ...), "acme")
			code, out, errs := run(t.Context(), append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...), "tenant", "list")
			require.Equal(t, cli.Failed, code)
			require.Empty(t, out)
			require.Contains(t, errs, "(operator_key_invalid)")
			stop()
			// There are several tenants now, and none has to be chosen.
			lifeOfATenant(t, environ, "globex")
		})
	}
}
