package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// recoverUser goes through what the command can do.
func recoverUser(t *testing.T, environ []string) {
	t.Helper()
	app := strings.TrimSpace(must(t, environ, "app", "create", "Help desk", "--client-id", "help-desk", "--origin", "https://help.example", "--link-uri", "https://help.example/link", "-q"))
	lost := asUser(t, must(t, environ, "user", "create", "lost@example.com", "--json")).ID
	code, _, errs := run(t.Context(), environ, "user", "recovery", "show", lost)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(recovery_unknown)")
	code, _, errs = run(t.Context(), environ, "user", "recovery", "start", lost, "found@example.com", "--client-id", "help-desk")
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "say --yes")

	started := must(t, environ, "user", "recovery", "start", lost, "found@example.com", "--client-id", "help-desk", "--waiting", "24h", "--yes")
	for _, line := range []string{`USER +` + lost, `STATUS +waiting`, `ADDRESS +email found@example.com`, `CLIENT ID +help-desk`, `OPENS +\S+Z`, `ENDED +never`} {
		require.Regexp(t, `(?m)^`+line+`$`, started)
	}
	var shown struct{ Status string }
	require.NoError(t, json.Unmarshal([]byte(must(t, environ, "user", "recovery", "show", lost, "--json")), &shown))
	require.Equal(t, "waiting", shown.Status)
	must(t, environ, "user", "recovery", "stop", lost)
	require.Regexp(t, `(?m)^STATUS +stopped$`, must(t, environ, "user", "recovery", "show", lost))
	must(t, environ, "user", "delete", lost, "--at-once", "--yes")
	must(t, environ, "app", "delete", app, "--yes")
}

func TestUserRecoveryOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			recoverUser(t, append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...))
			stop()
			recoverUser(t, environ)
		})
	}
}
