package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/cli"
)

func TestConfigCheckNamesEveryWrongKey(t *testing.T) {
	code, out, errs := run(t.Context(), []string{"LINTEL_DATA_DIR=" + t.TempDir()}, "config", "check")
	require.Equal(t, cli.Done, code, errs)
	require.Contains(t, out, "development")
	code, out, errs = run(t.Context(), []string{"LINTEL_MODE=production", "LINTEL_BASE_URL=http://id.example.com"}, "config", "check")
	require.Equal(t, cli.Misused, code)
	require.Empty(t, out)
	require.Contains(t, errs, "root_keys")
	require.Contains(t, errs, "base_url")
}

func TestConfigCheckTakesTheDatabaseForAnEmptyOne(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lintel.yaml")
	require.NoError(t, os.WriteFile(file, []byte("applications: [{client_id: a, profile_claims: [foo], token: {lifetime: 2h}}]"), 0o600))
	code, out, errs := run(t.Context(), nil, "config", "check", "--config", file)
	require.Equal(t, cli.Misused, code)
	require.Empty(t, out)
	require.Contains(t, errs, "applications[0].profile_claims[0]: ")
	require.Contains(t, errs, "applications[0].token.lifetime: ")
}

func TestConfigCheckOpensTheFilesThatAreNamed(t *testing.T) {
	list := filepath.Join(t.TempDir(), "breached.txt")
	code, out, errs := run(t.Context(), []string{"LINTEL_PASSWORD_BREACHED_FILE=" + list}, "config", "check")
	require.Equal(t, cli.Misused, code)
	require.Empty(t, out)
	require.Contains(t, errs, "password.breached_file: ")
	require.NoError(t, os.WriteFile(list, []byte("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8\n"), 0o600))
	code, _, errs = run(t.Context(), []string{"LINTEL_PASSWORD_BREACHED_FILE=" + list}, "config", "check")
	require.Equal(t, cli.Done, code, errs)
}

func TestConfigReferenceListsEveryKey(t *testing.T) {
	code, out, _ := run(t.Context(), nil, "config", "reference")
	require.Equal(t, cli.Done, code)
	require.Len(t, strings.Split(strings.TrimSpace(out), "\n"), 2+len(config.Reference()))
	require.Contains(t, out, "| `database.url` | `LINTEL_DATABASE_URL` |")
}

func TestSpecIsTheServedDocument(t *testing.T) {
	for format, want := range map[string][]byte{"yaml": gen.SpecYAML, "json": gen.SpecJSON, "json-3.0": gen.Spec30JSON} {
		code, out, _ := run(t.Context(), nil, "spec", "--format", format)
		require.Equal(t, cli.Done, code)
		require.Equal(t, string(want), out)
	}
	code, out, _ := run(t.Context(), nil, "spec", "--events")
	require.Equal(t, cli.Done, code)
	require.Equal(t, string(gen.EventsJSON), out)
	code, _, errs := run(t.Context(), nil, "spec", "--format", "xml")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "xml")
}

func TestCompletionIsThere(t *testing.T) {
	code, out, _ := run(t.Context(), nil, "completion", "bash")
	require.Equal(t, cli.Done, code)
	require.Contains(t, out, "lintel")
}
