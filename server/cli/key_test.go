package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// life goes through all verbs.
func life(t *testing.T, environ []string) {
	t.Helper()
	code, out, errs := run(t.Context(), environ, "key", "create", "Nightly", "--scope", "users:read", "--expires-in", "720h", "--json")
	require.Equal(t, cli.Done, code, errs)
	var issued struct {
		APIKey struct{ ID string } `json:"api_key"`
		Secret string
	}
	require.NoError(t, json.Unmarshal([]byte(out), &issued), out)
	require.Equal(t, 1, strings.Count(out+errs, issued.Secret))
	require.Contains(t, errs, "shown only now")
	id := issued.APIKey.ID

	require.Regexp(t, `(?m)^`+id+` +Nightly +users:read +\S+Z +\S+Z +never$`, must(t, environ, "key", "list"))
	require.Contains(t, must(t, environ, "key", "list", "--quiet"), id+"\n")
	updated := must(t, environ, "key", "update", id, "--name", "Daily", "--no-expiry")
	require.Regexp(t, `(?m)^NAME +Daily$`, updated)
	require.Regexp(t, `(?m)^EXPIRES +never$`, must(t, environ, "key", "show", id))

	for _, verb := range []string{"rotate", "delete"} {
		code, out, errs = run(t.Context(), environ, "key", verb, id)
		require.Equal(t, cli.Misused, code)
		require.Empty(t, out)
		require.Contains(t, errs, "say --yes")
	}
	rotated := must(t, environ, "key", "rotate", id, "--overlap", "1h", "--yes", "--quiet")
	require.Regexp(t, `^lk_\S{43}\n$`, rotated)
	require.NotContains(t, rotated, issued.Secret)
	require.Contains(t, must(t, environ, "key", "delete", id, "--yes"), "is deleted")
	code, _, errs = run(t.Context(), environ, "key", "show", id)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(api_key_unknown)")
}

func TestKeyOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			life(t, append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...))
			file := filepath.Join(t.TempDir(), "key")
			require.NoError(t, os.WriteFile(file, []byte(first+"\n"), 0o600))
			require.Contains(t, must(t, environ, "key", "list", "--server", address, "--key-file", file), "bootstrap")
			small := strings.TrimSpace(must(t, environ, "key", "create", "Small", "--scope", "users:read", "-q", "--server", address, "--key-file", file))
			for key, want := range map[string]string{small: "(scope_missing: api_keys:read)", secret.NewToken(apikey.Prefix).Reveal(): "(api_key_invalid)"} {
				code, out, errs := run(t.Context(), []string{"LINTEL_KEY=" + key}, "key", "list", "--server", address)
				require.Equal(t, cli.Failed, code)
				require.Empty(t, out)
				require.Contains(t, errs, want)
				require.NotContains(t, errs, key)
			}
			if engine == "sqlite" {
				code, _, errs := run(t.Context(), environ, "key", "list")
				require.Equal(t, cli.Failed, code)
				require.Contains(t, errs, "a running server holds the database")
				require.Contains(t, errs, "--server")
				stop()
			}
			life(t, environ)
		})
	}
}

// The credential of an operator's own process is nothing to a server, and a server's keys
// are nothing to that process.
func TestClass_SideGrant_TheLocalCredentialIsNothingToAServer(t *testing.T) {
	environ := places(t)["postgres"]
	must(t, environ, "migrate")
	first := secret.NewToken(apikey.Prefix).Reveal()
	address, _ := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
	settings, err := config.Load("", environ)
	require.NoError(t, err)
	desk, err := boot.OpenDesk(t.Context(), settings, boot.Surroundings{}, "")
	require.NoError(t, err)
	defer func() { require.NoError(t, desk.Close()) }()
	ask := func(client *http.Client, key string) int {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/admin/v1/api-keys", nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+key)
		response, err := client.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	local := desk.Credential().Reveal()
	require.Equal(t, http.StatusOK, ask(desk.Client(), local))
	require.Equal(t, http.StatusUnauthorized, ask(http.DefaultClient, local))
	require.Equal(t, http.StatusOK, ask(http.DefaultClient, first))
	require.Equal(t, http.StatusUnauthorized, ask(desk.Client(), first))
}

func TestKeyAtWhatIsNoServer(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>\x1b[2J"))
	}))
	environ := []string{"LINTEL_KEY=lk_x", "LINTEL_SERVER=" + proxy.URL}
	code, out, errs := run(t.Context(), environ, "key", "list")
	require.Equal(t, cli.Failed, code)
	require.Empty(t, out)
	require.Contains(t, errs, "is not Lintel")
	require.NotContains(t, errs, "\x1b")
	proxy.Close()
	code, _, errs = run(t.Context(), environ, "key", "list")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "cannot be reached")
}

// What a server calls a key is shown, and not obeyed.
func TestClass_Injection_NamesDoNotReachTheTerminalRaw(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"items":[{"id":"key_1","name":"a\u001b[2Jb\u009b\u202e","scopes":["all"],"created_at":"2030-01-02T03:04:05Z","updated_at":"2030-01-02T03:04:05Z","expires_at":null,"last_used_at":null}],"next_cursor":null}`))
	}))
	defer server.Close()
	for _, how := range []string{"--json=false", "--json"} {
		out := must(t, []string{"LINTEL_KEY=lk_x"}, "key", "list", "--server", server.URL, how)
		require.Contains(t, out, `a\u001b[2Jb\u009b\u202e`)
		require.NotContains(t, out, "\x1b")
	}
}

func TestKeyMisuse(t *testing.T) {
	for want, args := range map[string][]string{
		"there is no API key":      {"list", "--server", "http://localhost:1"},
		"--scope is missing":       {"create", "x"},
		"nothing is to be changed": {"update", "key_1"},
		"exclude each other":       {"create", "x", "--scope", "all", "--expires", "2031-01-02T03:04:05Z", "--expires-in", "1h"},
		"two ways to print":        {"list", "--json", "--quiet"},
		"accepts 1 arg(s)":         {"show"},
	} {
		code, _, errs := run(t.Context(), nil, append([]string{"key"}, args...)...)
		require.Equal(t, cli.Misused, code, errs)
		require.Contains(t, errs, want)
	}
	out := must(t, nil, "__complete", "key", "create", "x", "--scope", "")
	for _, scope := range apikey.Scopes() {
		require.Contains(t, out, string(scope)+"\n")
	}
}

// Somebody at a terminal is asked first. LINTEL_SERVER and LINTEL_KEY stop no server.
func TestKeyAsksBeforeItDeletes(t *testing.T) {
	environ := embeddedPlace(t, t.TempDir())
	_, stop := serving(t, append([]string{"LINTEL_SERVER=http://localhost:1", "LINTEL_KEY=lk_x"}, environ...))
	stop()
	var out, errs output
	refused := cli.Process{Args: []string{"key", "list"}, Environ: append([]string{"LINTEL_KEY=lk_x"}, environ...), Out: &out, Err: &errs}
	require.Equal(t, 2, cli.Run(t.Context(), refused), "a key for a server does not end up at the local database")
	require.Contains(t, errs.String(), "LINTEL_KEY is for a server")
	must(t, environ, "key", "create", "Small", "--scope", "users:read", "-q")
	ids := strings.Fields(must(t, environ, "key", "list", "-q"))
	id := ids[len(ids)-1]
	ask := func(answer string) (int, string) {
		var out, errs output
		code := cli.Run(t.Context(), cli.Process{
			Args: []string{"key", "delete", id}, Environ: environ, In: strings.NewReader(answer), Out: &out, Err: &errs, Terminal: true,
		})
		require.Contains(t, errs.String(), "Delete "+id+" (Small) at ")
		return code, out.String() + errs.String()
	}
	code, told := ask("no\n")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, told, "nothing was done")
	code, told = ask("yes\n")
	require.Equal(t, cli.Done, code, told)
	require.Contains(t, told, "is deleted")
}
