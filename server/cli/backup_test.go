package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// register makes a person and gives their session's token; empty once ctx has ended.
func register(ctx context.Context, address, email string) string {
	body := fmt.Sprintf(`{"journey": "registration", "transport": "token", "submit":
		{"type": "new_password", "identifier": %q, "password": "correct horse battery staple"}}`, email)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/v1/flows", strings.NewReader(body))
	if err != nil {
		return ""
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	var flow struct {
		Outcome struct {
			Token string `json:"session_token"`
		}
	}
	if json.NewDecoder(response.Body).Decode(&flow) != nil || response.StatusCode != http.StatusCreated {
		return ""
	}
	return flow.Outcome.Token
}

// session is the status of a look at one's session.
func session(t *testing.T, address, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/v1/session", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	return response.StatusCode
}

func embeddedPlace(t *testing.T, dir string, more ...string) []string {
	t.Helper()
	return append([]string{
		"LINTEL_DATA_DIR=" + dir, "LINTEL_LISTEN=localhost:0",
		"LINTEL_OPERATIONS_LISTEN=localhost:0", "LINTEL_LOG_LEVEL=error",
	}, more...)
}

func rootKeyOf(t *testing.T, name string) string {
	t.Helper()
	key, err := seal.GenerateRootKey(name)
	require.NoError(t, err)
	return key
}

// A backup beside writers holds all that was acknowledged before it began, is sound,
// and lets nobody back in who was signed in then.
func TestBackupBesideWritersAndRestore(t *testing.T) {
	key, dir := "LINTEL_ROOT_KEYS="+rootKeyOf(t, "one"), t.TempDir()
	environ := embeddedPlace(t, filepath.Join(dir, "data"), key)
	address, stop := serving(t, environ)
	token := register(t.Context(), address, "ada@example.com")
	require.NotEmpty(t, token)
	require.Equal(t, http.StatusOK, session(t, address, token))

	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for w := range 3 {
		writers.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				register(ctx, address, fmt.Sprintf("w%d-%d@example.com", w, n))
			}
		})
	}
	file := filepath.Join(dir, "backup.db")
	out := must(t, environ, "backup", file)
	require.Contains(t, out, "The root keys are not in it.")
	require.NotContains(t, out, strings.SplitN(key, ":", 2)[1])
	for range 3 {
		must(t, environ, "backup", file, "--force", "--format", "json")
	}
	cancel()
	writers.Wait()
	stop()

	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	left, err := filepath.Glob(filepath.Join(dir, "backup.db?*"))
	require.NoError(t, err)
	require.Empty(t, left)
	code, _, errs := run(t.Context(), environ, "backup", file)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "is there already")
	code, _, errs = run(t.Context(), environ, "backup", filepath.Join(dir, "data", "lintel.db"), "--force")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "belongs to the server")

	fresh := embeddedPlace(t, filepath.Join(dir, "fresh"), key)
	require.Regexp(t, `(?m)^Ended: [1-9][0-9]* sessions?\. Replaced: `, must(t, fresh, "restore", file))
	require.Contains(t, must(t, fresh, "restore", file, "--force"), "is kept as ")
	kept, err := filepath.Glob(filepath.Join(dir, "fresh", "lintel.db.replaced-*"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
	address, stop = serving(t, fresh)
	require.Equal(t, http.StatusUnauthorized, session(t, address, token), "a session from before is over")
	require.NotEmpty(t, register(t.Context(), address, "grace@example.com"))
	require.Empty(t, register(t.Context(), address, "ada@example.com"), "who was there is there")
	stop()
	require.Contains(t, must(t, fresh, "audit", "verify"), ": holds; ")

	must(t, fresh, "restore", file, "--force", "--keep-sessions")
	address, stop = serving(t, fresh)
	require.Equal(t, http.StatusOK, session(t, address, token))
	stop()
	require.Contains(t, must(t, fresh, "audit", "verify"), ": holds; ")
}

// Whatever is wrong is told before anything is changed.
func TestRestoreRefuses(t *testing.T) {
	key, dir := "LINTEL_ROOT_KEYS="+rootKeyOf(t, "one"), t.TempDir()
	environ := embeddedPlace(t, filepath.Join(dir, "data"), key)
	address, stop := serving(t, environ)
	require.NotEmpty(t, register(t.Context(), address, "ada@example.com"))
	good := filepath.Join(dir, "good.db")
	must(t, environ, "backup", good)
	code, _, errs := run(t.Context(), environ, "restore", good, "--force")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "another lintel serves from this data directory")
	stop()
	content, err := os.ReadFile(good)
	require.NoError(t, err)

	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	laden := func(name, statement string) string {
		return remade(t, write(name, content[:len(content)-4096]), statement)
	}
	flipped := bytes.Clone(content)
	flipped[len(flipped)/2] ^= 1
	padded := bytes.Clone(content)
	padded = append(padded[:8192], padded[4096:]...)
	for name, test := range map[string]struct {
		file    string
		environ []string
		want    string
	}{
		"nothing":         {filepath.Join(dir, "none"), nil, "no such file"},
		"a directory":     {dir, nil, "is not a file"},
		"no database":     {write("text", bytes.Repeat([]byte("hello\n"), 2000)), nil, "was not made by lintel backup"},
		"an empty file":   {write("empty", nil), nil, "was not made by lintel backup"},
		"cut short":       {write("cut", content[:len(content)-4096-1]), nil, "is cut short"},
		"a bit":           {write("bit", flipped), nil, "is damaged"},
		"a page more":     {write("more", padded), nil, "is damaged"},
		"a newer version": {newer(t, dir, content), nil, "restore it with a newer lintel"},
		"another's":       {foreign(t, dir), nil, "is not a sound database of lintel"},
		"a trigger":       {laden("trigger", "CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM events; END"), nil, "is not a sound database of lintel"},
		"a view":          {laden("view", "CREATE VIEW v AS SELECT * FROM users"), nil, "is not a sound database of lintel"},
		"a module":        {laden("module", "CREATE VIRTUAL TABLE m USING fts5(x)"), nil, "is not a sound database of lintel"},
		"a wrong key":     {good, []string{"LINTEL_ROOT_KEYS=" + rootKeyOf(t, "two")}, "root_keys: the database was made with a key that is not among these (the key with the id "},
		"no key":          {good, []string{"LINTEL_ROOT_KEYS="}, "root_keys: put the key file"},
		"postgres":        {good, []string{"LINTEL_DATABASE_URL=postgres://nowhere/lintel"}, "pg_restore"},
	} {
		t.Run(name, func(t *testing.T) {
			empty := filepath.Join(t.TempDir(), "data")
			given := test.environ
			if given == nil {
				given = []string{key}
			}
			code, out, errs := run(t.Context(), embeddedPlace(t, empty, given...), "restore", test.file)
			require.NotEqual(t, cli.Done, code)
			require.Empty(t, out)
			require.Contains(t, errs, test.want)
			left, err := filepath.Glob(filepath.Join(empty, "[lr]*"))
			require.NoError(t, err)
			require.Empty(t, left, "neither a database nor what it would be made from")
		})
	}
	code, _, errs = run(t.Context(), environ, "restore", good)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "there is a database already")
	code, _, errs = run(t.Context(), environ, "restore", good, "--format", "xml")
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "--format is text or json")
}

// remade opens the database in a backup, changes it and makes a backup of that.
func remade(t *testing.T, path string, statements ...string) string {
	t.Helper()
	tamper(t, "sqlite", path, statements...)
	_, err := storage.FinishBackup(t.Context(), path, storage.Note{})
	require.NoError(t, err)
	return path
}

func newer(t *testing.T, dir string, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, "newer")
	require.NoError(t, os.WriteFile(path, content[:len(content)-4096], 0o600))
	return remade(t, path, "INSERT INTO schema_version (version_id, is_applied) VALUES (9999, 1)")
}

func foreign(t *testing.T, dir string) string {
	t.Helper()
	return remade(t, filepath.Join(dir, "foreign"), "CREATE TABLE songs (name TEXT)")
}

// A database that is open elsewhere is not replaced, and the WAL of one that is gone is
// not taken for the new one's.
func TestRestoreMindsWhatLiesBeside(t *testing.T) {
	dir := t.TempDir()
	environ := embeddedPlace(t, filepath.Join(dir, "data"), "LINTEL_ROOT_KEYS="+rootKeyOf(t, "one"))
	_, stop := serving(t, environ)
	stop()
	file := filepath.Join(dir, "backup.db")
	must(t, environ, "backup", file)
	db := openBeside(t, filepath.Join(dir, "data"))
	code, _, errs := run(t.Context(), environ, "restore", file, "--force")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "another program has the database open")
	require.NoError(t, db.Close())

	place := filepath.Join(dir, "data", "lintel.db")
	require.NoError(t, os.Remove(place))
	require.NoError(t, os.WriteFile(place+"-wal", []byte("left"), 0o600))
	must(t, environ, "restore", file)
	require.NoFileExists(t, place+"-wal")
	kept, err := filepath.Glob(place + ".replaced-*-wal")
	require.NoError(t, err)
	require.Len(t, kept, 1)
	require.Contains(t, must(t, environ, "audit", "verify"), ": holds; ")
}

func openBeside(t *testing.T, dir string) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), storage.Config{DataDir: dir, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return db
}

// Protects: no name of a data directory lets a backup replace the database it is of.
func TestBackupNeverReplacesWhatTheServerHas(t *testing.T) {
	for _, name := range []string{"data", "[data]", "d*ta?", `d\ta`} {
		data := filepath.Join(t.TempDir(), name)
		environ := embeddedPlace(t, data)
		must(t, environ, "migrate")
		link := filepath.Join(t.TempDir(), "link")
		require.NoError(t, os.Symlink(storage.DatabaseFile(data), link))
		for _, file := range []string{storage.DatabaseFile(data), link} {
			code, _, errs := run(t.Context(), environ, "backup", file, "--force")
			require.Equal(t, cli.Failed, code, name)
			require.Contains(t, errs, "belongs to the server", name)
		}
	}
}

func TestBackupRefuses(t *testing.T) {
	dir := t.TempDir()
	environ := embeddedPlace(t, filepath.Join(dir, "data"))
	code, _, errs := run(t.Context(), environ, "backup", filepath.Join(dir, "b"))
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "data_dir: there is no database in "+filepath.Join(dir, "data"))
	require.NoFileExists(t, filepath.Join(dir, "data"))
	code, _, errs = run(t.Context(), append(environ, "LINTEL_DATABASE_URL="+postgres.NewDatabase(t)), "backup", filepath.Join(dir, "b"))
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "pg_dump")

	must(t, environ, "migrate")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, _, _ = run(ctx, environ, "backup", filepath.Join(dir, "b"))
	require.Equal(t, cli.Failed, code)
	left, err := filepath.Glob(filepath.Join(dir, "b*"))
	require.NoError(t, err)
	require.Empty(t, left)
	code, _, errs = run(t.Context(), environ, "backup", dir, "--force")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "is not a file")
}
