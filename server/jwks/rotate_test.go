package jwks_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/jose"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// Protects: whoever reads the keys every five minutes knows every key before it signs
// and for as long as anything it signed is valid.
func TestRotation(t *testing.T) {
	h, ctx := open(t)
	config := jwks.DefaultConfig()
	token, first := h.signed(ctx, t, h.Service)
	h.clock.Advance(time.Hour)
	began := h.clock.Now()
	successor, err := h.Rotate(ctx)
	require.NoError(t, err)
	require.Equal(t, began.Add(config.PublishAhead), successor.ActivatesAt)
	require.Equal(t, []string{first, successor.KeyID}, published(ctx, t, h.Service))
	_, kid := h.signed(ctx, t, h.Service)
	require.Equal(t, first, kid, "the successor waits")

	again, err := h.Rotate(ctx)
	require.NoError(t, err)
	require.Equal(t, successor.KeyID, again.KeyID, "one waits already")
	require.Equal(t, []string{"jwks.created", "jwks.retired", "jwks.created"}, h.types(ctx, t))

	h.clock.Advance(config.PublishAhead - time.Second)
	last, kid := h.signed(ctx, t, h.Service)
	require.Equal(t, first, kid)
	h.clock.Advance(time.Second)
	_, kid = h.signed(ctx, t, h.Service)
	require.Equal(t, successor.KeyID, kid)
	require.Equal(t, []jwks.State{jwks.Retired, jwks.Signing}, h.states(ctx, t))
	h.verify(ctx, t, h.Service, token)

	h.clock.Advance(config.Overlap - time.Second)
	h.verify(ctx, t, h.Service, last)
	require.NoError(t, h.Tend(ctx))
	require.Len(t, published(ctx, t, h.Service), 2)
	h.clock.Advance(time.Second + config.CacheFor)
	require.Equal(t, []string{successor.KeyID}, published(ctx, t, h.Service), "it is gone in time, whether or not the worker runs")
	_, err = h.check(ctx, t, h.Service, last)
	require.ErrorIs(t, err, jose.ErrUnknownKey)
	require.NoError(t, h.Tend(ctx))
	keys, err := h.Keys(ctx)
	require.NoError(t, err)
	require.Len(t, keys, 1)
	told := h.told(ctx, t)
	require.Equal(t, "jwks.removed", told[3].Type)
	require.JSONEq(t, `{"kid":"`+first+`","reason":"expired"}`, string(told[3].Data))
}

// Protects: a node that has read the keys before another rotates signs nothing that a
// reader of the present document cannot verify.
func TestOtherNodesFollow(t *testing.T) {
	h, ctx := open(t)
	other := h.node(t, h.clock)
	_, first := h.signed(ctx, t, other)
	successor, err := h.RotateNow(ctx)
	require.NoError(t, err)
	token, kid := h.signed(ctx, t, other)
	require.Equal(t, first, kid)
	h.verify(ctx, t, h.Service, token)
	h.clock.Advance(jwks.DefaultConfig().CacheFor)
	_, kid = h.signed(ctx, t, other)
	require.Equal(t, successor.KeyID, kid, "within seconds it has heard")

	successor, err = h.Rotate(ctx)
	require.NoError(t, err)
	h.clock.Advance(jwks.DefaultConfig().PublishAhead)
	for _, node := range []*jwks.Service{h.Service, other} {
		_, kid = h.signed(ctx, t, node)
		require.Equal(t, successor.KeyID, kid, "at the same moment")
	}
}

func TestRotateNow(t *testing.T) {
	h, ctx := open(t)
	made, err := h.RotateNow(ctx)
	require.NoError(t, err)
	_, kid := h.signed(ctx, t, h.Service)
	require.Equal(t, made.KeyID, kid, "where there was none this is the first")
	require.Equal(t, []string{"jwks.created"}, h.types(ctx, t))

	next, err := h.RotateNow(ctx)
	require.NoError(t, err)
	_, kid = h.signed(ctx, t, h.Service)
	require.Equal(t, next.KeyID, kid)
	require.Equal(t, []jwks.State{jwks.Retired, jwks.Signing}, h.states(ctx, t))

	h.clock.Advance(time.Minute)
	waiting, err := h.Rotate(ctx)
	require.NoError(t, err)
	h.clock.Advance(time.Minute)
	called, err := h.RotateNow(ctx)
	require.NoError(t, err)
	require.Equal(t, waiting.KeyID, called.KeyID, "the one that waits is known already")
	require.Equal(t, h.clock.Now(), called.ActivatesAt)
	_, kid = h.signed(ctx, t, h.Service)
	require.Equal(t, waiting.KeyID, kid)
	require.Equal(t, []jwks.State{jwks.Retired, jwks.Retired, jwks.Signing}, h.states(ctx, t))
	require.Equal(t, []string{
		"jwks.created", "jwks.retired", "jwks.created", "jwks.retired", "jwks.created", "jwks.retired", "jwks.activated",
	}, h.types(ctx, t))
	keys, err := h.Keys(ctx)
	require.NoError(t, err)
	require.Equal(t, h.clock.Now().Add(jwks.DefaultConfig().Overlap), *keys[1].ExpiresAt, "who retires earlier expires earlier")
}

// A loop of rotations does not grow what every verifier reads, and keeps nobody from signing.
func TestClass_Exhaustion_KeysAreBounded(t *testing.T) {
	h, ctx := open(t)
	_, err := h.RotateNow(ctx)
	require.NoError(t, err)
	for range 19 {
		h.clock.Advance(time.Second)
		_, err = h.RotateNow(ctx)
		require.NoError(t, err)
	}
	_, err = h.RotateNow(ctx)
	require.ErrorIs(t, err, jwks.ErrLimit)
	_, err = h.Rotate(ctx)
	require.ErrorIs(t, err, jwks.ErrLimit)
	require.Len(t, published(ctx, t, h.Service), 20)
	_, kid := h.signed(ctx, t, h.Service)
	require.NoError(t, h.Revoke(ctx, kid), "who is not trusted goes all the same")
	h.signed(ctx, t, h.Service)
	h.clock.Advance(3 * time.Hour)
	_, err = h.Rotate(ctx)
	require.NoError(t, err)
}

func TestRevoke(t *testing.T) {
	for name, test := range map[string]struct {
		which int // of retired, signing and waiting
		left  []jwks.State
		told  []string
	}{
		"retired": {0, []jwks.State{jwks.Signing, jwks.Waiting}, []string{"jwks.removed"}},
		"signing": {1, []jwks.State{jwks.Retired, jwks.Signing}, []string{"jwks.removed", "jwks.activated"}},
		"waiting": {2, []jwks.State{jwks.Retired, jwks.Signing, jwks.Waiting}, []string{"jwks.removed", "jwks.created"}},
	} {
		t.Run(name, func(t *testing.T) {
			h, ctx := open(t)
			token, _ := h.signed(ctx, t, h.Service)
			h.clock.Advance(time.Minute)
			_, err := h.RotateNow(ctx)
			require.NoError(t, err)
			h.clock.Advance(time.Minute)
			_, err = h.Rotate(ctx)
			require.NoError(t, err)
			h.clock.Advance(time.Minute)
			keys, err := h.Keys(ctx)
			require.NoError(t, err)
			before := len(h.types(ctx, t))

			require.NoError(t, h.Revoke(ctx, keys[test.which].KeyID))
			require.NotContains(t, published(ctx, t, h.Service), keys[test.which].KeyID)
			require.Equal(t, test.left, h.states(ctx, t))
			require.Equal(t, test.told, h.types(ctx, t)[before:])
			_, kid := h.signed(ctx, t, h.Service)
			require.NotEqual(t, keys[test.which].KeyID, kid)
			_, err = h.check(ctx, t, h.Service, token)
			require.Equal(t, test.which == 0, err != nil)
			require.ErrorIs(t, h.Revoke(ctx, keys[test.which].KeyID), jwks.ErrUnknown)
		})
	}
}

// The only key is followed at once, and what it signed is refused.
func TestRevokeTheOnlyKey(t *testing.T) {
	h, ctx := open(t)
	token, first := h.signed(ctx, t, h.Service)
	require.NoError(t, h.Revoke(ctx, first))
	_, err := h.check(ctx, t, h.Service, token)
	require.ErrorIs(t, err, jose.ErrUnknownKey)
	_, kid := h.signed(ctx, t, h.Service)
	require.Equal(t, []string{kid}, published(ctx, t, h.Service))
	require.Equal(t, []string{"jwks.created", "jwks.removed", "jwks.created"}, h.types(ctx, t))
	require.JSONEq(t, `{"kid":"`+first+`","reason":"revoked"}`, string(h.told(ctx, t)[1].Data))
}

// Protects: rotation by several nodes and operators at once makes one successor, and
// there is one key that signs after any of it.
func TestClass_SingleUse_OneSuccessor(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		at := clock.NewFake(storetest.Start())
		h, ctx := openOn(t, db, at, at)
		h.signed(ctx, t, h.Service)
		kids := make([]string, storetest.Racers)
		require.Equal(t, storetest.Racers, storetest.Race(t, func(racer int) (bool, error) {
			made, err := h.Rotate(ctx)
			kids[racer] = made.KeyID
			return err == nil, err
		}))
		for _, kid := range kids {
			require.Equal(t, kids[0], kid)
		}
		require.Equal(t, []string{"jwks.created", "jwks.retired", "jwks.created"}, h.types(ctx, t))

		at.Advance(jwks.DefaultConfig().RotateEvery)
		require.Equal(t, storetest.Racers, storetest.Race(t, func(int) (bool, error) {
			err := h.Tend(ctx)
			return err == nil, err
		}))
		require.Equal(t, []jwks.State{jwks.Signing, jwks.Waiting}, h.states(ctx, t))
		require.Equal(t, []string{"jwks.removed", "jwks.retired", "jwks.created"}, h.types(ctx, t)[3:])
	})
}

func TestTend(t *testing.T) {
	h, ctx := open(t)
	config := jwks.DefaultConfig()
	require.NoError(t, h.Tend(ctx))
	require.Empty(t, h.types(ctx, t), "a tenant that needs no key has none")
	_, first := h.signed(ctx, t, h.Service)
	h.clock.Advance(config.RotateEvery - config.PublishAhead - time.Second)
	require.NoError(t, h.Tend(ctx))
	require.Equal(t, []jwks.State{jwks.Signing}, h.states(ctx, t))

	off := config
	off.RotateEvery = 0
	idle, err := jwks.New(h.deps, off)
	require.NoError(t, err)
	h.clock.Advance(time.Second)
	require.NoError(t, idle.Tend(ctx))
	require.Equal(t, []jwks.State{jwks.Signing}, h.states(ctx, t))
	require.NoError(t, h.Tend(ctx))
	require.NoError(t, h.Tend(ctx))
	require.Equal(t, []jwks.State{jwks.Signing, jwks.Waiting}, h.states(ctx, t))
	h.clock.Advance(config.PublishAhead)
	_, kid := h.signed(ctx, t, h.Service)
	require.NotEqual(t, first, kid, "a key signs for as long as was configured")
}

// Clocks of nodes differ: one that is behind signs with the key that there is, and a
// change of keys by one does not confuse the other.
func TestANodeWhoseClockIsBehind(t *testing.T) {
	h, ctx := open(t)
	_, first := h.signed(ctx, t, h.Service)
	behind := h.node(t, clock.NewFake(h.clock.Now().Add(-5*time.Second)))
	_, kid := h.signed(ctx, t, behind)
	require.Equal(t, first, kid)
	made, err := behind.RotateNow(ctx)
	require.NoError(t, err)
	h.clock.Advance(time.Minute)
	_, kid = h.signed(ctx, t, h.Service)
	require.Equal(t, first, kid, "it only began earlier; there was no other")
	require.Equal(t, first, made.KeyID)

	made, err = behind.RotateNow(ctx)
	require.NoError(t, err)
	h.clock.Advance(time.Minute)
	_, kid = h.signed(ctx, t, h.Service)
	require.Equal(t, made.KeyID, kid)
}

// The worker looks at once and again every while, and ends when it is told.
func TestRunRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		looks := make(chan time.Time, 100)
		tended, err := jwks.New(jwks.Deps{
			Store: looked{looks: looks}, Tx: nothing{}, Events: nothing{}, Clock: clock.System{}, Tenants: aTenantService(t), Logger: quiet(),
		}, jwks.DefaultConfig())
		require.NoError(t, err)
		began := clock.System{}.Now()
		ended := make(chan struct{})
		go func() { tended.RunRotation(ctx); close(ended) }()
		require.Equal(t, began, <-looks)
		require.Equal(t, began.Add(10*time.Minute), <-looks)
		require.Equal(t, began.Add(20*time.Minute), <-looks, "a failure is no reason to stop")
		stop()
		<-ended
	})
}
