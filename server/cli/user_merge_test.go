package cli_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// mergeUsers goes through what the command can do.
func mergeUsers(t *testing.T, environ []string) {
	t.Helper()
	create := func(name, profile string) string {
		return asUser(t, must(t, environ, "user", "create", "--identifier", name+"@example.com", "--profile", profile, "--public-metadata", `{"from":"`+name+`"}`, "--json")).ID
	}
	target, source := create("target", `{"name":"T"}`), create("source", `{"name":"S","locale":"de"}`)
	dry := must(t, environ, "user", "merge", target, source, "--dry-run")
	for _, line := range []string{
		`TARGET +` + target, `SOURCE +` + source + `, erased at once`, `IDENTIFIER +email source@example.com \(not verified\)`,
		`PROFILE +locale: taken from the source`, `PROFILE +name: the target's stays`, `PUBLIC METADATA +from: the target's stays`,
		`CONSENTS +0 move, 0 were given by both`, `SESSIONS +0 of the source end`, `PASSWORD +none`, `CREATED +\S+Z`, `LAST LOGIN +never`,
	} {
		require.Regexp(t, `(?m)^`+line+`$`, dry)
	}
	var preview struct {
		Profile struct {
			Conflicts []struct{ Name, Stays string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(must(t, environ, "user", "merge", target, source, "--dry-run", "--prefer-source", "--json")), &preview))
	require.Equal(t, "source", preview.Profile.Conflicts[0].Stays)

	code, out, errs := run(t.Context(), environ, "user", "merge", target, source)
	require.Equal(t, cli.Misused, code)
	require.Empty(t, out)
	require.Contains(t, errs, "say --yes")
	require.Contains(t, errs, "the target's stays", "what would be done is shown before anybody is asked")
	code, _, errs = run(t.Context(), environ, "user", "merge", target, target, "--yes")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(merge_itself)")
	require.Equal(t, source+"\n", must(t, environ, "user", "show", source, "-q"), "nothing has happened so far")

	after := asUser(t, must(t, environ, "user", "merge", target, source, "--prefer-source", "--yes", "--json"))
	require.Equal(t, target, after.ID)
	require.Len(t, after.Identifiers, 2)
	require.Equal(t, map[string]any{"name": "S", "locale": "de"}, after.Profile)
	require.Equal(t, map[string]any{"from": "source"}, after.PublicMetadata)
	code, _, errs = run(t.Context(), environ, "user", "show", source)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(user_unknown)")
	third := create("third", `{}`)
	require.Equal(t, target+"\n", must(t, environ, "user", "merge", target, third, "--yes", "-q"))
	must(t, environ, "user", "delete", target, "--at-once", "--yes")
}

func TestUserMergeOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			mergeUsers(t, append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...))
			stop()
			mergeUsers(t, environ)
		})
	}
}
