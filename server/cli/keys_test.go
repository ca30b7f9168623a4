package cli_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// serving runs a server until the returned function is called, and gives its address.
func serving(t *testing.T, environ []string) (address string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var stdout, stderr output
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Run(ctx, cli.Process{Args: []string{"serve"}, Environ: environ, Out: &stdout, Err: &stderr})
	}()
	t.Cleanup(cancel)
	found := regexp.MustCompile(`(http://localhost:\d+)/docs`)
	require.Eventually(t, func() bool { return found.MatchString(stdout.String()) }, 20*time.Second, 5*time.Millisecond, "%s", &stderr)
	greeted := stdout.String()
	tell := func() {
		exercised.ask(t, regexp.MustCompile(`(http://\S+)/readyz`).FindStringSubmatch(greeted)[1])
	}
	t.Cleanup(tell)
	return found.FindStringSubmatch(greeted)[1], func() {
		tell()
		cancel()
		require.Equal(t, cli.Done, <-ended, stderr.String())
	}
}

// kids are the keys that a server publishes.
func kids(t *testing.T, address string) []string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/.well-known/jwks.json", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	var set struct{ Keys []struct{ Kid string } }
	require.NoError(t, json.Unmarshal(body, &set), "%s", body)
	found := []string{}
	for _, key := range set.Keys {
		found = append(found, key.Kid)
	}
	return found
}

func places(t *testing.T) map[string][]string {
	t.Helper()
	common := func(more ...string) []string {
		return append(more, "LINTEL_DATA_DIR="+t.TempDir(), "LINTEL_LISTEN=localhost:0", "LINTEL_OPERATIONS_LISTEN=localhost:0", "LINTEL_LOG_LEVEL=error")
	}
	return map[string][]string{"sqlite": common(), "postgres": common("LINTEL_DATABASE_URL=" + postgres.NewDatabase(t))}
}

func must(t *testing.T, environ []string, args ...string) string {
	t.Helper()
	code, out, errs := run(t.Context(), environ, args...)
	require.Equal(t, cli.Done, code, errs)
	return out
}

// Protects: an operator rotates beside a running server, which follows within seconds.
func TestKeysBesideARunningServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			must(t, environ, "migrate")
			address, stop := serving(t, environ)
			first := kids(t, address)
			require.Len(t, first, 1)
			require.Regexp(t, address+` +`+first[0]+` +ES256 +signing +\S+Z +- +-`, must(t, environ, "keys", "list"))

			made := must(t, environ, "keys", "rotate")
			require.Regexp(t, "^"+address+`: \S{43} signs from \S+Z\.\n$`, made)
			successor := strings.Fields(made)[1]
			require.Equal(t, made, must(t, environ, "keys", "rotate", "--tenant", "default"), "one waits already")
			require.Eventually(t, func() bool { return len(kids(t, address)) == 2 }, 20*time.Second, 50*time.Millisecond)
			listed := must(t, environ, "keys", "list", "--tenant", address)
			require.Regexp(t, first[0]+` +ES256 +signing`, listed)
			require.Regexp(t, successor+` +ES256 +waiting`, listed)

			must(t, environ, "keys", "rotate", "--now")
			listed = must(t, environ, "keys", "list")
			require.Regexp(t, first[0]+` +ES256 +retired`, listed)
			require.Regexp(t, successor+` +ES256 +signing`, listed)

			require.Contains(t, must(t, environ, "keys", "revoke", first[0]), "is removed")
			require.Eventually(t, func() bool { return len(kids(t, address)) == 1 }, 20*time.Second, 50*time.Millisecond)
			require.Equal(t, []string{successor}, kids(t, address))
			stop()
		})
	}
}

// Protects: the root key is replaced beside a running server and then taken off the
// list, and every way to do it in the wrong order is told before anything is lost.
func TestKeysRewrap(t *testing.T) {
	root := func(name string) string {
		key, err := seal.GenerateRootKey(name)
		require.NoError(t, err)
		return key
	}
	older, newer, wrong := root("older"), root("newer"), root("wrong")
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			with := func(keys ...string) []string {
				return append([]string{"LINTEL_ROOT_KEYS=" + strings.Join(keys, ",")}, environ...)
			}
			must(t, environ, "migrate")
			address, stop := serving(t, with(older))
			signing := kids(t, address)

			for _, keys := range [][]string{{wrong}, {newer}} {
				code, out, errs := run(t.Context(), with(keys...), "keys", "rewrap")
				require.Equal(t, cli.Misused, code)
				require.Empty(t, out)
				require.Contains(t, errs, "root_keys: the database was made with a key that is not among these")
				for _, key := range keys {
					require.NotContains(t, errs, strings.SplitN(key, ":", 2)[1])
				}
			}
			code, _, errs := run(t.Context(), append([]string{"LINTEL_MODE=production"}, environ...), "keys", "rewrap")
			require.Equal(t, cli.Misused, code)
			require.Contains(t, errs, "root_keys: must be given in production")

			require.Equal(t, "The keys of all 1 tenants are under the first root key; 0 were moved.\n", must(t, with(older, newer), "keys", "rewrap"))
			require.Equal(t, "The keys of all 1 tenants are under the first root key; 1 were moved.\n", must(t, with(newer, older), "keys", "rewrap"))
			require.Equal(t, "The keys of all 1 tenants are under the first root key; 0 were moved.\n", must(t, with(newer), "keys", "rewrap"))
			require.Equal(t, signing, kids(t, address), "who runs beside it goes on")
			stop()

			code, _, errs = run(t.Context(), with(older), "serve")
			require.Equal(t, cli.Misused, code)
			require.Regexp(t, `root_keys: the database was made with a key that is not among these \(the key with the id [0-9a-f]{16}\)`, errs)
			address, stop = serving(t, with(newer))
			require.Equal(t, signing, kids(t, address), "nothing that was sealed is lost")
			stop()
		})
	}
}

func TestKeysMisuse(t *testing.T) {
	environ := []string{"LINTEL_DATA_DIR=" + t.TempDir(), "LINTEL_LOG_LEVEL=error", "LINTEL_ROOT_KEYS=" + rootKeyOf(t, "one")}
	must(t, environ, "migrate")
	for want, args := range map[string][]string{
		"lintel: --tenant: no tenant has this id, name, base URL or host": {"rotate", "--tenant", "nobody"},
		"accepts 1 arg(s), received 0":                                    {"revoke"},
		`unknown command "now"`:                                           {"rotate", "now"},
	} {
		code, _, errs := run(t.Context(), environ, append([]string{"keys"}, args...)...)
		require.Equal(t, cli.Misused, code)
		require.Contains(t, errs, want)
	}
	code, _, errs := run(t.Context(), environ, "keys", "revoke", "nobody")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "there is no such key")
	require.Contains(t, must(t, environ, "keys"), "rewrap")
}

// A folder that was never meant is told, and is left as it was.
func TestCommandsOnADatabaseMakeNone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	environ := []string{"LINTEL_DATA_DIR=" + dir, "LINTEL_LOG_LEVEL=error"}
	onDatabase := [][]string{
		{"keys", "list"},
		{"keys", "rotate"},
		{"keys", "revoke", "nobody"},
		{"keys", "rewrap"},
		{"audit", "head"},
		{"audit", "verify"},
	}
	for _, args := range onDatabase {
		code, out, errs := run(t.Context(), environ, args...)
		require.Equal(t, cli.Misused, code, args)
		require.Empty(t, out)
		require.Contains(t, errs, "data_dir: there is no database in "+dir, args)
		require.NoDirExists(t, dir, args)
	}

	must(t, environ, "migrate")
	code, _, errs := run(t.Context(), environ, "keys", "list")
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "root_keys: "+filepath.Join(dir, "root-key")+" is gone")
	require.NoFileExists(t, filepath.Join(dir, "root-key"))

	tamper(t, "sqlite", filepath.Join(dir, "lintel.db"), "DELETE FROM schema_version WHERE version_id > 1")
	environ = append(environ, "LINTEL_ROOT_KEYS="+rootKeyOf(t, "one"))
	for _, args := range onDatabase {
		code, _, errs := run(t.Context(), environ, args...)
		require.Equal(t, cli.Misused, code, args)
		require.Contains(t, errs, "run lintel migrate", args)
	}
}
