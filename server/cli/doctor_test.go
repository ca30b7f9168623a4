package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/boot/doctor"
	"github.com/lintel-id/lintel/server/cli"
)

// examined runs the doctor and gives its findings by check.
func examined(t *testing.T, code int, environ []string) map[string]doctor.Finding {
	t.Helper()
	got, out, errs := run(t.Context(), environ, "doctor", "--format", "json")
	require.Equal(t, code, got, "%s%s", out, errs)
	for _, entry := range environ {
		if name, secret, _ := strings.Cut(entry, "="); name == "LINTEL_ROOT_KEYS" && secret != "" {
			require.NotContains(t, out+errs, strings.SplitN(secret, ":", 2)[1])
		}
	}
	var findings []doctor.Finding
	require.NoError(t, json.Unmarshal([]byte(out), &findings))
	found := map[string]doctor.Finding{}
	for _, one := range findings {
		found[one.Check] = one
		require.Equal(t, one.Level != doctor.OK, one.Advice != "", "%v: what is not fine comes with advice", one)
	}
	require.Len(t, found, len(findings))
	return found
}

// Beside a server that is well everything is, and each thing that is spoilt is found.
func TestDoctor(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			key, other := rootKeyOf(t, "one"), rootKeyOf(t, "two")
			environ := append([]string{"LINTEL_ROOT_KEYS=" + key}, environ...)
			for _, entry := range environ {
				if dir, ok := strings.CutPrefix(entry, "LINTEL_DATA_DIR="); ok {
					require.NoError(t, os.Chmod(dir, 0o700))
				}
			}
			must(t, environ, "migrate")
			address, stop := serving(t, environ)
			require.NotEmpty(t, register(t.Context(), address, "ada@example.com"))
			require.NotEmpty(t, kids(t, address))
			for name, one := range examined(t, cli.Done, environ) {
				require.Equal(t, doctor.OK, one.Level, "%s: %v", name, one)
			}
			require.Regexp(t, `(?m)^ok  root keys +one \([0-9a-f]{16}\) open the keys of all 1 tenants$`, must(t, environ, "doctor"))
			stop()

			environ[0] = "LINTEL_ROOT_KEYS=" + other
			found := examined(t, cli.Failed, environ)
			require.Equal(t, doctor.Problem, found["root keys"].Level)
			require.Regexp(t, `the key with the id [0-9a-f]{16}`, found["root keys"].Found)
			environ[0] = "LINTEL_ROOT_KEYS=" + other + "," + key
			require.Contains(t, examined(t, cli.Done, environ)["root keys"].Advice, "lintel keys rewrap")
			environ[0] = "LINTEL_ROOT_KEYS=" + key

			asking := filepath.Join(t.TempDir(), "lintel.yaml")
			require.NoError(t, os.WriteFile(asking, []byte("applications: [{client_id: a, profile_claims: [foo]}]"), 0o600))
			found = examined(t, cli.Failed, append(environ, "LINTEL_CONFIG="+asking))
			require.Equal(t, doctor.OK, found["configuration"].Level, "what the database may know is not the configuration's to refuse")
			require.Contains(t, found["profile claims"].Found, "applications[0].profile_claims[0]: ")

			found = examined(t, cli.Failed, append(environ, "LINTEL_MODE=production", "LINTEL_BASE_URL=https://id.example.com", "LINTEL_TEST_MODE=true"))
			for _, name := range []string{"configuration", "tenants", "proxies", "test mode"} {
				require.Equal(t, doctor.Problem, found[name].Level, "%s: %v", name, found[name])
			}
		})
	}
}

func TestDoctorFindsDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	environ := embeddedPlace(t, dir)
	_, stop := serving(t, environ)
	require.Eventually(t, func() bool {
		_, out, _ := run(t.Context(), environ, "audit", "head")
		return heads.MatchString(out) && !strings.Contains(out, " 0:")
	}, 20*time.Second, 20*time.Millisecond)
	stop()
	tamper(t, "sqlite", filepath.Join(dir, "lintel.db"),
		"UPDATE audit_records SET data = '{}'", "UPDATE events SET seq = NULL, time = time - 3600000000")
	require.NoError(t, os.Chmod(dir, 0o777))
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	found := examined(t, cli.Failed, append(environ, "LINTEL_OPERATIONS_LISTEN="+strings.TrimPrefix(other.URL, "http://")))
	require.Equal(t, doctor.Problem, found["audit chain"].Level)
	require.Contains(t, found["audit chain"].Found, "changed")
	require.Equal(t, doctor.Warning, found["event numbers"].Level)
	require.Equal(t, doctor.Problem, found["data directory"].Level)
	require.Contains(t, found["server"].Found, "answered by another program")

	require.NoError(t, os.Remove(filepath.Join(dir, "root-key")))
	require.Contains(t, examined(t, cli.Failed, environ)["root keys"].Found, "is gone")
	require.NoFileExists(t, filepath.Join(dir, "root-key"), "the doctor makes up no key")

	tamper(t, "sqlite", filepath.Join(dir, "lintel.db"), "DELETE FROM schema_version WHERE version_id > 1")
	require.Contains(t, examined(t, cli.Failed, environ)["tables"].Found, "are at version 1 of")

	content, err := os.ReadFile(filepath.Join(dir, "lintel.db"))
	require.NoError(t, err)
	for i := 8192; i < 12288; i++ {
		content[i] = 0xff
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "lintel.db"), content, 0o600))
	require.Equal(t, doctor.Problem, examined(t, cli.Failed, environ)["pages"].Level)
}

func TestDoctorBeforeThereIsAnything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	found := examined(t, cli.Done, embeddedPlace(t, dir))
	require.Equal(t, doctor.Warning, found["database"].Level)
	require.Contains(t, found["audit"].Found, "not looked at")
	require.NoDirExists(t, dir, "the doctor makes nothing")
	code, out, errs := run(t.Context(), []string{"LINTEL_DATABASE_URL=postgres://u:hunter2@localhost:1/lintel", "LINTEL_LISTNE=x"}, "doctor")
	require.Equal(t, cli.Failed, code)
	require.Regexp(t, `(?m)^problem +configuration .*LINTEL_LISTNE: is not a variable`, out)
	require.Regexp(t, `(?m)^problem +database `, out)
	require.NotContains(t, out+errs, "hunter2")
	require.Contains(t, must(t, nil, "completion", "bash"), "lintel")
}
