package fault_test

import (
	"bufio"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/process"
)

const requestTimeout = 2 * time.Second

// later requires that a request is refused for now, without a word of why, and
// within its time.
func later(t *testing.T, c *caller, method, path, bearer string, body any) {
	t.Helper()
	begun := time.Now()
	got, err := c.send(t.Context(), method, path, bearer, body)
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, got.status, "%s %s: %s", method, path, got.body)
	require.Contains(t, []string{"unavailable", "overloaded"}, got.code())
	require.NotEmpty(t, got.header.Get("Retry-After"))
	require.NotContains(t, strings.ToLower(string(got.body)), "sql")
	require.Less(t, time.Since(begun), patience/2)
}

// faultless requires that the server has counted nothing as its own mistake.
func faultless(t *testing.T, server *process.Process) {
	t.Helper()
	for line := range strings.Lines(server.Journal()) {
		require.NotContains(t, line, `"level":"ERROR"`)
	}
}

// behindProxy is a server whose database can fail, and somebody who is signed in.
func behindProxy(t *testing.T) (*proxy, *process.Process, *caller, string) {
	t.Helper()
	here := newPlace(t, storage.Postgres)
	between, address := newProxy(t, here.url)
	here.url = address
	server := here.serve(t, fmt.Sprintf("LINTEL_HTTP_REQUEST_TIMEOUT=%s", requestTimeout))
	c := callerOf(t, server)
	token := c.registered(t, "ada@fault.example").Outcome.Token
	warmed(t, c, token)
	ready(t, server, http.StatusOK)
	return between, server, c, token
}

// A database that does not answer costs each request its time and nothing more: what
// needs no database is answered, nothing piles up, and all is well once it answers.
func TestASlowDatabase(t *testing.T) {
	t.Parallel()
	between, server, c, token := behindProxy(t)
	before := goroutines(t, server)
	between.stall()
	ready(t, server, http.StatusServiceUnavailable)
	var all sync.WaitGroup
	for n := range 40 { // twice as many as there are connections
		own := callerOf(t, server)
		all.Go(func() {
			defer own.client.CloseIdleConnections()
			if n%2 == 0 {
				later(t, own, http.MethodGet, "/v1/session", token, nil)
			} else {
				later(t, own, http.MethodPost, "/v1/flows", "", login("ada@fault.example", phrase))
			}
		})
	}
	c.must(t, http.StatusOK, http.MethodGet, "/openapi.json", "", nil)
	require.Equal(t, "request_invalid", c.must(t, http.StatusUnprocessableEntity, http.MethodPost, "/v1/flows", "", object{"journey": 7}).code())
	all.Wait()
	between.heal()
	ready(t, server, http.StatusOK)
	warmed(t, c, token)
	c.loggedIn(t, "ada@fault.example", phrase)
	faultless(t, server)
	c.client.CloseIdleConnections()
	require.Eventually(t, func() bool { return goroutines(t, server) <= before+10 }, patience, 100*time.Millisecond,
		"goroutines are left behind: %d before", before)
	require.NoError(t, server.Stop())
}

// A database that is gone is said to be so at once, and used again when it is back.
func TestADatabaseGoneAndBack(t *testing.T) {
	t.Parallel()
	between, server, c, token := behindProxy(t)
	for range 3 {
		between.cut()
		ready(t, server, http.StatusServiceUnavailable)
		// What is in memory is believed for a moment longer.
		require.Eventually(t, func() bool {
			got, err := c.send(t.Context(), http.MethodGet, "/v1/session", token, nil)
			return err == nil && got.status == http.StatusServiceUnavailable
		}, patience, look)
		later(t, c, http.MethodPatch, "/v1/me", token, object{"profile": object{"name": "Ada"}})
		later(t, c, http.MethodPost, "/v1/flows", "", login("ada@fault.example", phrase))
		later(t, c, http.MethodPost, "/v1/flows", "", registration("bob@fault.example"))
		between.heal()
		ready(t, server, http.StatusOK)
		warmed(t, c, token)
		c.loggedIn(t, "ada@fault.example", phrase)
	}
	c.registered(t, "bob@fault.example")
	faultless(t, server)
	require.NoError(t, server.Stop())
}

// A PostgreSQL that takes no changes, as a standby does, still answers questions.
func TestAReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	here := newPlace(t, storage.Postgres)
	server := here.serve(t)
	c := callerOf(t, server)
	token := c.registered(t, "ada@fault.example").Outcome.Token
	for range 2 {
		takesChanges(t, here, false)
		require.Eventually(t, func() bool {
			got, err := c.send(t.Context(), http.MethodPatch, "/v1/me", token, object{"profile": object{"name": "Ada"}})
			return err == nil && got.status == http.StatusServiceUnavailable
		}, patience, look)
		later(t, c, http.MethodDelete, "/v1/session", token, nil)
		later(t, c, http.MethodPost, "/v1/flows", "", login("ada@fault.example", phrase))
		c.must(t, http.StatusOK, http.MethodGet, "/v1/session", token, nil)
		c.must(t, http.StatusOK, http.MethodGet, "/v1/me", token, nil)
		takesChanges(t, here, true)
		require.Eventually(t, func() bool {
			got, err := c.send(t.Context(), http.MethodPatch, "/v1/me", token, object{"profile": object{"name": "Bob"}})
			return err == nil && got.status == http.StatusOK
		}, patience, look)
		c.loggedIn(t, "ada@fault.example", phrase)
	}
	faultless(t, server)
	require.NoError(t, server.Stop())
}

// takesChanges sets what new connections may do, and ends the old ones.
func takesChanges(t *testing.T, here place, yes bool) {
	t.Helper()
	parsed, err := url.Parse(here.url)
	require.NoError(t, err)
	name := strings.TrimPrefix(parsed.Path, "/")
	db, err := sql.Open("pgx", cluster(t).URL())
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	for _, statement := range []string{
		fmt.Sprintf("ALTER DATABASE %s SET default_transaction_read_only = %t", name, !yes),
		fmt.Sprintf("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", name),
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
}

// goroutines reads how many the server has.
func goroutines(t *testing.T, server *process.Process) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+server.Operations+"/metrics", http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), "go_goroutines "); found {
			count, err := strconv.Atoi(value)
			require.NoError(t, err)
			return count
		}
	}
	t.Fatal("the metrics do not tell")
	return 0
}
