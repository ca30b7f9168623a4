package fault_test

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/process"
)

// previous is the release before this one.
const previous = "dab04eb368f1ce12c145bdce66295ae861a2c132"

// previousProgram is the server of the release before, built once from the history
// that a clone has.
func previousProgram(t *testing.T) string {
	t.Helper()
	root, dir := process.Source(t), filepath.Join(filepath.Dir(program(t)), "previous")
	if said, err := exec.CommandContext(t.Context(), "git", "-C", root, "cat-file", "-e", previous+"^{commit}").CombinedOutput(); err != nil {
		if os.Getenv("CI") != "true" {
			t.Skipf("no history here to build the previous release from: %s", said)
		}
		t.Fatalf("CI needs the history, to build the previous release from: %s", said)
	}
	built.previous.Do(func() {
		archive, err := exec.CommandContext(t.Context(), "git", "-C", root, "archive", previous).Output()
		require.NoError(t, err)
		source := filepath.Join(dir, "source")
		require.NoError(t, os.MkdirAll(source, 0o700))
		unpack := exec.CommandContext(t.Context(), "tar", "-x", "-C", source)
		unpack.Stdin = bytes.NewReader(archive)
		require.NoError(t, unpack.Run())
		process.Build(t, source, dir)
	})
	return filepath.Join(dir, "lintel")
}

// The release before runs beside this one on tables made for this one: what either
// does holds for the other.
func TestPromise_BoringUpgrades_OldAndNewSideBySide(t *testing.T) {
	here, older := newPlace(t, storage.Postgres), previousProgram(t)
	nodes := map[string]*caller{
		"old": callerOf(t, process.Start(t, older, []string{"serve"}, here.environ())),
		"new": callerOf(t, here.serve(t)),
	}
	for from, to := range map[string]string{"old": "new", "new": "old"} {
		t.Run("from "+from, func(t *testing.T) { beside(t, nodes[from], nodes[to], from+"@fault.example") })
	}
	told := newEvidence()
	told.gather(t, here)
	require.Len(t, told.users, 2)
}

func beside(t *testing.T, one, other *caller, email string) {
	const another = "a short walk to the green hill"
	registered := one.registered(t, email).Outcome
	for _, node := range []*caller{one, other} {
		warmed(t, node, registered.Token)
	}
	second := other.loggedIn(t, email, phrase).Outcome.Token
	one.must(t, http.StatusOK, http.MethodPatch, "/v1/me", second, object{"profile": object{"name": "Ada"}})
	require.Contains(t, string(other.must(t, http.StatusOK, http.MethodGet, "/v1/me", registered.Token, nil).body), "Ada")

	carriedOn(t, one, other, email)
	carriedOn(t, other, one, email)

	// A new password on one ends the other sessions on both.
	warmed(t, other, second)
	one.must(t, http.StatusNoContent, http.MethodPut, "/v1/me/password", registered.Token, object{"password": another})
	ended := time.Now()
	refusedSoon(t, one, second, ended)
	refusedSoon(t, other, second, ended)
	require.Equal(t, "credentials_invalid", other.must(t, http.StatusCreated, http.MethodPost, "/v1/flows", "", login(email, phrase)).flow(t).Error.Code)
	third := other.loggedIn(t, email, another).Outcome.Token

	warmed(t, one, third)
	other.must(t, http.StatusNoContent, http.MethodDelete, "/v1/session", third, nil)
	refusedSoon(t, one, third, time.Now())
	warmed(t, other, registered.Token)
}

// carriedOn begins a flow on one node and finishes it on the other.
func carriedOn(t *testing.T, one, other *caller, email string) {
	t.Helper()
	begun := one.must(t, http.StatusCreated, http.MethodPost, "/v1/flows", "", object{
		"journey": "login", "transport": "token", "submit": object{"type": "identifier", "identifier": email},
	}).flow(t)
	require.Equal(t, "active", begun.Status)
	done := other.must(t, http.StatusOK, http.MethodPost, "/v1/flows/"+begun.ID+"/steps", "",
		object{"type": "password", "password": phrase}, "Lintel-Flow", begun.Token).flow(t)
	require.Equal(t, "completed", done.Status, done.Error.Code)
	warmed(t, one, done.Outcome.Token)
}

// The embedded database of the release before is taken over where it stands, also
// when that release did not get to say goodbye.
func TestPromise_BoringUpgrades_TheEmbeddedDatabase(t *testing.T) {
	here := newPlace(t, storage.SQLite)
	before := process.Start(t, previousProgram(t), []string{"serve"}, here.environ())
	c := callerOf(t, before)
	ada, ended := c.registered(t, "ada@fault.example").Outcome, c.registered(t, "bob@fault.example").Outcome
	c.must(t, http.StatusOK, http.MethodPatch, "/v1/me", ada.Token, object{"profile": object{"name": "Ada"}})
	c.must(t, http.StatusNoContent, http.MethodDelete, "/v1/session", ended.Token, nil)
	before.Kill()

	c = callerOf(t, here.serve(t))
	require.Contains(t, string(c.must(t, http.StatusOK, http.MethodGet, "/v1/me", ada.Token, nil).body), "Ada")
	c.must(t, http.StatusUnauthorized, http.MethodGet, "/v1/session", ended.Token, nil)
	for _, email := range []string{"ada@fault.example", "bob@fault.example"} {
		warmed(t, c, c.loggedIn(t, email, phrase).Outcome.Token)
	}
	c.must(t, http.StatusNoContent, http.MethodPut, "/v1/me/password", ada.Token, object{"password": "a short walk to the green hill"})
	c.registered(t, "eve@fault.example")
	told := newEvidence()
	told.gather(t, here)
	require.Len(t, told.users, 3)
}
