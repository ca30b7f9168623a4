package fault_test

import (
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/process"
)

const everywhereWithin = time.Second

// warmed asks for a session often enough that the server keeps it in memory.
func warmed(t *testing.T, c *caller, token string) {
	t.Helper()
	for range 3 {
		c.must(t, http.StatusOK, http.MethodGet, "/v1/session", token, nil)
	}
}

// refusedSoon requires that no request that is sent a second after the end, or
// later, is let in.
func refusedSoon(t *testing.T, c *caller, token string, ended time.Time) {
	t.Helper()
	for {
		sent := time.Now()
		got, err := c.send(t.Context(), http.MethodGet, "/v1/session", token, nil)
		require.NoError(t, err)
		if got.status == http.StatusUnauthorized {
			return
		}
		require.Less(t, sent.Sub(ended), 20*everywhereWithin, "it is refused at last")
		if got.status == http.StatusTooManyRequests {
			continue // asked faster than anybody may: that says nothing
		}
		require.Equal(t, http.StatusOK, got.status, "%s", got.body)
		require.Less(t, sent.Sub(ended), everywhereWithin, "an ended session was let in")
	}
}

// A session that is ended through one of three processes is refused by each within a
// second.
func TestPromise_RevocationIsFast_ThreeProcesses(t *testing.T) {
	here := newPlace(t, storage.Postgres)
	var nodes []*caller
	for range 3 { // asked as fast as they answer
		nodes = append(nodes, callerOf(t, here.serve(t, "LINTEL_RATE_ACCOUNT_RATE=0", "LINTEL_RATE_SOURCE_RATE=0")))
	}
	nodes[0].registered(t, "ada@fault.example")
	for round := range 3 {
		token := nodes[0].loggedIn(t, "ada@fault.example", phrase).Outcome.Token
		for _, node := range nodes {
			warmed(t, node, token)
		}
		nodes[round].must(t, http.StatusNoContent, http.MethodDelete, "/v1/session", token, nil)
		ended := time.Now()
		var all sync.WaitGroup
		for _, node := range nodes {
			all.Go(func() { refusedSoon(t, node, token, ended) })
		}
		all.Wait()
	}
}

// A process that was paused while a session was ended elsewhere has not seen it; its
// memory is too old to be believed, from its very first answer on.
func TestPromise_RevocationIsFast_APausedProcess(t *testing.T) {
	here := newPlace(t, storage.Postgres)
	awake, paused := here.serve(t), here.serve(t)
	c, first := callerOf(t, awake), callerOf(t, paused)
	c.registered(t, "ada@fault.example")
	for range 2 {
		ended, kept := c.loggedIn(t, "ada@fault.example", phrase).Outcome.Token, c.loggedIn(t, "ada@fault.example", phrase).Outcome.Token
		warmed(t, first, ended)
		warmed(t, first, kept)
		pause(t, paused, 2*time.Second, func() {
			c.must(t, http.StatusNoContent, http.MethodDelete, "/v1/session", ended, nil)
		}, func() {
			for range 4 {
				first.must(t, http.StatusUnauthorized, http.MethodGet, "/v1/session", ended, nil)
			}
		})
		first.must(t, http.StatusOK, http.MethodGet, "/v1/session", kept, nil)
	}
}

// pause stops a process for a while, and has callers wait at its door when it goes on.
func pause(t *testing.T, paused *process.Process, while time.Duration, meanwhile, waiting func()) {
	t.Helper()
	paused.Signal(syscall.SIGSTOP)
	meanwhile()
	<-time.After(while)
	var door, answered sync.WaitGroup
	for range 16 {
		door.Add(1)
		answered.Go(func() {
			door.Done()
			waiting()
		})
	}
	door.Wait()
	paused.Signal(syscall.SIGCONT)
	answered.Wait()
}
