package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// unicode is text that every text column has to give back byte by byte: beyond
// the basic plane, combining, right to left, quotes and a backslash.
const unicode = "Zoë e\u0301 🐝 שלום 'quoted' \"twice\" \\ % _ \t\n"

// after is a time that needs every microsecond an engine can store.
func after(d time.Duration) time.Time { return Start().Add(d + 123457*time.Microsecond) }

func at(d time.Duration) *time.Time {
	t := after(d)
	return &t
}

// fresh fills in a new id of the target's kind.
func fresh[K id.Kind](target *id.Of[K]) { *target = id.New[K](Start()) }

func newUserID() (made user.ID) { fresh(&made); return made }
func newIdentifierID() (made user.IdentifierID) {
	fresh(&made)
	return made
}
func newSessionID() (made session.ID)         { fresh(&made); return made }
func newApplicationID() (made application.ID) { fresh(&made); return made }

// each runs one capability's tests, every one on every engine.
func each(t *testing.T, tests map[string]func(t *testing.T, db *storage.DB)) {
	t.Helper()
	t.Parallel()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { Engines(t, test) })
	}
}

// strangers asks a read from another tenant, which has to answer as if nothing
// were there, and from none, which has to fail closed.
func strangers(t *testing.T, read func(ctx context.Context) (found bool, err error), none error) {
	t.Helper()
	found, err := read(Within(t.Context(), NewTenant()))
	require.False(t, found)
	if none == nil {
		require.NoError(t, err)
	} else {
		require.ErrorIs(t, err, none)
	}
	for _, ctx := range []context.Context{t.Context(), everywhere(t)} {
		found, err = read(ctx)
		require.False(t, found)
		require.ErrorIs(t, err, reqctx.ErrNoTenant)
	}
}

// won tells a race apart: nil is a win, lost is a loss, all else a failure.
func won(err, lost error) (bool, error) {
	if errors.Is(err, lost) {
		return false, nil
	}
	return err == nil, err
}

// swallowed runs a write that fails with want inside a unit of work which goes on
// and commits; what the write left behind would then stay.
func swallowed(ctx context.Context, t *testing.T, db *storage.DB, want error, write func(ctx context.Context) error) {
	t.Helper()
	require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
		require.ErrorIs(t, write(ctx), want)
		return nil
	}))
}
