package passkey_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey"
)

// Class webauthn: a counter that goes back, or stands still, is that of a copy; one that never
// counts is normal. Who is refused for it changes nothing, and it is told once.
func TestClass_WebAuthn_ACounterThatGoesBackIsACopy(t *testing.T) {
	for name, one := range map[string]struct {
		stored, shown uint32
		taken         bool
	}{
		"up": {5, 6, true}, "far up": {5, 1 << 31, true}, "never": {0, 0, true}, "begins": {0, 1, true}, "the most": {5, 1<<32 - 1, true},
		"equal": {5, 5, false}, "lower": {5, 4, false}, "zero after more": {5, 0, false}, "round": {1<<32 - 1, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := build(t)
			owner := h.person(t, "ada@example.com")
			d := newDevice(t)
			d.count = one.stored
			kept := h.enrol(t, owner, d, usual())
			before := h.held(t, owner)
			c := toProve(usual())
			proof, err := h.Verify(h.ctx, c, nil, d.get(c.Challenge, counting(one.shown)))
			names, _ := h.told.take()
			require.Equal(t, before, h.held(t, owner), "to verify changes nothing")
			if one.taken {
				require.NoError(t, err)
				require.Empty(t, names)
				require.Equal(t, passkey.Use{ID: kept.ID, From: one.stored, SignCount: one.shown, At: h.clock.Now()}, proof.Use)
				require.NoError(t, h.spend(proof.Use))
				require.Equal(t, one.shown, h.held(t, owner)[0].([]passkey.Passkey)[0].SignCount)
				return
			}
			require.ErrorIs(t, err, passkey.ErrInvalid)
			require.Zero(t, proof)
			require.Empty(t, names)
			refusal := &passkey.RefusedError{}
			require.ErrorAs(t, err, &refusal)
			require.Nil(t, refusal.Signals)
			require.NoError(t, h.db.Run(h.ctx, func(ctx context.Context) error { return h.Suspect(ctx, *refusal.Suspicion) }))
			require.Equal(t, before, h.held(t, owner))
			names, data := h.told.take()
			require.Equal(t, []string{"passkey.clone_suspected"}, names)
			require.Equal(t, []any{passkey.SuspectedData{UserID: owner.String(), Stored: int64(one.stored), Received: int64(one.shown)}}, data)
			err = h.refused(c, nil, d.get(c.Challenge, counting(one.shown), func(s *said) { s.signature = newDevice(t).sign }))
			require.ErrorIs(t, err, passkey.ErrInvalid)
			require.NotErrorAs(t, err, &refusal, "a forged answer accuses nobody")
		})
	}
}

// Class single-use: a proof that was overtaken by another takes no effect any more, nor does
// one of a passkey that is gone.
func TestClass_SingleUse_AnOvertakenProofIsSpent(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	d := newDevice(t)
	d.count = 5
	kept := h.enrol(t, owner, d, usual())
	c := toProve(usual())
	first, err := h.Verify(h.ctx, c, nil, d.get(c.Challenge, counting(6)))
	require.NoError(t, err)
	second, err := h.Verify(h.ctx, c, nil, d.get(c.Challenge, counting(7)))
	require.NoError(t, err)
	require.NoError(t, h.spend(second.Use))
	require.ErrorIs(t, h.spend(first.Use), passkey.ErrMoved)
	require.ErrorIs(t, h.spend(second.Use), passkey.ErrMoved)
	third, err := h.Verify(h.ctx, c, nil, d.get(c.Challenge, counting(8)))
	require.NoError(t, err)
	_, err = h.Remove(h.ctx, owner, kept.ID, passkey.Removal{Reason: passkey.ByUser, LastWayIn: true})
	require.NoError(t, err)
	require.ErrorIs(t, h.spend(third.Use), passkey.ErrMoved)
}
