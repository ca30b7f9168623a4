package apikey_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
)

// A key that ends by itself gives nothing for longer than that, to none and not to itself.
func TestClass_SideGrant_NoKeyGivesMoreTimeThanItHas(t *testing.T) {
	h, ctx := open(t)
	end := h.clock.Now().Add(time.Hour)
	sooner, later := end.Add(-time.Minute), end.Add(time.Microsecond)
	self, _, err := h.Create(ctx, owner, apikey.NewKey{Name: "For an hour", Scopes: everything, ExpiresAt: &end})
	require.NoError(t, err)
	giver := apikey.Giver{Scopes: self.Scopes, ExpiresAt: self.ExpiresAt}
	told := len(h.told(ctx, t))
	for name, wanted := range map[string]*time.Time{"never": nil, "later": &later} {
		_, _, err := h.Create(ctx, giver, apikey.NewKey{Name: name, Scopes: everything, ExpiresAt: wanted})
		require.ErrorIs(t, err, apikey.ErrExpiryExceeded, name)
		_, err = h.Update(ctx, giver, self.ID, self.Version, apikey.Change{ExpiresAt: new(wanted)})
		require.ErrorIs(t, err, apikey.ErrExpiryExceeded, name)
	}
	require.Len(t, h.told(ctx, t), told)
	for name, wanted := range map[string]*time.Time{"sooner": &sooner, "as long": &end} {
		made, _, err := h.Create(ctx, giver, apikey.NewKey{Name: name, Scopes: everything, ExpiresAt: wanted})
		require.NoError(t, err, name)
		_, err = h.Update(ctx, giver, made.ID, made.Version, apikey.Change{ExpiresAt: new(&end)})
		require.NoError(t, err, name)
	}
	_, _, err = h.Rotate(ctx, giver, self.ID, self.Version, time.Hour)
	require.NoError(t, err, "its own end stays")

	// Whoever has a scope too few is told of that.
	poor := apikey.Giver{Scopes: []apikey.Scope{apikey.UsersRead}, ExpiresAt: &end}
	_, _, err = h.Create(ctx, poor, apikey.NewKey{Name: "n", Scopes: everything})
	require.ErrorIs(t, err, apikey.ErrScopeExceeded)
}

// What outlives whoever asks gets nothing from them; it may lose something.
func TestClass_SideGrant_NoKeyGivesToOneThatOutlivesIt(t *testing.T) {
	h, ctx := open(t)
	end := h.clock.Now().Add(time.Hour)
	giver, far := apikey.Giver{Scopes: everything, ExpiresAt: &end}, end.AddDate(1, 0, 0)
	reads, both := []apikey.Scope{apikey.UsersRead}, []apikey.Scope{apikey.UsersRead, apikey.UsersWrite}
	for name, expiry := range map[string]*time.Time{"for ever": nil, "for a year": &far} {
		lasting, first, err := h.Create(ctx, owner, apikey.NewKey{Name: name, Scopes: reads, ExpiresAt: expiry})
		require.NoError(t, err)
		told := len(h.told(ctx, t))
		_, _, err = h.Rotate(ctx, giver, lasting.ID, lasting.Version, 0)
		require.ErrorIs(t, err, apikey.ErrExpiryExceeded, "a secret would be a way past the end")
		_, err = h.Authenticate(ctx, first.Reveal())
		require.NoError(t, err)
		earlier := end.AddDate(0, 1, 0)
		for _, change := range []apikey.Change{{Scopes: both}, {Scopes: everything}, {ExpiresAt: new(&earlier)}, {Scopes: both, ExpiresAt: new(&earlier)}} {
			_, err = h.Update(ctx, giver, lasting.ID, lasting.Version, change)
			require.ErrorIs(t, err, apikey.ErrExpiryExceeded)
		}
		require.Len(t, h.told(ctx, t), told)

		renamed := "Renamed"
		lasting, err = h.Update(ctx, giver, lasting.ID, lasting.Version, apikey.Change{Name: &renamed})
		require.NoError(t, err)
		lasting, err = h.Update(ctx, giver, lasting.ID, lasting.Version, apikey.Change{Scopes: both, ExpiresAt: new(&end)})
		require.NoError(t, err, "it outlives nobody then")
		_, _, err = h.Rotate(ctx, giver, lasting.ID, lasting.Version, 0)
		require.NoError(t, err)
		require.NoError(t, h.Delete(ctx, giver, lasting.ID))
	}
}
