package fault_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/process"
)

const (
	rounds  = 20
	clients = 4
)

// A server that is killed at any instant has kept all that it acknowledged, and its
// log tells of exactly what is there.
func TestPromise_OneCommitPoint_KilledAtAnyInstant(t *testing.T) {
	forEachEngine(t, func(t *testing.T, here place) {
		random, told := chance(t), newEvidence()
		server := here.serve(t)
		var everybody []*person
		for round := range rounds {
			made := killed(t, server, random)
			if round%5 == 0 { // also while it starts
				starting := process.Begin(t, program(t), []string{"serve"}, here.environ())
				<-time.After(upTo(random, 200*time.Millisecond))
				starting.Kill()
			}
			server = here.serve(t)
			told.gather(t, here)
			c := callerOf(t, server)
			for _, p := range made.people {
				told.check(t, c, p)
			}
			everybody = append(everybody, made.people...)
		}
		verdict(t, callerOf(t, server), told, everybody, random)
		require.NoError(t, server.Stop())
	})
}

// killed lets the clients loose and kills the server under them.
func killed(t *testing.T, server *process.Process, random *rand.Rand) *load {
	t.Helper()
	made := newLoad()
	done := made.begin(t.Context(), t, server.Address, clients)
	<-time.After(upTo(random, 300*time.Millisecond))
	server.Kill()
	<-done
	require.Empty(t, made.wrong)
	return made
}

func upTo(random *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(random.Int64N(int64(most)))
}

// verdict looks at everybody once more, and lets some of them sign in.
func verdict(t *testing.T, c *caller, told *evidence, everybody []*person, random *rand.Rand) {
	t.Helper()
	changes, ends := 0, 0
	for _, p := range everybody {
		told.check(t, c, p)
		changes += p.changed
		if p.left {
			ends++
		}
	}
	t.Logf("%d people, %d changes, %d ends acknowledged; %d events", len(everybody), changes, ends, told.cursor)
	require.Positive(t, changes)
	for range 10 {
		c.move()
		c.loggedIn(t, everybody[random.IntN(len(everybody))].email, phrase)
	}
}

// A server whose database loses its power asks callers to come back, answers again
// by itself once the database does, and has lost nothing.
func TestPromise_OneCommitPoint_TheDatabaseLosesItsPower(t *testing.T) {
	random, told := chance(t), newEvidence()
	here := newPlace(t, storage.Postgres)
	server := here.serve(t)
	var everybody []*person
	for range 3 {
		made := newLoad()
		ctx, stop := context.WithCancel(t.Context())
		done := made.begin(ctx, t, server.Address, clients)
		<-time.After(upTo(random, 200*time.Millisecond))
		require.NoError(t, cluster(t).Crash())
		ready(t, server, http.StatusServiceUnavailable)
		require.NoError(t, cluster(t).Begin())
		ready(t, server, http.StatusOK)
		stop()
		<-done
		require.Empty(t, made.wrong)
		require.Positive(t, made.refused)
		told.gather(t, here)
		everybody = append(everybody, made.people...)
	}
	verdict(t, callerOf(t, server), told, everybody, random)
	require.NoError(t, server.Stop())
}
