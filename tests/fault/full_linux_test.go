package fault_test

import (
	"fmt"
	"net/http"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
)

// disk is a small one of the test's own, which can be made larger.
func disk(t *testing.T, dir string) (grow func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	const small, large = "size=2m", "size=64m"
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, small), "mount a small disk")
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return func() { require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, large)) }
}

// On a full disk changes are refused and questions answered. Once there is room all
// goes on without a restart, and what was acknowledged is there.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	here := newPlace(t, storage.SQLite)
	grow := disk(t, here.dir)
	server := here.serve(t)
	c := callerOf(t, server)
	p := &person{email: "ada@fault.example"}
	f := c.registered(t, p.email)
	p.id, p.token = f.Outcome.User.ID, f.Outcome.Token

	full := false
	for !full {
		require.Less(t, p.asked, 10_000)
		got, err := c.send(t.Context(), http.MethodPatch, "/v1/me", p.token, object{"profile": object{"name": fmt.Sprintf("n%d", p.asked+1)}})
		require.NoError(t, err)
		switch got.status {
		case http.StatusOK:
			p.asked++
			p.changed = p.asked
		case http.StatusServiceUnavailable:
			require.Equal(t, "unavailable", got.code())
			full = true
		default:
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	later(t, c, http.MethodPost, "/v1/flows", "", registration("bob@fault.example"))
	c.must(t, http.StatusOK, http.MethodGet, "/v1/me", p.token, nil)
	c.must(t, http.StatusOK, http.MethodGet, "/v1/session", p.token, nil)
	faultless(t, server)

	grow()
	c.must(t, http.StatusOK, http.MethodPatch, "/v1/me", p.token, object{"profile": object{"name": fmt.Sprintf("n%d", p.asked+1)}})
	p.asked++
	p.changed = p.asked
	c.registered(t, "bob@fault.example")
	ready(t, server, http.StatusOK)
	told := newEvidence()
	told.gather(t, here)
	told.check(t, c, p)
	server.Kill()
	c = callerOf(t, here.serve(t))
	told.gather(t, here)
	told.check(t, c, p)
}
