package session_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

const day = 24 * time.Hour

func TestStartResolveEnd(t *testing.T) {
	at := clock.NewFake(noon)
	n, ctx := build(t, at, nil), scoped(t)
	started, token := n.begin(t, ctx, noon)
	require.Equal(t, "Firefox on Linux", started.Device.Name)
	require.Equal(t, "192.0.2.1", started.Device.Address)
	require.Equal(t, noon.Add(day), started.IdleExpiresAt)
	require.Equal(t, noon.Add(30*day), started.AbsoluteExpiresAt)
	require.True(t, strings.HasPrefix(token, "ls_"))

	resolved, err := n.Resolve(ctx, token)
	require.NoError(t, err)
	require.Equal(t, started.ID, resolved.Session.ID)
	require.NoError(t, n.End(ctx, started.UserID, started.ID, session.Logout))
	_, err = n.Resolve(ctx, token)
	require.ErrorIs(t, err, session.ErrNone)
	require.ErrorIs(t, n.End(ctx, started.UserID, started.ID, session.Logout), session.ErrUnknown)
	require.Equal(t, []string{"session.created", "session.ended"}, n.log.names())
}

func TestASessionNeedsAProofAndAKnownTransport(t *testing.T) {
	n, ctx := build(t, clock.NewFake(noon), nil), scoped(t)
	proof := []assurance.Fact{{Method: assurance.Password, At: noon}}
	for _, input := range []session.StartInput{
		{Transport: session.Cookie},
		{Transport: session.Cookie, Facts: []assurance.Fact{{Method: "tea_leaves", At: noon}}},
		{Transport: "pigeon", Facts: proof},
	} {
		_, _, err := n.Start(ctx, input)
		require.Error(t, err)
	}
	require.Empty(t, n.store.rows)
}

// A suspended user or a disabled application gets no session on any path.
func TestClass_SideGrant_NoSessionForTheSuspended(t *testing.T) {
	n, ctx := build(t, clock.NewFake(noon), nil), scoped(t)
	input := session.StartInput{
		UserID: fresh(user.ID{}), ApplicationID: fresh(application.ID{}), Transport: session.Bearer,
		Facts: []assurance.Fact{{Method: assurance.Password, At: noon}},
	}
	n.store.users[input.UserID] = user.Suspended
	_, _, err := n.Start(ctx, input)
	require.ErrorIs(t, err, session.ErrNone)
	n.store.users[input.UserID] = user.Active
	n.store.apps[input.ApplicationID] = application.Disabled
	_, _, err = n.Start(ctx, input)
	require.ErrorIs(t, err, session.ErrNone)
	require.Empty(t, n.log.names())
}

// Whatever is wrong with a token, the answer is the same, and what has not even
// the shape of one costs no read.
func TestResolveHasOneRefusal(t *testing.T) {
	at := clock.NewFake(noon)
	n, ctx := build(t, at, nil), scoped(t)
	started, token := n.begin(t, ctx, noon)
	for _, garbage := range []string{"", "ls_", "x", token[:len(token)-1], token + "A", "lk" + token[2:], strings.Repeat("ls_A", 10_000)} {
		_, err := n.Resolve(ctx, garbage)
		require.Equal(t, error(session.ErrNone), err)
	}
	require.Zero(t, n.store.reads.Load())
	_, err := n.Resolve(t.Context(), token)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)

	refuse := func(name string, break_, mend func()) {
		t.Run(name, func(t *testing.T) {
			break_()
			_, err := n.Resolve(ctx, token)
			require.Equal(t, error(session.ErrNone), err)
			mend()
			_, err = n.Resolve(ctx, token)
			require.NoError(t, err, "a refusal is not remembered")
		})
	}
	refuse("user suspended", func() { n.store.users[started.UserID] = user.Suspended }, func() { delete(n.store.users, started.UserID) })
	refuse("user deleted", func() { n.store.users[started.UserID] = user.Deleted }, func() { delete(n.store.users, started.UserID) })
	refuse("user of an unknown status", func() { n.store.users[started.UserID] = "" }, func() { delete(n.store.users, started.UserID) })
	refuse("application disabled", func() { n.store.apps[started.ApplicationID] = application.Disabled }, func() { delete(n.store.apps, started.ApplicationID) })
	other := started
	other.Transport = "pigeon"
	refuse("unknown transport", func() { n.store.rows[started.ID] = other }, func() { n.store.rows[started.ID] = started })
}

func TestLimits(t *testing.T) {
	at := clock.NewFake(noon)
	n, ctx := build(t, at, nil), scoped(t)
	_, token := n.begin(t, ctx, noon)
	at.Advance(day - time.Microsecond)
	_, err := n.Resolve(ctx, token)
	require.NoError(t, err)
	at.Advance(day)
	_, err = n.Resolve(ctx, token)
	require.ErrorIs(t, err, session.ErrNone, "idle for as long as the limit")

	_, token = n.begin(t, ctx, noon)
	for range 59 {
		at.Advance(day / 2)
		_, err = n.Resolve(ctx, token)
		require.NoError(t, err)
	}
	at.Advance(day/2 - time.Microsecond)
	resolved, err := n.Resolve(ctx, token)
	require.NoError(t, err)
	require.Equal(t, resolved.Session.AbsoluteExpiresAt, resolved.Session.IdleExpiresAt)
	at.Advance(time.Microsecond)
	_, err = n.Resolve(ctx, token)
	require.ErrorIs(t, err, session.ErrNone, "used all the time, and over")
}

func TestRefreshExtendsWithinTheAbsoluteLimitAndKeepsTheToken(t *testing.T) {
	at := clock.NewFake(noon)
	n, ctx := build(t, at, nil), scoped(t)
	started, token := n.begin(t, ctx, noon)
	at.Advance(10 * time.Hour)
	resolved, err := n.Resolve(ctx, token)
	require.NoError(t, err)
	refreshed, err := n.Refresh(ctx, resolved)
	require.NoError(t, err)
	require.Equal(t, at.Now().Add(day), refreshed.IdleExpiresAt)
	require.Equal(t, refreshed.IdleExpiresAt, n.store.row(started.ID).IdleExpiresAt)
	require.Equal(t, started.Digest, n.store.row(started.ID).Digest)
	require.Equal(t, n.store.row(started.ID).Version, refreshed.Version)
	require.Equal(t, []string{"session.created"}, n.log.names())

	require.NoError(t, n.End(ctx, started.UserID, started.ID, session.Logout))
	_, err = n.Refresh(ctx, resolved)
	require.ErrorIs(t, err, session.ErrNone)
	at.Advance(100 * day)
	_, err = n.Refresh(ctx, resolved)
	require.ErrorIs(t, err, session.ErrNone)
}

func TestRaiseAddsFacts(t *testing.T) {
	at := clock.NewFake(noon)
	n, ctx := build(t, at, nil), scoped(t)
	started, token := n.begin(t, ctx, noon)
	at.Advance(time.Hour)
	resolved, err := n.Resolve(ctx, token)
	require.NoError(t, err)

	err = n.RequireFresh(resolved, 5*time.Minute)
	require.ErrorIs(t, err, session.ErrNotFresh)
	require.Equal(t, session.StepUp{Journey: "step_up", MaxAgeSeconds: 300, Methods: []string{"password"}}, fault.As(err).Members["step_up"])

	raised, err := n.Raise(ctx, started.ID, []assurance.Fact{{Method: assurance.Password, At: at.Now()}})
	require.NoError(t, err)
	require.Len(t, raised.Facts, 1)
	resolved, err = n.Resolve(ctx, token)
	require.NoError(t, err)
	require.NoError(t, n.RequireFresh(resolved, 5*time.Minute))
	require.Equal(t, []string{"session.created", "session.raised"}, n.log.names())
	_, err = n.Raise(ctx, fresh(session.ID{}), nil)
	require.ErrorIs(t, err, session.ErrNone)
}

// busy changes a session behind every reader's back, a few times.
type busy struct {
	*memory
	times int
}

func (b *busy) SessionByID(ctx context.Context, wanted session.ID) (session.Resolved, error) {
	resolved, err := b.memory.SessionByID(ctx, wanted)
	if b.times--; b.times >= 0 {
		err = errors.Join(err, b.RaiseSession(ctx, resolved.Session))
	}
	return resolved, err
}

func TestRaiseGivesWayAFewTimes(t *testing.T) {
	n, ctx := build(t, clock.NewFake(noon), nil), scoped(t)
	started, _ := n.begin(t, ctx, noon)
	for times, want := range map[int]error{3: nil, 100: session.ErrChanged} {
		store := &busy{memory: n.store, times: times}
		service, err := session.New(session.Deps{Store: store, Tx: units{}, Events: n.log, Clock: clock.NewFake(noon), Log: n.log, Logger: quiet()}, session.DefaultConfig())
		require.NoError(t, err)
		_, err = service.Raise(ctx, started.ID, []assurance.Fact{{Method: assurance.Password, At: noon}})
		require.ErrorIs(t, err, want)
	}
}

// What a unit of work sees and then takes back must never have been cached.
func TestInsideAUnitNothingIsKept(t *testing.T) {
	n, ctx := build(t, clock.NewFake(noon), nil), scoped(t)
	follow(t, n)
	inside, _ := tx.Open(ctx)
	_, token := n.begin(t, inside, noon)
	_, err := n.Resolve(inside, token)
	require.NoError(t, err)
	require.Zero(t, n.Stats().Cached)
}

func TestAnotherTenantsTokenFindsNothingCached(t *testing.T) {
	n, ctx := build(t, clock.NewFake(noon), nil), scoped(t)
	follow(t, n)
	_, token := n.begin(t, ctx, noon)
	for range 2 {
		_, err := n.Resolve(ctx, token)
		require.NoError(t, err)
	}
	require.Equal(t, int64(1), n.store.reads.Load())
	_, err := n.Resolve(reqctx.WithTenant(ctx, fresh(id.Tenant{})), token)
	require.NoError(t, err, "this store has no tenants")
	require.Equal(t, int64(2), n.store.reads.Load(), "it was asked, since the cache knows tenants apart")
}

func TestConfigNamesTheField(t *testing.T) {
	require.NoError(t, session.DefaultConfig().Validate())
	for field, change := range map[string]func(*session.Config){
		"session.cookie":       func(c *session.Config) { c.Cookie.Idle = time.Second },
		"session.token":        func(c *session.Config) { c.Token.Absolute = day },
		"session.seen_every":   func(c *session.Config) { c.SeenEvery = 2 * time.Hour },
		"session.cache_size":   func(c *session.Config) { c.CacheSize = 0 },
		"session.bypass_after": func(c *session.Config) { c.BypassAfter = 2 * time.Second },
		"session.seen_buffer":  func(c *session.Config) { c.SeenBuffer = 0 },
		"session.keep_ended":   func(c *session.Config) { c.KeepEnded = 0 },
	} {
		config := session.DefaultConfig()
		change(&config)
		_, err := session.New(session.Deps{}, config)
		require.ErrorContains(t, err, field)
	}
}
