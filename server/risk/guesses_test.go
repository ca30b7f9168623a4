package risk_test

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/risk"
)

var errWrong = fault.New(fault.Invalid, "credentials_invalid", "")

func setup(t *testing.T) (*risk.Guesses, *clock.Fake, context.Context) {
	t.Helper()
	fake := clock.NewFake(time.Unix(1e9, 0))
	memory, err := rate.NewMemory(rate.MemoryDeps{Clock: fake}, rate.DefaultMemoryConfig())
	require.NoError(t, err)
	guesses, err := risk.New(risk.Deps{Limiter: memory, Clock: fake}, risk.DefaultConfig())
	require.NoError(t, err)
	var tenant id.Tenant
	require.NoError(t, tenant.UnmarshalText([]byte("tnt_01h455vb4pex5vsknk084sn02q")))
	return guesses, fake, reqctx.WithTenant(context.Background(), tenant)
}

func from(ctx context.Context, address string) context.Context {
	return reqctx.WithClient(ctx, reqctx.Client{Address: netip.MustParseAddr(address)})
}

func TestGuessingIsSlowedPerAccountAndSource(t *testing.T) {
	guesses, fake, ctx := setup(t)
	ctx = from(ctx, "203.0.113.7")
	for range 6 {
		attempt, err := guesses.Begin(ctx, "email:ada@example.com")
		require.NoError(t, err)
		require.ErrorIs(t, attempt.Ended(ctx, errWrong), errWrong)
	}
	_, err := guesses.Begin(ctx, "email:ada@example.com")
	require.ErrorIs(t, err, risk.ErrTooMany)
	require.Positive(t, fault.As(err).RetryAfter)
	_, err = guesses.Begin(ctx, "email:grace@example.com")
	require.NoError(t, err, "another account from the same source")
	fake.Advance(30 * time.Second)
	_, err = guesses.Begin(ctx, "email:ada@example.com")
	require.NoError(t, err, "one more after a while")
}

// Lockout is not a weapon: what a stranger does from elsewhere leaves the holder's
// own tries alone.
func TestPromise_LockoutIsNoWeapon_StrangersDoNotSpendTheHoldersTries(t *testing.T) {
	guesses, _, ctx := setup(t)
	for i := range 20 {
		ctx := from(ctx, netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}).String())
		attempt, err := guesses.Begin(ctx, "email:ada@example.com")
		require.NoError(t, err)
		_ = attempt.Ended(ctx, errWrong)
	}
	_, err := guesses.Begin(from(ctx, "203.0.113.7"), "email:ada@example.com")
	require.NoError(t, err)
}

// A stranger with many addresses spends all that the account has; the holder gets in
// from where they have been before, and only from there.
func TestPromise_LockoutIsNoWeapon_AKnownAddressIsNotLockedOut(t *testing.T) {
	guesses, fake, ctx := setup(t)
	home := from(ctx, "203.0.113.7")
	attempt, err := guesses.Begin(home, "email:ada@example.com")
	require.NoError(t, err)
	require.NoError(t, attempt.Ended(home, nil))
	spend := func() error {
		for i := range 200 {
			ctx := from(ctx, netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}).String())
			attempt, err := guesses.Begin(ctx, "email:ada@example.com")
			if err != nil {
				return err
			}
			_ = attempt.Ended(ctx, errWrong)
		}
		return nil
	}
	require.ErrorIs(t, spend(), risk.ErrTooMany)
	_, err = guesses.Begin(from(ctx, "192.0.2.1"), "email:ada@example.com")
	require.ErrorIs(t, err, risk.ErrTooMany)
	for range 6 {
		attempt, err := guesses.Begin(home, "email:ada@example.com")
		require.NoError(t, err)
		_ = attempt.Ended(home, errWrong)
	}
	_, err = guesses.Begin(home, "email:ada@example.com")
	require.ErrorIs(t, err, risk.ErrTooMany, "the address has its own limit all the same")
	fake.Advance(31 * 24 * time.Hour)
	require.ErrorIs(t, spend(), risk.ErrTooMany)
	_, err = guesses.Begin(home, "email:ada@example.com")
	require.ErrorIs(t, err, risk.ErrTooMany, "it is forgotten after a while")
}

func TestClass_Exhaustion_AnswersFromOneAddressAreBounded(t *testing.T) {
	guesses, fake, ctx := setup(t)
	ctx = from(ctx, "203.0.113.7")
	for range 60 {
		require.NoError(t, guesses.Submission(ctx))
	}
	require.ErrorIs(t, guesses.Submission(ctx), risk.ErrTooMany)
	require.NoError(t, guesses.Submission(from(ctx, "203.0.113.8")))
	fake.Advance(time.Second)
	require.NoError(t, guesses.Submission(ctx))
	require.ErrorIs(t, guesses.Submission(context.Background()), reqctx.ErrNoTenant)
}

func TestRightAnswersAndAccidentsAreNotCounted(t *testing.T) {
	guesses, _, ctx := setup(t)
	ctx = from(ctx, "2001:db8::1")
	for i := range 200 {
		attempt, err := guesses.Begin(ctx, "username:ada")
		require.NoError(t, err)
		var result error
		if i%2 == 1 {
			result = errors.New("the database is away")
		}
		require.Equal(t, result, attempt.Ended(ctx, result))
	}
}

func TestClass_SideDoor_AnIPv6HostHasOneCounter(t *testing.T) {
	require.Equal(t, rate.Source(netip.MustParseAddr("2001:db8::1")), rate.Source(netip.MustParseAddr("2001:db8::ffff:2")))
	require.NotEqual(t, rate.Source(netip.MustParseAddr("2001:db8::1")), rate.Source(netip.MustParseAddr("2001:db8:0:1::1")))
	require.Equal(t, "203.0.113.7", rate.Source(netip.MustParseAddr("::ffff:203.0.113.7")))
}

func TestParallelGuessesDoNotSlipThrough(t *testing.T) {
	guesses, _, ctx := setup(t)
	ctx = from(ctx, "203.0.113.7")
	var begun atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			if attempt, err := guesses.Begin(ctx, "a"); err == nil {
				begun.Add(1)
				_ = attempt.Ended(ctx, errWrong)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 6, begun.Load())
}

func TestWithoutATenantNothingIsChecked(t *testing.T) {
	guesses, _, _ := setup(t)
	_, err := guesses.Begin(context.Background(), "a")
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
}

func TestConfigNamesTheLimit(t *testing.T) {
	config := risk.DefaultConfig()
	config.Account.Burst = 0
	require.ErrorContains(t, config.Validate(), "risk.account:")
}
