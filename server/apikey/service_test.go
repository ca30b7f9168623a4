package apikey_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

type house struct {
	*apikey.Service
	clock  *clock.Fake
	events *storage.Events
}

func open(t *testing.T) (*house, context.Context) {
	t.Helper()
	return openOn(t, storage.Config{DataDir: t.TempDir()})
}

func openOn(t *testing.T, place storage.Config) (*house, context.Context) {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	place.Clock, place.Logger = h.clock, slog.New(slog.DiscardHandler)
	db := storetest.Migrated(t, place)
	h.events = storage.NewEvents(db)
	var err error
	h.Service, err = apikey.New(apikey.Deps{
		Store: storage.NewAPIKeys(db), Tx: db, Clock: h.clock, Logger: slog.New(slog.DiscardHandler),
		Events: event.New(event.Deps{Store: h.events, Sealer: nil, Clock: h.clock, Wake: func() {}}),
	})
	require.NoError(t, err)
	return h, storetest.Within(t.Context(), storetest.NewTenant())
}

func (h *house) told(ctx context.Context, t *testing.T) (types []string) {
	t.Helper()
	events, err := h.events.UnsequencedEvents(ctx, nil, 1000)
	require.NoError(t, err)
	for _, one := range events {
		types = append(types, one.Type)
	}
	return types
}

var (
	everything = []apikey.Scope{apikey.All}
	owner      = apikey.Giver{Scopes: everything}
)

func TestScopes(t *testing.T) {
	few := []apikey.Scope{apikey.UsersRead, apikey.APIKeysRead}
	for _, c := range []struct {
		held, wanted []apikey.Scope
		covered      bool
	}{
		{few, few, true}, {few, few[:1], true}, {few[:1], few, false}, {everything, few, true}, {everything, everything, true},
		{apikey.Scopes()[1:], everything, false}, // what is still to come is not among them
		{nil, few, false}, {few, nil, true}, {nil, nil, true},
	} {
		require.Equal(t, c.covered, apikey.Covers(c.held, c.wanted), "%v %v", c.held, c.wanted)
	}
}

func TestBootstrapMakesTheFirstKeyOnly(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Bootstrap(ctx, secret.Token{})
	require.NoError(t, err)
	key, err := h.Authenticate(ctx, made.Reveal())
	require.NoError(t, err)
	require.Equal(t, apikey.BootstrapName, key.Name)
	require.Equal(t, everything, key.Scopes)
	for _, given := range []secret.Token{{}, secret.NewToken(apikey.Prefix)} {
		again, err := h.Bootstrap(ctx, given)
		require.NoError(t, err)
		require.True(t, again.IsZero())
	}
	require.Equal(t, []string{"apikey.created"}, h.told(ctx, t))

	elsewhere := storetest.Within(ctx, storetest.NewTenant())
	given := secret.NewToken(apikey.Prefix)
	taken, err := h.Bootstrap(elsewhere, given)
	require.NoError(t, err)
	require.Equal(t, given.Reveal(), taken.Reveal())
	_, err = h.Authenticate(ctx, given.Reveal())
	require.ErrorIs(t, err, apikey.ErrInvalid, "a key is of its tenant")
}

// Nodes that start at the same moment make one first key, and none fails.
func TestBootstrapRace(t *testing.T) {
	h, ctx := openOn(t, storage.Config{URL: postgres.NewDatabase(t)})
	given := secret.NewToken(apikey.Prefix)
	require.Equal(t, 1, storetest.Race(t, func(int) (bool, error) {
		made, err := h.Bootstrap(ctx, given)
		return !made.IsZero(), err
	}))
	page, err := h.List(ctx, apikey.ID{}, 10)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
}

func TestUsesAreNotedByTheMinute(t *testing.T) {
	h, ctx := open(t)
	key, token, err := h.Create(ctx, owner, apikey.NewKey{Name: "n", Scopes: everything})
	require.NoError(t, err)
	used := func() time.Time {
		t.Helper()
		_, err := h.Authenticate(ctx, token.Reveal())
		require.NoError(t, err)
		found, err := h.ByID(ctx, key.ID)
		require.NoError(t, err)
		return *found.LastUsedAt
	}
	first := used()
	h.clock.Advance(59 * time.Second)
	require.Equal(t, first, used())
	h.clock.Advance(time.Second)
	require.Equal(t, first.Add(time.Minute), used())
}

func TestClass_Exhaustion_KeysAreBounded(t *testing.T) {
	h, ctx := open(t)
	wanted := apikey.NewKey{Name: "n", Scopes: []apikey.Scope{apikey.UsersRead}}
	for range 1000 {
		_, _, err := h.Create(ctx, owner, wanted)
		require.NoError(t, err)
	}
	_, _, err := h.Create(ctx, owner, wanted)
	require.ErrorIs(t, err, apikey.ErrLimit)
}

// A rotated key has one secret in the end, however many turn it at the same time.
func TestClass_SingleUse_RotationRace(t *testing.T) {
	h, ctx := open(t)
	key, first, err := h.Create(ctx, owner, apikey.NewKey{Name: "n", Scopes: everything})
	require.NoError(t, err)
	tokens := make([]secret.Token, storetest.Racers)
	require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
		_, token, err := h.Rotate(ctx, owner, key.ID, key.Version, 0)
		tokens[racer] = token
		if err == nil {
			return true, nil
		}
		require.ErrorIs(t, err, apikey.ErrChanged)
		return false, nil
	}))
	_, err = h.Authenticate(ctx, first.Reveal())
	require.ErrorIs(t, err, apikey.ErrInvalid)
	good := 0
	for _, token := range tokens {
		if _, err := h.Authenticate(ctx, token.Reveal()); err == nil {
			good++
		}
	}
	require.Equal(t, 1, good)
}

// What a rotation has left behind goes with a later one, and there are never many.
func TestClass_Exhaustion_SecretsOfAKeyAreBounded(t *testing.T) {
	h, ctx := open(t)
	key, first, err := h.Create(ctx, owner, apikey.NewKey{Name: "n", Scopes: everything})
	require.NoError(t, err)
	rotate := func(overlap time.Duration) (secret.Token, error) {
		rotated, token, err := h.Rotate(ctx, owner, key.ID, key.Version, overlap)
		if err == nil {
			key = rotated
		}
		return token, err
	}
	for range 9 {
		_, err := rotate(time.Hour)
		require.NoError(t, err)
	}
	_, err = rotate(time.Hour)
	require.ErrorIs(t, err, apikey.ErrSecretLimit)
	_, err = h.Authenticate(ctx, first.Reveal())
	require.NoError(t, err, "what was refused has changed nothing")
	h.clock.Advance(time.Hour)
	_, err = rotate(time.Hour)
	require.NoError(t, err, "those that are over make room")
	for range 8 {
		_, err := rotate(time.Hour)
		require.NoError(t, err)
	}
	last, err := rotate(0)
	require.NoError(t, err, "an end at once does too")
	_, err = h.Authenticate(ctx, last.Reveal())
	require.NoError(t, err)
}
