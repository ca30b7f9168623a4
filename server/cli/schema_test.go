package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

func TestSchemasFromTheShell(t *testing.T) {
	place, first := embeddedPlace(t, t.TempDir()), secret.NewToken(apikey.Prefix).Reveal()
	address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, place...))
	environ := append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, place...)
	file := filepath.Join(t.TempDir(), "profile.json")
	write := func(text string) {
		t.Helper()
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	must(t, environ, "user", "create", "--identifier", "ada", "--profile", `{"name":"Ada Lovelace"}`)
	require.Regexp(t, `(?m)^1 +yes +builtin +-$`, must(t, environ, "schema", "list"))
	require.Contains(t, must(t, environ, "schema", "show"), `"additionalProperties": false`)

	write(`{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string","maxLength":5},"age":{"type":"integer","maximum":9007199254740991}}}`)
	tried := must(t, environ, "schema", "validate", "--file", file)
	require.Regexp(t, `(?m)^VALID +yes$`, tried)
	require.Regexp(t, `(?m)^CHANGE +age added$`, tried)
	require.Regexp(t, `(?m)^PROFILES +1 of the 1 newest would not fit$`, tried)
	require.Regexp(t, `(?m)^MISFIT +name max_length, 1$`, tried)
	require.Equal(t, "2\n", must(t, environ, "schema", "create", "--file", file, "-q"))
	require.Contains(t, must(t, environ, "schema", "show"), `"maximum": 9007199254740991`)
	require.NotContains(t, must(t, environ, "schema", "show", "1"), `"age"`)
	require.Equal(t, "2\n1\n", must(t, environ, "schema", "list", "-q"))

	write(`{"type":"object","additionalProperties":false,"properties":{"name":{"type":"integer"}}}`)
	code, out, errs := run(t.Context(), environ, "schema", "validate", "--file", file)
	require.Equal(t, cli.Failed, code)
	require.Regexp(t, `(?m)^VALID +no$`, out)
	require.Regexp(t, `(?m)^ERROR +/properties/name .+ \(incompatible\)$`, out)
	require.Contains(t, errs, "cannot be the next version")
	code, _, errs = run(t.Context(), environ, "schema", "create", "--file", file)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "/document/properties/name")
	code, _, errs = run(t.Context(), environ, "schema", "show", "7")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(schema_unknown)")
	stop()

	write(`{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"}}}`)
	require.Regexp(t, `(?m)^VERSION +3$`, must(t, place, "schema", "create", "--file", file))
	require.Regexp(t, `(?m)^3 +yes +api +\S+Z$`, must(t, place, "schema", "list"))
}

func TestSchemaMisuse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "profile.json")
	require.NoError(t, os.WriteFile(file, []byte("[]"), 0o600))
	for want, args := range map[string][]string{
		"--file is missing":     {"create"},
		"is not a JSON object":  {"validate", "--file", file},
		"accepts at most 1 arg": {"show", "1", "2"},
		"two ways to print":     {"list", "--json", "--quiet"},
		"there is no API key":   {"list", "--server", "http://localhost:1"},
	} {
		environ := []string{"LINTEL_KEY=lk_x", "LINTEL_SERVER=http://localhost:1"}
		if args[0] == "list" && args[1] == "--server" {
			environ = nil
		}
		code, _, errs := run(t.Context(), environ, append([]string{"schema"}, args...)...)
		require.Equal(t, cli.Misused, code, errs)
		require.Contains(t, errs, want)
	}
}
