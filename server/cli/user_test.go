package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// typed runs a command with something on its standard input.
func typed(t *testing.T, environ []string, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr output
	code = cli.Run(t.Context(), cli.Process{Args: args, Environ: environ, In: strings.NewReader(in), Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

type shownUser struct {
	ID          string
	Status      string
	Profile     map[string]any
	Identifiers []struct {
		ID, Type, Value string
		Primary         bool
		VerifiedAt      *string `json:"verified_at"`
	}
	PublicMetadata map[string]any `json:"public_metadata"`
}

func asUser(t *testing.T, text string) (one shownUser) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &one), text)
	return one
}

const chosen = "seventeen brown kettles"

// lifeOfAUser goes through all verbs on users but those on sessions that there are.
func lifeOfAUser(t *testing.T, environ []string) (id string) {
	t.Helper()
	code, out, errs := typed(t, environ, chosen+"\n", "user", "create", "ada@example.com", "countess",
		"--verified", "--password", "--profile", `{"name":"Ada"}`, "--public-metadata", `{"tier":"gold"}`, "--json")
	require.Equal(t, cli.Done, code, errs)
	require.NotContains(t, out+errs, chosen)
	made := asUser(t, out)
	id = made.ID
	require.Equal(t, "active", made.Status)
	require.Equal(t, map[string]any{"tier": "gold"}, made.PublicMetadata)
	require.NotNil(t, made.Identifiers[0].VerifiedAt)
	require.Regexp(t, `(?m)^`+id+` +active +\S+Z +never +ada@example.com, countess$`, must(t, environ, "user", "list"))
	require.Equal(t, id+"\n", must(t, environ, "user", "list", "-q", "--prefix", "ada@", "--status", "active", "--created-from", "2020-01-02T03:04:05Z"))
	require.Equal(t, id+"\n", must(t, environ, "user", "list", "-q", "--identifier", "countess"))
	require.Empty(t, must(t, environ, "user", "list", "-q", "--status", "suspended"))
	require.Equal(t, "[]\n", must(t, environ, "user", "list", "--json", "--created-before", "2020-01-02T03:04:05Z"))
	code, _, errs = run(t.Context(), environ, "user", "list", "--claim", "name=Ada")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(filter_not_indexed)")
	require.Regexp(t, `(?m)^PROFILE +\{"name":"Ada"\}$`, must(t, environ, "user", "show", id))
	require.Regexp(t, `(?m)^PROFILE +\{"nickname":"A"\}$`, must(t, environ, "user", "update", id, "--profile", `{"name":null,"nickname":"A"}`))
	require.Equal(t, "suspended", asUser(t, must(t, environ, "user", "suspend", id, "--json")).Status)
	require.Equal(t, id+"\n", must(t, environ, "user", "reactivate", id, "-q"))
	for _, act := range [][]string{{"delete", id}, {"end-sessions", id}, {"end-session", id, "ses_1"}, {"identifier", "remove", id, made.Identifiers[1].ID}, {"passkey", "remove", id, "psk_1"}} {
		code, out, errs = run(t.Context(), environ, append([]string{"user"}, act...)...)
		require.Equal(t, cli.Misused, code)
		require.Empty(t, out)
		require.Contains(t, errs, "say --yes")
	}
	require.Contains(t, must(t, environ, "user", "delete", id, "--yes"), "will be deleted at ")
	require.Equal(t, "active", asUser(t, must(t, environ, "user", "restore", id, "--json")).Status)

	added := must(t, environ, "user", "identifier", "add", id, "lovelace", "--type", "username")
	require.Regexp(t, `^idn_\S+ +username +lovelace +not verified\n$`, added)
	name := strings.Fields(added)[0]
	require.Regexp(t, `username +lovelace +verified, primary\n$`, must(t, environ, "user", "identifier", "verify", id, name, "--primary"))
	require.Regexp(t, `not verified, primary\n$`, must(t, environ, "user", "identifier", "verify", id, name, "--not"))
	require.Equal(t, name+" is removed.\n", must(t, environ, "user", "identifier", "remove", id, name, "--yes"))

	code, _, errs = typed(t, environ, "short\n", "user", "password", "set", id)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(password_rejected)")
	code, out, errs = typed(t, environ, "ninety yellow tractors!\n", "user", "password", "set", id, "--temporary", "--keep-sessions")
	require.Equal(t, cli.Done, code, errs)
	require.NotContains(t, out+errs, "tractors")
	require.Contains(t, must(t, environ, "user", "password", "expire", id, "--end-sessions"), "at the next login")
	require.Equal(t, "[]\n", must(t, environ, "user", "sessions", id, "--json"))
	exportedUser(t, environ, id)
	code, _, errs = run(t.Context(), environ, "user", "impersonate", id, "--actor", "Grace", "--reason", "a ticket")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(impersonation_disabled)")
	allowed := append([]string{"LINTEL_USER_IMPERSONATION=true"}, environ...)
	if !slices.ContainsFunc(environ, func(one string) bool { return strings.HasPrefix(one, "LINTEL_SERVER=") }) {
		code, out, errs = run(t.Context(), allowed, "user", "impersonate", id, "--actor", "Grace", "--reason", "a ticket", "-q")
		require.Equal(t, cli.Done, code, errs)
		require.Regexp(t, `^ls_\S+\n$`, out)
	}
	require.Contains(t, must(t, environ, "user", "end-sessions", id, "--yes"), "signed out everywhere")
	return id
}

func TestUserOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			remote := append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...)
			id := lifeOfAUser(t, remote)
			code, _, errs := typed(t, remote, chosen+"\n", "user", "password", "set", id)
			require.Equal(t, cli.Done, code, errs)
			signIn(t, address, chosen)
			listed := must(t, remote, "user", "sessions", id)
			require.Regexp(t, `(?m)^ses_\S+ +\S+Z +\S+Z +\S+Z +default +\S+ +Unknown device$`, listed)
			session := strings.Fields(must(t, remote, "user", "sessions", id, "-q"))[0]
			require.Equal(t, session+" is ended.\n", must(t, remote, "user", "end-session", id, session, "--yes"))
			require.Contains(t, must(t, remote, "user", "delete", id, "--at-once", "--yes"), "is deleted.")
			stop()
			lifeOfAUser(t, environ)
		})
	}
}

func TestImpersonateAtAServer(t *testing.T) {
	place, first := embeddedPlace(t, t.TempDir()), secret.NewToken(apikey.Prefix).Reveal()
	address, stop := serving(t, append([]string{"LINTEL_USER_IMPERSONATION=true", "LINTEL_BOOTSTRAP_KEY=" + first}, place...))
	defer stop()
	environ := append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, place...)
	id := strings.TrimSpace(must(t, environ, "user", "create", "ada", "-q"))
	require.Regexp(t, `^ls_\S{43}\n$`, must(t, environ, "user", "impersonate", id, "--actor", "Grace", "--reason", "a ticket", "-q"))
	require.Len(t, strings.Fields(must(t, environ, "user", "sessions", id, "-q")), 1)
}

// signIn starts a session, as an app does.
func signIn(t *testing.T, address, password string) {
	t.Helper()
	body := fmt.Sprintf(`{"journey":"login","transport":"token","submit":{"type":"password","identifier":"countess","password":%q}}`, password)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/v1/flows", strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "none")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Contains(t, string(text), `"status":"completed"`)
}

// A long list is shown while it comes, whatever it is printed as.
func TestLongListsArePages(t *testing.T) {
	asked := []string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Query().Get("cursor"))
		next, id := `"two"`, "usr_1"
		if r.URL.Query().Get("cursor") == "two" {
			next, id = "null", "usr_2"
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"items":[{"id":%q,"status":"active\u001b[2J","identifiers":[],"profile":{},"public_metadata":{},"private_metadata":{},"created_at":"2030-01-02T03:04:05Z","updated_at":"2030-01-02T03:04:05Z","last_login_at":null,"delete_at":null}],"next_cursor":%s}`, id, next)
	}))
	defer server.Close()
	environ := []string{"LINTEL_KEY=lk_x", "LINTEL_SERVER=" + server.URL}
	require.Equal(t, "usr_1\nusr_2\n", must(t, environ, "user", "list", "-q"))
	require.Equal(t, []string{"", "two"}, asked)
	var all []shownUser
	out := must(t, environ, "user", "list", "--json")
	require.NoError(t, json.Unmarshal([]byte(out), &all), out)
	require.Len(t, all, 2)
	require.NotContains(t, out+must(t, environ, "user", "list"), "\x1b")
	asked = nil
	require.Equal(t, "usr_1\n", must(t, environ, "user", "list", "-q", "--limit", "1"))
	require.Equal(t, []string{""}, asked, "what is not shown is not asked for")
}

// What somebody else has changed meanwhile is left as it is, and that is said.
func TestLostUpdatesAreTold(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("ETag", `"4"`)
		switch {
		case r.Method == http.MethodGet && strings.Contains(r.URL.Path, "users"):
			_, _ = w.Write([]byte(`{"id":"usr_1","status":"active","identifiers":[],"profile":{},"public_metadata":{},"private_metadata":{},"created_at":"2030-01-02T03:04:05Z","updated_at":"2030-01-02T03:04:05Z","last_login_at":null,"delete_at":null}`))
		case r.Method == http.MethodGet:
			_, _ = w.Write([]byte(`{"id":"key_1","name":"n","scopes":["all"],"created_at":"2030-01-02T03:04:05Z","updated_at":"2030-01-02T03:04:05Z","expires_at":null,"last_used_at":null}`))
		case r.Header.Get("If-Match") != `"4"`:
			w.WriteHeader(http.StatusTeapot)
		default:
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusPreconditionFailed)
			_, _ = w.Write([]byte(`{"type":"about:blank","title":"t","status":412,"code":"version_stale","detail":"d","trace_id":"x"}`))
		}
	}))
	defer server.Close()
	for _, args := range [][]string{
		{"user", "update", "usr_1", "--profile", "{}"}, {"user", "identifier", "verify", "usr_1", "idn_1"},
		{"key", "update", "key_1", "--name", "x"}, {"key", "rotate", "key_1", "--yes"},
	} {
		code, out, errs := run(t.Context(), []string{"LINTEL_KEY=lk_x", "LINTEL_SERVER=" + server.URL}, args...)
		require.Equal(t, cli.Failed, code, args)
		require.Empty(t, out)
		require.Contains(t, errs, "it was changed meanwhile, and nothing was done")
		require.Contains(t, errs, "(version_stale)")
	}
}

// Each tenant of the local database has its own, and the key of a server may come through
// a pipe.
func TestManagedTenantsAndAKeyFromAPipe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lintel.yaml")
	require.NoError(t, os.WriteFile(file, []byte("tenants:\n  - {name: second, base_url: \"http://second.localhost:8080\"}\n"), 0o600))
	environ := append([]string{"LINTEL_CONFIG=" + file}, places(t)["sqlite"]...)
	first := secret.NewToken(apikey.Prefix).Reveal()
	address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
	code, out, errs := typed(t, environ, first+"\n", "key", "list", "--server", address, "--key-file", "-", "-q")
	require.Equal(t, cli.Done, code, errs)
	require.Regexp(t, `^key_\S+\n$`, out)
	code, _, errs = typed(t, environ, first+"\n", "user", "create", "ada", "--password", "--server", address, "--key-file", "-")
	require.Equal(t, cli.Misused, code, "one standard input holds one secret")
	require.Contains(t, errs, "no standard input")
	code, _, errs = typed(t, environ, "", "key", "list", "--server", address, "--key-file", "-")
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "not one line")
	stop()

	here := must(t, environ, "user", "create", "ada", "-q", "--tenant", "default")
	there := must(t, environ, "user", "create", "--identifier", "ada", "-q", "--tenant", "second.localhost")
	require.Equal(t, here, must(t, environ, "user", "list", "-q", "--tenant", "default"))
	require.Equal(t, there, must(t, environ, "user", "list", "-q", "--tenant", "http://second.localhost:8080"))
	code, _, errs = run(t.Context(), environ, "user", "show", strings.TrimSpace(here), "--tenant", "second")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(user_unknown)")
	code, _, errs = run(t.Context(), environ, "key", "list", "--tenant", "third")
	require.NotEqual(t, cli.Done, code)
	require.NotEmpty(t, errs)
}

func TestUserMisuse(t *testing.T) {
	for want, args := range map[string][]string{
		"IDENTIFIER is missing":           {"create"},
		"--force is for a file":           {"export", "usr_1", "--force"},
		"--profile is a JSON object":      {"create", "--identifier", "x", "--profile", "[]"},
		"nothing is to be changed":        {"update", "usr_1"},
		"received 0: lintel user show ID": {"show"},
		"accepts 2 arg(s)":                {"end-session", "usr_1"},
		"--actor and --reason are needed": {"impersonate", "usr_1", "--actor", "Grace"},
		"--for is between 1m and 1h":      {"impersonate", "usr_1", "--actor", "Grace", "--reason", "x", "--for", "2h"},
		"--claim is NAME=VALUE":           {"list", "--claim", "x"},
		"--created-from is a time":        {"list", "--created-from", "yesterday"},
		"--limit is not less than":        {"list", "--limit", "-1"},
		"there is no standard input":      {"password", "set", "usr_1", "--server", "http://localhost:1"},
		"--last-login-before is a time":   {"list", "--last-login-before", "x"},
		"--private-metadata is a JSON ob": {"update", "usr_1", "--private-metadata", "null"},
	} {
		code, _, errs := run(t.Context(), []string{"LINTEL_KEY=lk_x", "LINTEL_SERVER=http://localhost:1"}, append([]string{"user"}, args...)...)
		require.Equal(t, cli.Misused, code, errs)
		require.Contains(t, errs, want)
	}
	require.NotContains(t, must(t, nil, "user", "create", "--help"), "--identifier", "an argument says it")
	out := must(t, nil, "__complete", "user", "list", "--status", "")
	for _, status := range []string{"active", "suspended", "deletion_scheduled"} {
		require.Contains(t, out, status+"\n")
	}
	require.Contains(t, must(t, nil, "__complete", "user", "identifier", "add", "x", "y", "--type", ""), "username\n")
}

// keptUnlessForced has a command write into a file that is there: that is left as it is, and
// replaced by one for its owner only where that is said.
func keptUnlessForced(t *testing.T, environ []string, path string, args ...string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o600))
	require.NoError(t, os.Chmod(path, 0o644))
	code, out, errs := run(t.Context(), environ, append(args, "--out", path)...)
	require.Equal(t, cli.Failed, code)
	require.Empty(t, out)
	require.Contains(t, errs, path+" is there already")
	require.NotContains(t, errs, "completed", "nothing was asked for")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "mine", string(text))
	require.Empty(t, must(t, environ, append(args, "--out", path, "--force", "-q")...))
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	require.NotEqual(t, "mine", string(text))
	require.NotEmpty(t, text)
	about, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), about.Mode().Perm())
	code, _, errs = run(t.Context(), environ, append(args, "--out", filepath.Dir(path), "--force")...)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "is not a file")
}

// exportedUser has a user exported, to the shell and into a file that nobody else reads, of
// which nothing is there where that fails.
func exportedUser(t *testing.T, environ []string, id string) {
	t.Helper()
	read := func(text string) {
		var document struct {
			UserID string `json:"user_id"`
		}
		require.NoError(t, json.Unmarshal([]byte(text), &document), text)
		require.Equal(t, id, document.UserID)
	}
	read(must(t, environ, "user", "export", id, "-q"))
	dir := t.TempDir()
	path := filepath.Join(dir, "ada.json")
	code, out, errs := run(t.Context(), environ, "user", "export", id, "--out", path)
	require.Equal(t, cli.Done, code, errs)
	require.Empty(t, out)
	require.Contains(t, errs, "written to "+path)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	read(string(text))
	about, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), about.Mode().Perm())
	keptUnlessForced(t, environ, path, "user", "export", id)
	code, out, errs = run(t.Context(), environ, "user", "export", "usr_01h455vb4pex5vsknk084sn02q", "--out", filepath.Join(dir, "nobody.json"))
	require.Equal(t, cli.Failed, code)
	require.Empty(t, out)
	require.Contains(t, errs, "(user_unknown)")
	code, _, errs = run(t.Context(), environ, "user", "export", id, "--out", filepath.Join(dir, "nowhere", "ada.json"))
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "--out")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}
