package passkey_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/user"
)

// Class enumeration: whoever names somebody is shown as many passkeys of everybody and nobody,
// the same each time, of lengths that authenticators make.
func TestClass_Enumeration_StrangersSeeAsManyPasskeysOfAnybody(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	bare := h.person(t, "bob@example.com")
	devices := []*device{newDevice(t), newDevice(t)}
	for _, d := range devices {
		h.enrol(t, owner, d, usual())
	}
	has := func(list []passkey.Descriptor, id []byte) bool {
		return slices.ContainsFunc(list, func(one passkey.Descriptor) bool { return bytes.Equal(one.ID, id) })
	}
	shown := func(h *house, relyingParty, lookup string, owner user.ID) []passkey.Descriptor {
		list, err := h.Named(h.ctx, relyingParty, lookup, owner)
		require.NoError(t, err)
		again, err := h.Named(h.ctx, relyingParty, lookup, owner)
		require.NoError(t, err)
		require.Equal(t, list, again, "whoever asks twice learns nothing")
		require.Len(t, list, 8)
		seen := map[string]bool{}
		for _, one := range list {
			require.Nil(t, one.Transports)
			require.Contains(t, []int{16, 20, 32, 48, 64}, len(one.ID))
			seen[string(one.ID)] = true
		}
		require.Len(t, seen, 8)
		return list
	}
	known := shown(h, site, "email:ada@example.com", owner)
	for _, d := range devices {
		require.True(t, has(known, d.id))
	}
	lists := [][]passkey.Descriptor{
		known, shown(h, site, "email:bob@example.com", bare), shown(h, site, "email:nobody@example.com", user.ID{}),
		shown(h, "example.org", "email:nobody@example.com", user.ID{}), shown(h.elsewhere(t), site, "email:nobody@example.com", user.ID{}),
		shown(h, "example.org", "email:ada@example.com", owner),
	}
	for i, list := range lists {
		for _, other := range lists[i+1:] {
			for _, one := range list {
				require.False(t, has(other, one.ID))
			}
		}
		if i > 0 {
			for _, d := range devices {
				require.False(t, has(list, d.id))
			}
		}
	}
	// Where the real ones stand tells nothing: they are everywhere among many.
	places := map[int]bool{}
	for i := range 40 {
		d, owner := newDevice(t), h.person(t, fmt.Sprintf("user%d@example.com", i))
		h.enrol(t, owner, d, usual())
		list := shown(h, site, fmt.Sprintf("email:user%d@example.com", i), owner)
		places[slices.IndexFunc(list, func(one passkey.Descriptor) bool { return bytes.Equal(one.ID, d.id) })] = true
	}
	require.Greater(t, len(places), 4)
}

// Whoever has more than most has all of them named.
func TestPromise_PasskeyLifecycle_ManyPasskeysAreAllNamed(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	for range 9 {
		h.enrol(t, owner, newDevice(t), usual())
	}
	list, err := h.Named(h.ctx, site, "email:ada@example.com", owner)
	require.NoError(t, err)
	require.Len(t, list, 20)
	held, err := h.List(h.ctx, owner)
	require.NoError(t, err)
	for _, one := range held {
		require.True(t, slices.ContainsFunc(list, func(named passkey.Descriptor) bool { return bytes.Equal(named.ID, one.CredentialID) }))
	}
}

// Class secrets: a handle tells nobody whose it is, is one for each relying party, and stays.
// Spec: WebAuthn L3 §14.6.1.
func TestClass_Secrets_AHandleSaysNothingOfItsUser(t *testing.T) {
	h := build(t)
	owner, other := h.person(t, "ada@example.com"), h.person(t, "bob@example.com")
	seen := map[string]bool{}
	for _, who := range []user.ID{owner, other} {
		for _, relyingParty := range []string{site, "example.org"} {
			policy := usual()
			policy.ID = relyingParty
			d := newDevice(t)
			handle, err := h.HandleFor(h.ctx, who, relyingParty, []byte("seed"), who.String()+relyingParty)
			require.NoError(t, err)
			again, err := h.HandleFor(h.ctx, who, relyingParty, []byte("seed"), who.String()+relyingParty)
			require.NoError(t, err)
			require.Equal(t, handle, again, "an offer that is asked for again is the same")
			c := toMake(policy)
			fresh, err := h.Check(h.ctx, c, passkey.Made{Credential: d.create(c.Challenge, func(s *said) { s.site = relyingParty }), Handle: handle})
			if relyingParty == site {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, passkey.ErrInvalid, "the origin is not of this relying party")
				c.Origins = []string{"https://example.org"}
				fresh, err = h.Check(h.ctx, c, passkey.Made{Credential: d.create(c.Challenge, from("https://example.org"), func(s *said) { s.site = relyingParty }), Handle: handle})
				require.NoError(t, err)
			}
			_, err = h.add(who, fresh)
			require.NoError(t, err)
			kept, err := h.HandleFor(h.ctx, who, relyingParty, []byte("another seed"), "another run")
			require.NoError(t, err)
			require.Equal(t, handle, kept)
			require.Len(t, handle, 32)
			seen[string(handle)] = true
			require.NotContains(t, string(handle), who.String())
			raw := who.Bytes()
			require.False(t, bytes.Contains(handle, raw[:8]))
		}
	}
	require.Len(t, seen, 4)
}
