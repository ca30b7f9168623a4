package password_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

var (
	good  = secret.NewText("seventeen brown kettles")
	other = secret.NewText("ninety yellow tractors!")
)

func (h house) give(t testing.TB, text secret.Text) user.ID {
	t.Helper()
	userID := fresh(user.ID{})
	prepared, err := h.Prepare(h.ctx, text, nil)
	require.NoError(t, err)
	require.NoError(t, h.Set(h.ctx, userID, prepared))
	return userID
}

func TestSetThenChange(t *testing.T) {
	h := build(t, nil)
	userID := h.give(t, good)
	_, err := h.Verify(h.ctx, userID, good)
	require.NoError(t, err)
	_, err = h.Verify(h.ctx, userID, other)
	require.ErrorIs(t, err, password.ErrWrong)

	prepared, err := h.Prepare(h.ctx, other, nil)
	require.NoError(t, err)
	carried, err := password.PreparedFrom(prepared.Encoded())
	require.NoError(t, err)
	require.Equal(t, prepared, carried)
	require.NoError(t, h.Set(h.ctx, userID, carried))
	_, err = h.Verify(h.ctx, userID, other)
	require.NoError(t, err)
	_, err = h.Verify(h.ctx, userID, good)
	require.ErrorIs(t, err, password.ErrWrong)
	require.Equal(t, []string{"password.set " + userID.String(), "password.changed " + userID.String()}, h.told.names)
	at, err := h.SetAt(h.ctx, userID)
	require.NoError(t, err)
	require.True(t, at.After(noon), "on a clock that stands still a change still has a time of its own")
	_, err = h.SetAt(h.ctx, fresh(user.ID{}))
	require.ErrorIs(t, err, password.ErrNone)
	require.Error(t, h.Set(h.ctx, userID, password.Prepared{}))
}

func TestSlowWorkRefusesToRunInsideAUnit(t *testing.T) {
	h := build(t, nil)
	inside, _ := tx.Open(h.ctx)
	_, err := h.Prepare(inside, good, nil)
	require.Error(t, err)
	_, err = h.Verify(inside, fresh(user.ID{}), good)
	require.Error(t, err)
	require.Error(t, h.VerifyAbsent(inside, "ada", good))
	require.Zero(t, h.hasher.Load().Done)
}

func TestWithoutATenantNothingIsVerified(t *testing.T) {
	h := build(t, nil)
	_, err := h.Verify(t.Context(), fresh(user.ID{}), good)
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	require.ErrorIs(t, h.VerifyAbsent(t.Context(), "ada", good), reqctx.ErrNoTenant)
}

// dearer is the same house after an operator has raised the cost.
func (h house) dearer(t *testing.T) house {
	t.Helper()
	deps := h.deps
	deps.Hasher = hasher(t, password.Cost{Memory: 128, Time: 1, Threads: 1}, 4, 100)
	service, err := password.New(deps, password.DefaultConfig())
	require.NoError(t, err)
	h.Service, h.hasher, h.deps = service, deps.Hasher, deps
	return h
}

func TestRehashOnLoginWhenTheCostChanged(t *testing.T) {
	old := build(t, nil)
	userID := old.give(t, good)
	before := old.store.rows[userID]
	h := old.dearer(t)
	verified, err := h.Verify(h.ctx, userID, good)
	require.NoError(t, err)
	require.NotNil(t, verified.Rehash)
	require.NoError(t, h.Confirm(h.ctx, userID, verified))
	after := h.store.rows[userID]
	require.Equal(t, "argon2id,m=128,t=1,p=1", after.Scheme)
	require.Equal(t, before.SetAt, after.SetAt)
	verified, err = h.Verify(h.ctx, userID, good)
	require.NoError(t, err)
	require.Nil(t, verified.Rehash)
	require.Len(t, h.told.names, 1, "a rehash is no event")
}

func TestAWrongPasswordIsNeverRehashed(t *testing.T) {
	old := build(t, nil)
	userID := old.give(t, good)
	h := old.dearer(t)
	verified, err := h.Verify(h.ctx, userID, other)
	require.ErrorIs(t, err, password.ErrWrong)
	require.Nil(t, verified.Rehash)
	require.ErrorIs(t, h.Confirm(h.ctx, userID, verified), password.ErrWrong)
	require.Equal(t, uint64(1), h.hasher.Load().Done)
}

func TestAChangeBeatsARehash(t *testing.T) {
	old := build(t, nil)
	userID := old.give(t, good)
	h := old.dearer(t)
	verified, err := h.Verify(h.ctx, userID, good)
	require.NoError(t, err)
	prepared, err := h.Prepare(h.ctx, other, nil)
	require.NoError(t, err)
	require.NoError(t, h.Set(h.ctx, userID, prepared))
	require.NoError(t, h.Rehash(h.ctx, userID, verified), "losing is no error")
	_, err = h.Verify(h.ctx, userID, other)
	require.NoError(t, err)
}

// A login that began with the old password must not end in a session after the
// password was changed and every session ended.
func TestClass_SideDoor_AChangedPasswordOpensNothing(t *testing.T) {
	h := build(t, nil)
	userID := h.give(t, good)
	verified, err := h.Verify(h.ctx, userID, good)
	require.NoError(t, err)
	require.NoError(t, h.Confirm(h.ctx, userID, verified))
	require.ErrorIs(t, h.Confirm(h.ctx, fresh(user.ID{}), verified), password.ErrWrong)
	carried := password.VerifiedAt(userID, verified.SetAt(), false)
	require.NoError(t, h.Confirm(h.ctx, userID, carried))

	change := func() {
		prepared, err := h.Prepare(h.ctx, other, nil)
		require.NoError(t, err)
		require.NoError(t, h.Set(h.ctx, userID, prepared))
	}
	h.store.meanwhile = change // between Confirm's read and its write
	require.ErrorIs(t, h.Confirm(h.ctx, userID, verified), password.ErrWrong)
	require.ErrorIs(t, h.Confirm(h.ctx, userID, verified), password.ErrWrong)
}

func TestAChangeGivesWayToLoginsOnly(t *testing.T) {
	h := build(t, nil)
	userID := h.give(t, good)
	verified, err := h.Verify(h.ctx, userID, good)
	require.NoError(t, err)
	first, err := h.Prepare(h.ctx, other, nil)
	require.NoError(t, err)
	h.store.meanwhile = func() { require.NoError(t, h.Confirm(h.ctx, userID, verified)) }
	require.NoError(t, h.Set(h.ctx, userID, first))

	second, err := h.Prepare(h.ctx, good, nil)
	require.NoError(t, err)
	h.store.meanwhile = func() { require.NoError(t, h.Set(h.ctx, userID, second)) }
	require.ErrorIs(t, h.Set(h.ctx, userID, first), password.ErrChanged)
	_, err = h.Verify(h.ctx, userID, good)
	require.NoError(t, err)
}

func TestSixteenLoginsOfOneUserAllConfirm(t *testing.T) {
	h := build(t, nil)
	userID := h.give(t, good)
	verified, err := h.Verify(h.ctx, userID, good)
	require.NoError(t, err)
	var wait sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wait.Go(func() { errs[i] = h.Confirm(h.ctx, userID, verified) })
	}
	wait.Wait()
	require.NoError(t, errors.Join(errs...))
	require.Equal(t, int64(17), h.store.rows[userID].Version)
}

// work is what one attempt costs: reads, hashes, and the cost of each.
type work struct {
	reads  int64
	hashes []password.Cost
}

func (h house) measure(attempt func()) work {
	var mu sync.Mutex
	var costs []password.Cost
	watching := true
	h.hasher.Watch(func(cost password.Cost, _ []byte) {
		mu.Lock()
		defer mu.Unlock()
		if watching {
			costs = append(costs, cost)
		}
	})
	reads := h.store.reads.Load()
	attempt()
	watching = false
	return work{reads: h.store.reads.Load() - reads, hashes: costs}
}

// Nothing tells who has an account: a wrong password, a user without one, a broken
// hash and an identifier that finds nobody cost the same work.
func TestPromise_NoEnumeration_TheSameWork(t *testing.T) {
	h := build(t, nil)
	userID := h.give(t, good)
	want := work{reads: 1, hashes: []password.Cost{cheap}}
	require.Equal(t, want, h.measure(func() {
		_, err := h.Verify(h.ctx, userID, other)
		require.ErrorIs(t, err, password.ErrWrong)
	}))
	require.Equal(t, want, h.measure(func() {
		_, err := h.Verify(h.ctx, fresh(user.ID{}), other)
		require.ErrorIs(t, err, password.ErrWrong)
	}))
	require.Equal(t, want, h.measure(func() {
		require.ErrorIs(t, h.VerifyAbsent(h.ctx, "nobody@example.com", other), password.ErrWrong)
	}))
	broken := fresh(user.ID{})
	h.store.rows[broken] = password.Credential{UserID: broken, Hash: "$argon2id$v=19$m=4194304,t=9,p=1$x$y", Scheme: "argon2id,m=4194304,t=9,p=1", SetAt: noon, Version: 1}
	require.Equal(t, want, h.measure(func() {
		_, err := h.Verify(h.ctx, broken, other)
		require.ErrorIs(t, err, password.ErrWrong)
	}))
}

// Over all identifiers an absent one costs what the tenant's users cost, and the
// same identifier always costs the same.
func TestPromise_NoEnumeration_TheTenantsOwnProportions(t *testing.T) {
	h := build(t, nil)
	dear := password.Cost{Memory: 128, Time: 1, Threads: 1}
	for i := range 100 {
		scheme := cheap.Scheme()
		if i < 25 {
			scheme = dear.Scheme()
		}
		userID := fresh(user.ID{})
		h.store.rows[userID] = password.Credential{UserID: userID, Scheme: scheme, SetAt: noon, Version: 1}
	}
	dears := 0
	for i := range 400 {
		name := "user" + string(rune('a'+i%20)) + string(rune('a'+i/20)) + "@example.com"
		once := h.measure(func() { _ = h.VerifyAbsent(h.ctx, name, good) })
		if i < 40 {
			require.Equal(t, once, h.measure(func() { _ = h.VerifyAbsent(h.ctx, name, good) }))
		}
		if once.hashes[0] == dear {
			dears++
		}
	}
	require.InDelta(t, 100, dears, 40)
}

func TestPickFollowsTheCounts(t *testing.T) {
	counts := map[string]int64{"a": 1, "b": 3, "c": 0, "d": -5}
	got := []string{}
	for n := range uint64(8) {
		got = append(got, password.Pick(counts, n))
	}
	require.Equal(t, []string{"a", "b", "b", "b", "a", "b", "b", "b"}, got)
	require.Empty(t, password.Pick(nil, 7))
}

// The proportions are remembered, so that an absent identifier does not cost a
// count each time, and renewed.
func TestProportionsAreRenewed(t *testing.T) {
	h := build(t, nil)
	require.Equal(t, []password.Cost{cheap}, h.measure(func() { _ = h.VerifyAbsent(h.ctx, "ada", good) }).hashes, "nobody has one: today's cost")
	dear := password.Cost{Memory: 128, Time: 1, Threads: 1}
	userID := fresh(user.ID{})
	h.store.rows[userID] = password.Credential{UserID: userID, Scheme: dear.Scheme(), SetAt: noon, Version: 1}
	require.Equal(t, []password.Cost{cheap}, h.measure(func() { _ = h.VerifyAbsent(h.ctx, "ada", good) }).hashes)
	h.clock.Advance(password.DefaultConfig().SchemesFor)
	require.Equal(t, []password.Cost{dear}, h.measure(func() { _ = h.VerifyAbsent(h.ctx, "ada", good) }).hashes)
}

// Counting work proves the rule; this looks at the clock as an attacker would.
// Medians of interleaved tries, with room for a busy machine.
func TestPromise_NoEnumeration_TheClockTellsNothing(t *testing.T) {
	h := build(t, func(deps *password.Deps, _ *password.Config) {
		deps.Hasher = hasher(t, password.Cost{Memory: 1024, Time: 1, Threads: 1}, 2, 10)
	})
	userID := h.give(t, good)
	ways := []func() error{
		func() error { _, err := h.Verify(h.ctx, userID, other); return err },
		func() error { _, err := h.Verify(h.ctx, fresh(user.ID{}), other); return err },
		func() error { return h.VerifyAbsent(h.ctx, "nobody", other) },
	}
	took := make([][]time.Duration, len(ways))
	for range 101 {
		for i, way := range ways {
			watch := clock.Started()
			require.ErrorIs(t, way(), password.ErrWrong)
			took[i] = append(took[i], watch.Elapsed())
		}
	}
	known := median(took[0])
	for _, times := range took[1:] {
		require.InDelta(t, 1, float64(median(times))/float64(known), 0.5)
	}
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

func TestConfigNamesTheField(t *testing.T) {
	for field, change := range map[string]func(*password.Config){
		"password.min_length":  func(c *password.Config) { c.MinLength = 7 },
		"password.max_length":  func(c *password.Config) { c.MaxLength = 63 },
		"password.min_score":   func(c *password.Config) { c.MinScore = 5 },
		"password.schemes_for": func(c *password.Config) { c.SchemesFor = 0 },
	} {
		config := password.DefaultConfig()
		change(&config)
		_, err := password.New(password.Deps{}, config)
		require.ErrorContains(t, err, field)
	}
}
