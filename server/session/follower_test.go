package session_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// follow runs the follower until the test ends, and returns once it has looked.
func follow(t testing.TB, n node) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var done sync.WaitGroup
	done.Go(func() { n.RunFollower(ctx) })
	t.Cleanup(func() { cancel(); done.Wait() })
	require.Eventually(t, func() bool { return n.Stats().Following }, 5*time.Second, time.Millisecond)
}

// bubble is a node that follows inside a bubble, where time passes only when all
// are waiting.
func bubble(t *testing.T, test func(t *testing.T, n node, ctx context.Context)) {
	synctest.Test(t, func(t *testing.T) {
		n := build(t, clock.System{}, nil)
		running, stop := context.WithCancel(t.Context())
		go n.RunFollower(running)
		synctest.Wait()
		test(t, n, scoped(t))
		stop()
		synctest.Wait()
	})
}

// reads is how many store reads one Resolve costs, and whether it was let in.
func (n node) reads(ctx context.Context, token string) (count int64, in bool) {
	before := n.store.reads.Load()
	_, err := n.Resolve(ctx, token)
	return n.store.reads.Load() - before, err == nil
}

func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// A cold check is one read, a warm one none.
func TestColdIsOneReadWarmIsNone(t *testing.T) {
	bubble(t, func(t *testing.T, n node, ctx context.Context) {
		_, token := n.begin(t, ctx, now())
		for i := range 10 {
			count, in := n.reads(ctx, token)
			require.True(t, in)
			require.Equal(t, i == 0, count == 1)
		}
		pass(time.Minute)
		count, in := n.reads(ctx, token)
		require.True(t, in)
		require.Zero(t, count)
		require.True(t, n.log.every, "the log is followed across tenants")
	})
}

// A revoked session is dead everywhere in under a second: here at the commit, on
// another node at its next look, numbered or not.
func TestPromise_RevocationIsFast_EveryNodeWithinASecond(t *testing.T) {
	for _, numbered := range []bool{false, true} {
		bubble(t, func(t *testing.T, n node, ctx context.Context) {
			far := beside(t, n.store, n.log, clock.System{}, nil)
			running, stop := context.WithCancel(t.Context())
			defer stop()
			go far.RunFollower(running)
			synctest.Wait()
			started, token := n.begin(t, ctx, now())
			for _, node := range []node{n, far} {
				_, in := node.reads(ctx, token)
				require.True(t, in)
			}
			require.NoError(t, n.End(ctx, started.UserID, started.ID, session.Revoked))
			if numbered {
				n.log.number()
			}
			_, in := n.reads(ctx, token)
			require.False(t, in)
			pass(250 * time.Millisecond)
			_, in = far.reads(ctx, token)
			require.False(t, in)
		})
	}
}

func TestPromise_RevocationIsFast_OfUsersApplicationsAndRaises(t *testing.T) {
	bubble(t, func(t *testing.T, n node, ctx context.Context) {
		for name, subject := range map[string]func(session.Session) string{
			"session.raised":       func(s session.Session) string { return s.ID.String() },
			"user.suspended":       func(s session.Session) string { return s.UserID.String() },
			"user.deleted":         func(s session.Session) string { return s.UserID.String() },
			"application.updated":  func(s session.Session) string { return s.ApplicationID.String() },
			"application.disabled": func(s session.Session) string { return s.ApplicationID.String() },
			"application.deleted":  func(s session.Session) string { return s.ApplicationID.String() },
		} {
			started, token := n.begin(t, ctx, now())
			_, bystander := n.begin(t, ctx, now())
			n.reads(ctx, token)
			n.reads(ctx, bystander)
			n.log.add(name, subject(started))
			pass(250 * time.Millisecond)
			n.log.number()
			pass(250 * time.Millisecond)
			count, _ := n.reads(ctx, bystander)
			require.Zero(t, count, "others stay cached")
			count, _ = n.reads(ctx, token)
			require.Equal(t, int64(1), count, name)
		}
		started, token := n.begin(t, ctx, now())
		n.reads(ctx, token)
		n.store.users[started.UserID] = user.Suspended
		n.store.apps[started.ApplicationID] = application.Active
		n.log.add("user.suspended", started.UserID.String())
		pass(250 * time.Millisecond)
		_, in := n.reads(ctx, token)
		require.False(t, in)
	})
}

// While the log cannot be read the cache is not believed, and afterwards only what
// the log of the gap proves.
func TestPromise_RevocationIsFast_ABlindNodeReadsTheStore(t *testing.T) {
	bubble(t, func(t *testing.T, n node, ctx context.Context) {
		ended, deadToken := n.begin(t, ctx, now())
		_, liveToken := n.begin(t, ctx, now())
		n.reads(ctx, deadToken)
		n.reads(ctx, liveToken)

		n.log.failing(errDown)
		pass(700 * time.Millisecond)
		count, _ := n.reads(ctx, liveToken)
		require.Zero(t, count, "still believed")
		pass(100 * time.Millisecond)
		for range 3 {
			count, in := n.reads(ctx, liveToken)
			require.True(t, in)
			require.Equal(t, int64(1), count, "bypassed at every check")
		}
		require.False(t, n.Stats().Following)

		// Another node ends the session while this one is blind.
		far := beside(t, n.store, n.log, clock.System{}, nil)
		require.NoError(t, far.End(ctx, ended.UserID, ended.ID, session.Revoked))
		n.log.number()
		_, in := n.reads(ctx, deadToken)
		require.False(t, in)

		n.log.failing(nil)
		pass(250 * time.Millisecond)
		require.True(t, n.Stats().Following)
		_, in = n.reads(ctx, deadToken)
		require.False(t, in, "the gap was read")
		count, in = n.reads(ctx, liveToken)
		require.True(t, in)
		require.Zero(t, count, "what the gap did not name is still good")
	})
}

// A check that reads the store before an end commits, and would cache what it read
// after the end was followed, must not bring the session back.
func TestPromise_RevocationIsFast_ALateReaderLeavesNothingStale(t *testing.T) {
	bubble(t, func(t *testing.T, n node, ctx context.Context) {
		far := beside(t, n.store, n.log, clock.System{}, nil)
		for name, end := range map[string]func(session.Session){
			"ended here": func(s session.Session) { require.NoError(t, n.End(ctx, s.UserID, s.ID, session.Logout)) },
			"ended elsewhere": func(s session.Session) {
				require.NoError(t, far.End(ctx, s.UserID, s.ID, session.Logout))
				pass(250 * time.Millisecond)
			},
			"user suspended elsewhere": func(s session.Session) {
				n.store.users[s.UserID] = user.Suspended
				n.log.add("user.suspended", s.UserID.String())
				pass(250 * time.Millisecond)
			},
		} {
			started, token := n.begin(t, ctx, now())
			n.store.afterRead = func() { end(started) }
			_, in := n.reads(ctx, token)
			require.True(t, in, "it was valid when it was read")
			_, in = n.reads(ctx, token)
			require.False(t, in, name)
		}
	})
}

func TestWithoutAFollowerTheCacheIsNeverBelieved(t *testing.T) {
	n, ctx := build(t, clock.NewFake(noon), nil), scoped(t)
	_, token := n.begin(t, ctx, noon)
	for range 3 {
		count, in := n.reads(ctx, token)
		require.True(t, in)
		require.Equal(t, int64(1), count)
	}
	require.Zero(t, n.Stats().Cached)
}

// What cannot be understood, counted or placed in order costs the whole cache
// rather than a stale session.
func TestFollowerFailsClosed(t *testing.T) {
	for name, disturb := range map[string]func(n node){
		"a subject that names nothing": func(n node) { n.log.add("session.ended", "???") },
		"more loose events than a look can hold": func(n node) {
			for range 1000 {
				n.log.add("session.ended", fresh(session.ID{}).String())
			}
		},
		"a log that was put back": func(n node) {
			n.log.mu.Lock()
			defer n.log.mu.Unlock()
			n.log.seq, n.log.events = 1, nil
		},
	} {
		bubble(t, func(t *testing.T, n node, ctx context.Context) {
			_, token := n.begin(t, ctx, now())
			n.log.add("session.ended", fresh(session.ID{}).String())
			n.log.number()
			pass(250 * time.Millisecond)
			n.reads(ctx, token)
			require.Equal(t, 1, n.Stats().Cached)
			disturb(n)
			pass(250 * time.Millisecond)
			require.Zero(t, n.Stats().Cached, name)
		})
	}
}

// More numbered events than one page are all followed in one look.
func TestFollowerReadsEveryPage(t *testing.T) {
	bubble(t, func(t *testing.T, n node, ctx context.Context) {
		ended, token := n.begin(t, ctx, now())
		n.reads(ctx, token)
		for range 2500 {
			n.log.add("session.ended", fresh(session.ID{}).String())
		}
		n.log.add("session.ended", ended.ID.String())
		n.log.number()
		pass(250 * time.Millisecond)
		count, _ := n.reads(ctx, token)
		require.Equal(t, int64(1), count)
	})
}

func TestCacheIsBounded(t *testing.T) {
	n, ctx := build(t, clock.NewFake(noon), func(c *session.Config) { c.CacheSize = 128 }), scoped(t)
	follow(t, n)
	tokens := []string{}
	for range 600 {
		_, token := n.begin(t, ctx, noon)
		tokens = append(tokens, token)
		_, err := n.Resolve(ctx, token)
		require.NoError(t, err)
	}
	require.LessOrEqual(t, n.Stats().Cached, 128)
	require.Greater(t, n.Stats().Cached, 64)
	for _, token := range tokens {
		_, in := n.reads(ctx, token)
		require.True(t, in)
	}
}

// Sixteen readers, ends and raises at once: no ended session is let in after its
// end was committed here.
func TestRacingReadersAndEnds(t *testing.T) {
	n, ctx := build(t, clock.NewFake(noon), func(c *session.Config) { c.CacheSize = 64 }), scoped(t)
	follow(t, n)
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			for range 50 {
				started, token, err := n.Start(ctx, input())
				if err != nil {
					t.Error(err)
					return
				}
				for range 3 {
					if _, err := n.Resolve(ctx, token.Reveal()); err != nil {
						t.Error(err)
					}
				}
				if err := n.End(ctx, started.UserID, started.ID, session.Logout); err != nil {
					t.Error(err)
				}
				if _, err := n.Resolve(ctx, token.Reveal()); err == nil {
					t.Error("an ended session was let in")
				}
			}
		})
	}
	wait.Wait()
	require.Zero(t, n.Stats().Cached)
}
