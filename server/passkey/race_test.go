package passkey_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// onEveryEngine builds the house on each of them.
func onEveryEngine(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Engines(t, func(t *testing.T, db *storage.DB) { test(t, buildOn(t, db, models.Default())) })
}

// won tells a winner from those who are refused for one of some reasons.
func won(err error, reasons ...error) (bool, error) {
	for _, reason := range reasons {
		if errors.Is(err, reason) {
			return false, nil
		}
	}
	return err == nil, err
}

// fresh is a passkey that was made for the user of a handle, and is not added yet.
func (h *house) fresh(t testing.TB, handle []byte) passkey.Fresh {
	t.Helper()
	c := toMake(usual())
	made, err := h.Check(h.ctx, c, passkey.Made{Credential: newDevice(t).create(c.Challenge), Handle: handle})
	require.NoError(t, err)
	return made
}

// Class single-use: of a proof that is spent by many at once, one takes effect.
func TestClass_SingleUse_OneOfManySpendsAProof(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		owner := h.person(t, "ada@example.com")
		d := newDevice(t)
		h.enrol(t, owner, d, usual())
		c := toProve(usual())
		proof, err := h.Verify(h.ctx, c, nil, d.get(c.Challenge, counting(1)))
		require.NoError(t, err)
		require.Equal(t, 1, storetest.Race(t, func(int) (bool, error) { return won(h.spend(proof.Use), passkey.ErrMoved) }))
		require.Equal(t, uint32(1), h.held(t, owner)[0].([]passkey.Passkey)[0].SignCount)
	})
}

// Class single-use: of a new passkey that is added by many at once, it is added once.
func TestClass_SingleUse_OneOfManyAddsAPasskey(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		owner := h.person(t, "ada@example.com")
		fresh := h.fresh(t, h.handle(t, owner))
		require.Equal(t, 1, storetest.Race(t, func(int) (bool, error) {
			_, err := h.add(owner, fresh)
			return won(err, passkey.ErrTaken)
		}))
		require.Len(t, h.held(t, owner)[0], 1)
		names, _ := h.told.take()
		require.Equal(t, []string{"passkey.added"}, names)
	})
}

// Class object-level: a passkey that many users make theirs at once is one's.
func TestClass_ObjectLevel_OneOfManyUsersHasAPasskey(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		owners := make([]user.ID, storetest.Racers)
		for i := range owners {
			owners[i] = h.person(t, string(rune('a'+i))+"@example.com")
		}
		fresh := h.fresh(t, h.handle(t, owners[0]))
		require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
			theirs := fresh
			theirs.Handle = h.handle(t, owners[racer])
			_, err := h.add(owners[racer], theirs)
			return won(err, passkey.ErrTaken)
		}))
	})
}

// Class exhaustion: nobody has more passkeys than there may be, however many come at once.
func TestClass_Exhaustion_TheLimitHoldsForManyAtOnce(t *testing.T) {
	const limit, begun = 20, 15
	onEveryEngine(t, func(t *testing.T, h *house) {
		owner := h.person(t, "ada@example.com")
		for range begun {
			h.enrol(t, owner, newDevice(t), usual())
		}
		all := make([]passkey.Fresh, storetest.Racers)
		for i := range all {
			all[i] = h.fresh(t, h.handle(t, owner))
		}
		require.Equal(t, limit-begun, storetest.Race(t, func(racer int) (bool, error) {
			_, err := h.add(owner, all[racer])
			return won(err, passkey.ErrLimit)
		}))
		require.Len(t, h.held(t, owner)[0], limit)
		_, err := h.add(owner, h.fresh(t, h.handle(t, owner)))
		require.ErrorIs(t, err, passkey.ErrLimit)
	})
}

// Promise 16: of the last two passkeys that go at once, one stays as the last way in.
func TestPromise_PasskeyLifecycle_OfTheLastTwoOneStays(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house) {
		owner := h.person(t, "ada@example.com")
		last := []passkey.Passkey{h.enrol(t, owner, newDevice(t), usual()), h.enrol(t, owner, newDevice(t), usual())}
		require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
			_, err := h.Remove(h.ctx, owner, last[racer%2].ID, passkey.Removal{Reason: passkey.ByUser})
			return won(err, passkey.ErrLastWayIn, passkey.ErrUnknown)
		}))
		require.Len(t, h.held(t, owner)[0], 1)
		names, _ := h.told.take()
		require.Equal(t, []string{"passkey.removed"}, names)
	})
}

// Class object-level: nobody of another tenant, and nobody who is not there, gets a passkey.
func TestClass_ObjectLevel_OnlyATenantsOwnUsersGetPasskeys(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	other := h.elsewhere(t)
	fresh := h.fresh(t, h.handle(t, owner))
	for _, who := range []user.ID{other.person(t, "bob@example.com"), {}} {
		_, err := h.add(who, fresh)
		require.ErrorIs(t, err, user.ErrUnknown)
	}
	_, err := other.add(owner, fresh)
	require.ErrorIs(t, err, user.ErrUnknown)
	require.Empty(t, h.held(t, owner)[0])
}
