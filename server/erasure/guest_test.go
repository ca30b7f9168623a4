package erasure_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// guest is one with the session that is theirs.
func (h *house) guest(ctx context.Context, t *testing.T) (user.ID, session.ID) {
	t.Helper()
	made, err := h.users.Create(ctx, user.NewUser{Guest: true})
	require.NoError(t, err)
	app, err := h.apps.ByClientID(ctx, "web")
	require.NoError(t, err)
	started, _, err := h.sessions.Start(ctx, session.StartInput{UserID: made.ID, ApplicationID: app.ID, Transport: session.Bearer, Guest: true})
	require.NoError(t, err)
	return made.ID, started.ID
}

// Whoever has no session left of a guest's can be that guest no more, so the guest is erased
// after a while; one who has a session, or has registered, stays.
func TestGuestsWithoutASessionAreErased(t *testing.T) {
	h := build(t, erasure.Config{Grace: 0, Guests: grace})
	ctx := h.tenant(t)
	held, _ := h.guest(ctx, t)
	left, by := h.guest(ctx, t)
	registered, upgrading := h.guest(ctx, t)
	require.NoError(t, h.sessions.End(ctx, left, by, session.Logout))
	_, err := h.users.Upgrade(ctx, registered, user.IdentifierInput{Type: user.Username, Value: "ada"}, user.GivenProfile{})
	require.NoError(t, err)
	require.NoError(t, h.sessions.End(ctx, registered, upgrading, session.GuestUpgraded))
	look := func() {
		next, err := h.DiscardGuests(t.Context(), erasure.Guest{})
		require.NoError(t, err)
		require.Zero(t, next, "it was the last")
		_, err = h.EraseDue(t.Context())
		require.NoError(t, err)
	}
	status := func(of user.ID) user.Status {
		found, err := h.users.ByID(ctx, of)
		if err != nil {
			require.ErrorIs(t, err, user.ErrUnknown)
			return user.Deleted
		}
		return found.Status
	}
	look()
	require.Equal(t, []user.Status{user.Active, user.DeletionScheduled, user.Active}, []user.Status{status(held), status(left), status(registered)})
	h.clock.Advance(grace)
	look()
	require.Equal(t, []user.Status{user.Active, user.Deleted, user.Active}, []user.Status{status(held), status(left), status(registered)})
	h.clock.Advance(100 * 24 * time.Hour) // their session is over as well
	look()
	require.Equal(t, user.DeletionScheduled, status(held))
	discarded, err := h.users.DiscardGuest(ctx, registered, 0)
	require.NoError(t, err)
	require.False(t, discarded, "no guest any more")
}

// A session that proves nothing is a guest's, whoever says so.
func TestClass_SideGrant_NothingProvenIsForGuestsOnly(t *testing.T) {
	h := build(t, erasure.Default())
	ctx := h.tenant(t)
	who, _ := h.somebody(ctx, t, "ada")
	app, err := h.apps.ByClientID(ctx, "web")
	require.NoError(t, err)
	_, _, err = h.sessions.Start(ctx, session.StartInput{UserID: who, ApplicationID: app.ID, Transport: session.Bearer, Guest: true})
	require.Error(t, err)
	page, err := h.sessions.List(ctx, who, session.ID{}, 10)
	require.NoError(t, err)
	require.Len(t, page.Items, 1, "the one with a proof")
}
