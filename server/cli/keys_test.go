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

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/secret"
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

// keysLife goes through all verbs, from one key that signs.
func keysLife(t *testing.T, environ []string) {
	t.Helper()
	first := strings.TrimSpace(must(t, environ, "keys", "list", "-q"))
	require.Regexp(t, `(?m)^KID +ALGORITHM +STATE +SIGNS FROM +SIGNS UNTIL +PUBLISHED UNTIL\n`+first+` +ES256 +signing +\S+Z +- +-$`, must(t, environ, "keys", "list"))

	made := must(t, environ, "keys", "rotate")
	require.Regexp(t, `(?m)^STATE +waiting$`, made)
	successor := strings.TrimSpace(must(t, environ, "keys", "rotate", "-q"))
	require.Regexp(t, `(?m)^KID +`+successor+`$`, made, "one waits already")
	listed := must(t, environ, "keys", "list")
	require.Regexp(t, `(?m)^`+first+` +ES256 +signing +\S+Z +\S+Z +\S+Z$`, listed)
	require.Regexp(t, `(?m)^`+successor+` +ES256 +waiting`, listed)

	require.Regexp(t, `(?m)^STATE +signing$`, must(t, environ, "keys", "rotate", "--now"))
	var shown struct {
		State   string
		Retires string `json:"retires_at"`
		JWK     map[string]string
	}
	text := must(t, environ, "keys", "show", "--json", "--", first)
	require.NoError(t, json.Unmarshal([]byte(text), &shown))
	require.Equal(t, "retired", shown.State)
	require.NotEmpty(t, shown.Retires)
	require.Equal(t, first, shown.JWK["kid"])
	require.NotContains(t, shown.JWK, "d", "its private part is nobody's")

	code, _, errs := run(t.Context(), environ, "keys", "revoke", "--", first)
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "say --yes")
	require.Equal(t, first+" is revoked.\n", must(t, environ, "keys", "revoke", "--yes", "--", first))
	for _, verb := range []string{"show", "revoke"} {
		code, _, errs = run(t.Context(), environ, "keys", verb, "--", first)
		require.Equal(t, cli.Failed, code)
		require.Contains(t, errs, "(signing_key_unknown)")
	}
	require.Equal(t, successor+"\n", must(t, environ, "keys", "list", "-q"))
}

func TestKeysOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			require.Len(t, kids(t, address), 1)
			at := append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...)
			keysLife(t, at)
			small := strings.TrimSpace(must(t, at, "key", "create", "Small", "--scope", "keys:read", "-q"))
			code, _, errs := run(t.Context(), []string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + small}, "keys", "rotate")
			require.Equal(t, cli.Failed, code)
			require.Contains(t, errs, "(scope_missing: keys:write)")
			if engine == "sqlite" {
				code, _, errs := run(t.Context(), environ, "keys", "list")
				require.Equal(t, cli.Failed, code)
				require.Contains(t, errs, "a running server holds the database")
				stop()
			}
			keysLife(t, environ)
		})
	}
}

// Protects: an operator rotates beside running servers, which follow within seconds.
func TestKeysBesideARunningServer(t *testing.T) {
	environ := places(t)["postgres"]
	must(t, environ, "migrate")
	address, stop := serving(t, environ)
	first := kids(t, address)
	require.Len(t, first, 1)
	successor := strings.TrimSpace(must(t, environ, "keys", "rotate", "--now", "--tenant", "default", "-q"))
	require.Eventually(t, func() bool { return len(kids(t, address)) == 2 }, 20*time.Second, 50*time.Millisecond)
	must(t, environ, "keys", "revoke", "--yes", "--tenant", address, "--", first[0])
	require.Eventually(t, func() bool { return len(kids(t, address)) == 1 }, 20*time.Second, 50*time.Millisecond)
	require.Equal(t, []string{successor}, kids(t, address))
	require.Regexp(t, `(?m)  jwks\.removed  .*  system$`, must(t, environ, "audit", "list", "--type", "jwks.removed"))
	stop()
}

// The commands are about one tenant: where there are several, which one has to be said.
func TestKeysOfOneTenant(t *testing.T) {
	environ := append([]string{"LINTEL_ROOT_KEYS=" + rootKeyOf(t, "one")}, embeddedPlace(t, t.TempDir())...)
	must(t, environ, "migrate")
	_, stop := serving(t, environ)
	stop()
	must(t, environ, "tenant", "create", "acme", "--base-url", "http://acme.localhost:8080", "-q")
	code, _, errs := run(t.Context(), environ, "keys", "list")
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "--tenant: there are several tenants")
	own := must(t, environ, "keys", "rotate", "--tenant", "acme", "-q")
	require.Equal(t, own, must(t, environ, "keys", "list", "--tenant", "http://acme.localhost:8080", "-q"))
	require.NotContains(t, must(t, environ, "keys", "list", "--tenant", "default", "-q"), strings.TrimSpace(own))
	code, _, errs = run(t.Context(), environ, "keys", "show", "--tenant", "default", "--", strings.TrimSpace(own))
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(signing_key_unknown)")
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
	environ := append([]string{"LINTEL_ROOT_KEYS=" + rootKeyOf(t, "one")}, embeddedPlace(t, t.TempDir())...)
	must(t, environ, "migrate")
	_, stop := serving(t, environ)
	stop()
	for want, args := range map[string][]string{
		"lintel: --tenant: no tenant has this id, name, base URL or host": {"rotate", "--tenant", "nobody"},
		"accepts 1 arg(s), received 0":                                    {"revoke"},
		"accepts 0 arg(s), received 1":                                    {"rotate", "now"},
		`unknown command "turn"`:                                          {"turn"},
		"a KID that begins with a dash goes after --":                     {"revoke", "-oKIywvGU"},
		"two ways to print":                                               {"list", "--json", "--quiet"},
	} {
		code, _, errs := run(t.Context(), environ, append([]string{"keys"}, args...)...)
		require.Equal(t, cli.Misused, code)
		require.Contains(t, errs, want)
	}
	code, _, errs := run(t.Context(), environ, "keys", "show", "nobody")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "#path/kid")
	require.Contains(t, must(t, environ, "keys"), "rewrap")
	require.Contains(t, must(t, environ, "keys"), "of one tenant")
	completed := must(t, nil, "__complete", "keys", "")
	for _, verb := range []string{"list", "show", "rotate", "revoke", "rewrap"} {
		require.Contains(t, completed, verb+"\t")
	}
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
