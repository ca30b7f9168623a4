package session_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

func input() session.StartInput {
	return session.StartInput{
		UserID: fresh(user.ID{}), ApplicationID: fresh(application.ID{}), Transport: session.Cookie,
		Facts: []assurance.Fact{{Method: assurance.Password, At: noon}}, Device: session.Device{Name: "x"},
	}
}

// idle is short, so that days of use pass in few looks at the log.
const idle = 20 * time.Minute

func brief(c *session.Config) {
	c.Cookie, c.SeenEvery = session.Limits{Idle: idle, Absolute: 100 * idle}, time.Second
}

// writing is a node that follows and writes uses, inside a bubble.
func writing(t *testing.T, test func(t *testing.T, n node, ctx context.Context, stop func())) {
	synctest.Test(t, func(t *testing.T) {
		n := build(t, clock.System{}, brief)
		stop := n.runAll(t)
		test(t, n, scoped(t), stop)
		stop()
	})
}

func (n node) runAll(t *testing.T) (stop func()) {
	t.Helper()
	running, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { n.RunFollower(running) })
	done.Go(func() { n.RunSeen(running) })
	synctest.Wait()
	return func() { cancel(); done.Wait() }
}

// A session in use is written at most once in each twentieth of its idle limit,
// and lives as long as it is used.
func TestUsesAreWrittenOnceInATwentieth(t *testing.T) {
	writing(t, func(t *testing.T, n node, ctx context.Context, _ func()) {
		started, token := n.begin(t, ctx, now())
		begun := now()
		for now().Sub(begun) < 2*idle {
			pass(idle / 200)
			_, in := n.reads(ctx, token)
			require.True(t, in, "after %s", now().Sub(begun))
		}
		require.LessOrEqual(t, n.store.marks.Load(), int64(40))
		require.GreaterOrEqual(t, n.store.marks.Load(), int64(36))
		require.WithinDuration(t, now(), n.store.row(started.ID).LastSeenAt, idle/10+time.Second)
	})
}

// The last use before a pause counts, although it came within a twentieth of the
// write before it.
func TestTheLastUseBeforeAPauseIsWritten(t *testing.T) {
	writing(t, func(t *testing.T, n node, ctx context.Context, _ func()) {
		started, token := n.begin(t, ctx, now())
		pass(idle / 24)
		n.reads(ctx, token)
		used := now()
		pass(idle - time.Second)
		require.WithinDuration(t, used, n.store.row(started.ID).LastSeenAt, 0)
		far := beside(t, n.store, n.log, clock.System{}, brief) // a node that saw none of it
		defer far.runAll(t)()
		_, in := far.reads(ctx, token)
		require.True(t, in, "idle is counted from the last use")
		pass(idle / 24)
		_, in = n.reads(ctx, token)
		require.True(t, in, "and this node believes what another wrote or noted late")
	})
}

// A session is over when its last use is as long ago as the limit, whatever is
// cached or waits to be written.
func TestNobodyGetsInLate(t *testing.T) {
	writing(t, func(t *testing.T, n node, ctx context.Context, _ func()) {
		_, token := n.begin(t, ctx, now())
		pass(idle / 48)
		n.reads(ctx, token)
		pass(idle - time.Microsecond)
		_, in := n.reads(ctx, token)
		require.True(t, in)
		pass(idle)
		_, in = n.reads(ctx, token)
		require.False(t, in)
		pass(time.Minute)
		_, in = n.reads(ctx, token)
		require.False(t, in, "being refused is no use")
	})
}

// A use shortly before the expiry is written at once, so that the other nodes do
// not throw out who has just come back.
func TestAUseNearTheExpiryIsWrittenAtOnce(t *testing.T) {
	writing(t, func(t *testing.T, n node, ctx context.Context, _ func()) {
		started, token := n.begin(t, ctx, now())
		pass(idle - time.Second)
		_, in := n.reads(ctx, token)
		require.True(t, in)
		synctest.Wait()
		require.WithinDuration(t, now(), n.store.row(started.ID).LastSeenAt, 0)
	})
}

// A use that is not yet written counts also after its session has left the cache.
func TestAnEvictedSessionKeepsItsUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, ctx := build(t, clock.System{}, brief), scoped(t) // nothing follows, nothing writes
		_, token := n.begin(t, ctx, now())
		pass(idle * 23 / 24)
		_, in := n.reads(ctx, token)
		require.True(t, in)
		pass(idle * 23 / 24)
		count, in := n.reads(ctx, token)
		require.True(t, in)
		require.Equal(t, int64(1), count)
		pass(idle)
		_, in = n.reads(ctx, token)
		require.False(t, in)
	})
}

func TestWhatWaitsIsWrittenAtShutdown(t *testing.T) {
	writing(t, func(t *testing.T, n node, ctx context.Context, stop func()) {
		started, token := n.begin(t, ctx, now())
		pass(10 * time.Second)
		n.reads(ctx, token)
		pass(10 * time.Second)
		require.Zero(t, n.store.marks.Load())
		require.Equal(t, 1, n.Stats().Pending)
		stop()
		require.WithinDuration(t, now().Add(-10*time.Second), n.store.row(started.ID).LastSeenAt, 0)
		require.Zero(t, n.Stats().Pending)
	})
}

func TestAFailedWriteIsTriedAgain(t *testing.T) {
	writing(t, func(t *testing.T, n node, ctx context.Context, _ func()) {
		started, token := n.begin(t, ctx, now())
		n.store.failing(errDown)
		pass(idle / 12)
		n.reads(ctx, token)
		used := now()
		pass(10 * time.Second)
		require.Equal(t, 1, n.Stats().Pending)
		n.store.failing(nil)
		pass(10 * time.Second)
		require.WithinDuration(t, used, n.store.row(started.ID).LastSeenAt, 0)
	})
}

// The buffer is bounded: half full it is written early, full it lets uses go, and
// those sessions' next use is noted again.
func TestClass_Exhaustion_TheBufferOfUsesIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, ctx := build(t, clock.System{}, func(c *session.Config) { c.SeenBuffer = 10 }), scoped(t)
		tokens := []string{}
		for range 15 {
			_, token := n.begin(t, ctx, now())
			tokens = append(tokens, token)
		}
		pass(time.Second)
		for _, token := range tokens {
			n.reads(ctx, token)
		}
		require.Equal(t, 10, n.Stats().Pending)
		require.Equal(t, uint64(5), n.Stats().Lost)
		stop := n.runAll(t)
		require.Less(t, n.Stats().Pending, 5, "as many are written as make room")
		for _, token := range tokens {
			n.reads(ctx, token)
			synctest.Wait()
		}
		stop()
		for _, row := range n.store.rows {
			require.WithinDuration(t, now(), row.LastSeenAt, 0)
		}
	})
}
