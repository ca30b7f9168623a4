package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Invitations is what the invitation store promises.
func Invitations(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":   invitationsRoundTrip,
		"OnePending":  invitationsOnePending,
		"Accept":      invitationsAccept,
		"AcceptRace":  invitationsAcceptRace,
		"RenewRevoke": invitationsRenewRevoke,
		"RenewRace":   invitationsRenewRace,
		"List":        invitationsList,
		"Scope":       invitationsScope,
		"People":      invitationsPeople,
		"Inviters":    invitationsInviters,
		"Delete":      invitationsDelete,
	})
}

func anInvitation(to byte) invitation.Invitation {
	made := invitation.Invitation{
		Application: application.ID{}, Address: [32]byte{to}, Content: []byte(unicode), Locale: "de-AT", Delivery: invitation.ByMessage, Status: invitation.Pending,
		By: reqctx.Actor{Kind: reqctx.APIKey, ID: "key_1"}, Digest: secret.NewToken("li").Digest(), Lifetime: time.Hour,
		CreatedAt: after(0), SentAt: after(0), ExpiresAt: after(time.Hour),
	}
	fresh(&made.ID)
	return made
}

func invitationsRoundTrip(t *testing.T, db *storage.DB) {
	invitations, ctx := storage.NewInvitations(db), Within(t.Context(), NewTenant())
	one, other := anInvitation(1), anInvitation(2)
	other.Inviter = newUserID()
	other.Application, other.Status, other.User, other.AcceptedAt, other.RevokedAt = newApplicationID(), invitation.Accepted, newUserID(), at(time.Second), at(2*time.Second)
	for _, made := range []invitation.Invitation{one, other} {
		require.NoError(t, invitations.InsertInvitation(ctx, made))
		found, err := invitations.InvitationByID(ctx, made.ID)
		require.NoError(t, err)
		require.Equal(t, made, found)
		found, err = invitations.InvitationByDigest(ctx, made.Digest)
		require.NoError(t, err)
		require.Equal(t, made, found)
	}
	_, err := invitations.InvitationByID(ctx, anInvitation(1).ID)
	require.ErrorIs(t, err, invitation.ErrUnknown)
	_, err = invitations.InvitationByDigest(ctx, anInvitation(1).Digest)
	require.ErrorIs(t, err, invitation.ErrUnknown)
}

// One is pending for an address at an application, unless it has run out.
func invitationsOnePending(t *testing.T, db *storage.DB) {
	invitations, ctx := storage.NewInvitations(db), Within(t.Context(), NewTenant())
	first, again, elsewhere := anInvitation(1), anInvitation(1), anInvitation(1)
	elsewhere.Application = newApplicationID()
	require.NoError(t, invitations.InsertInvitation(ctx, first))
	require.NoError(t, invitations.InsertInvitation(ctx, elsewhere))
	swallowed(ctx, t, db, invitation.ErrExists, func(ctx context.Context) error { return invitations.InsertInvitation(ctx, again) })
	late := anInvitation(1)
	late.SentAt, late.ExpiresAt = after(time.Hour), after(2*time.Hour)
	require.NoError(t, invitations.InsertInvitation(ctx, late))
	found, err := invitations.InvitationByID(ctx, first.ID)
	require.NoError(t, err)
	require.Equal(t, invitation.Expired, found.Status)
	renewed := first
	renewed.SentAt, renewed.Digest = after(90*time.Minute), secret.NewToken("li").Digest()
	require.ErrorIs(t, invitations.RenewInvitation(ctx, renewed, first.Digest), invitation.ErrExists)
	require.NoError(t, invitations.RevokeInvitation(ctx, late.ID, after(0)))
	require.NoError(t, invitations.RenewInvitation(ctx, renewed, first.Digest))
}

func invitationsAccept(t *testing.T, db *storage.DB) {
	invitations, ctx, who := storage.NewInvitations(db), Within(t.Context(), NewTenant()), newUserID()
	made := anInvitation(1)
	require.NoError(t, invitations.InsertInvitation(ctx, made))
	accept := func(digest secret.Digest, now time.Duration) error {
		return invitations.AcceptInvitation(ctx, made.ID, digest, who, after(now))
	}
	require.ErrorIs(t, accept(anInvitation(1).Digest, 0), invitation.ErrInvalid)
	require.ErrorIs(t, accept(made.Digest, time.Hour), invitation.ErrInvalid)
	require.NoError(t, accept(made.Digest, time.Minute))
	require.ErrorIs(t, accept(made.Digest, time.Minute), invitation.ErrInvalid)
	found, err := invitations.InvitationByID(ctx, made.ID)
	require.NoError(t, err)
	made.Status, made.User, made.AcceptedAt = invitation.Accepted, who, at(time.Minute)
	require.Equal(t, made, found)
}

func invitationsAcceptRace(t *testing.T, db *storage.DB) {
	invitations, ctx := storage.NewInvitations(db), Within(t.Context(), NewTenant())
	made := anInvitation(1)
	require.NoError(t, invitations.InsertInvitation(ctx, made))
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(invitations.AcceptInvitation(ctx, made.ID, made.Digest, newUserID(), after(0)), invitation.ErrInvalid)
	}))
}

func invitationsRenewRevoke(t *testing.T, db *storage.DB) {
	invitations, ctx := storage.NewInvitations(db), Within(t.Context(), NewTenant())
	made := anInvitation(1)
	require.NoError(t, invitations.InsertInvitation(ctx, made))
	again := made
	again.Digest, again.SentAt, again.ExpiresAt = secret.NewToken("li").Digest(), after(time.Hour), after(2*time.Hour)
	require.ErrorIs(t, invitations.RenewInvitation(ctx, again, again.Digest), invitation.ErrClosed)
	require.NoError(t, invitations.RenewInvitation(ctx, again, made.Digest))
	found, err := invitations.InvitationByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, again, found)
	_, err = invitations.InvitationByDigest(ctx, made.Digest)
	require.ErrorIs(t, err, invitation.ErrUnknown)

	require.NoError(t, invitations.RevokeInvitation(ctx, made.ID, after(time.Minute)))
	require.ErrorIs(t, invitations.RevokeInvitation(ctx, made.ID, after(time.Minute)), invitation.ErrClosed)
	require.ErrorIs(t, invitations.RenewInvitation(ctx, again, again.Digest), invitation.ErrClosed)
	require.ErrorIs(t, invitations.AcceptInvitation(ctx, made.ID, again.Digest, newUserID(), after(0)), invitation.ErrInvalid)
	found, err = invitations.InvitationByID(ctx, made.ID)
	require.NoError(t, err)
	again.Status, again.RevokedAt = invitation.Revoked, at(time.Minute)
	require.Equal(t, again, found)
}

// Of many for one address that have run out and are sent again at once, one is pending then, and
// so where new ones are made meanwhile.
func invitationsRenewRace(t *testing.T, db *storage.DB) {
	invitations := storage.NewInvitations(db)
	for round := range 4 {
		ctx, old := Within(t.Context(), NewTenant()), make([]invitation.Invitation, Racers)
		for i := range old {
			old[i] = anInvitation(1)
			old[i].Status = invitation.Expired
			require.NoError(t, invitations.InsertInvitation(ctx, old[i]))
		}
		require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
			again := anInvitation(1)
			again.SentAt, again.ExpiresAt = after(2*time.Hour), after(3*time.Hour)
			if round%2 == 1 && racer%2 == 1 {
				return won(invitations.InsertInvitation(ctx, again), invitation.ErrExists)
			}
			again.ID = old[racer].ID
			return won(invitations.RenewInvitation(ctx, again, old[racer].Digest), invitation.ErrExists)
		}))
		found, err := invitations.Invitations(ctx, invitation.Filter{Status: invitation.Pending, Now: after(2 * time.Hour)}, invitation.ID{}, 9)
		require.NoError(t, err)
		require.Len(t, found, 1)
	}
}

func invitationsList(t *testing.T, db *storage.DB) {
	invitations, ctx := storage.NewInvitations(db), Within(t.Context(), NewTenant())
	made := make([]invitation.Invitation, 5)
	for i := range made {
		made[i] = anInvitation(byte(i))
	}
	slices.SortFunc(made, func(a, b invitation.Invitation) int { return strings.Compare(b.ID.String(), a.ID.String()) }) // the newest first
	for i, status := range []invitation.Status{invitation.Expired, invitation.Pending, invitation.Revoked, invitation.Accepted, invitation.Pending} {
		made[i].Status = status
		if i == 1 {
			made[i].ExpiresAt = after(3 * time.Hour)
		}
		require.NoError(t, invitations.InsertInvitation(ctx, made[i]))
	}
	list := func(filter invitation.Filter, before invitation.ID, limit int) []invitation.Invitation {
		found, err := invitations.Invitations(ctx, filter, before, limit)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, made, list(invitation.Filter{}, invitation.ID{}, 9))
	require.Equal(t, made[2:4], list(invitation.Filter{}, made[1].ID, 2))
	require.Equal(t, made[3:4], list(invitation.Filter{Address: &made[3].Address}, invitation.ID{}, 9))
	later := after(2 * time.Hour)
	require.Equal(t, made[1:2], list(invitation.Filter{Status: invitation.Pending, Now: later}, invitation.ID{}, 9))
	require.Equal(t, []invitation.Invitation{made[0], made[4]}, list(invitation.Filter{Status: invitation.Expired, Now: later}, invitation.ID{}, 9))
	require.Equal(t, made[3:4], list(invitation.Filter{Status: invitation.Accepted, Now: later}, invitation.ID{}, 9))
	require.Equal(t, made[2:3], list(invitation.Filter{Status: invitation.Revoked, Now: later}, invitation.ID{}, 9))
}

func invitationsScope(t *testing.T, db *storage.DB) {
	invitations, here, there := storage.NewInvitations(db), Within(t.Context(), NewTenant()), Within(t.Context(), NewTenant())
	made := anInvitation(1)
	require.NoError(t, invitations.InsertInvitation(here, made))
	for _, ctx := range []context.Context{there, t.Context()} {
		_, err := invitations.InvitationByID(ctx, made.ID)
		require.Error(t, err)
		_, err = invitations.InvitationByDigest(ctx, made.Digest)
		require.Error(t, err)
		found, _ := invitations.Invitations(ctx, invitation.Filter{}, invitation.ID{}, 9)
		require.Empty(t, found)
		require.Error(t, invitations.AcceptInvitation(ctx, made.ID, made.Digest, newUserID(), after(0)))
		require.Error(t, invitations.RevokeInvitation(ctx, made.ID, after(0)))
		require.Error(t, invitations.RenewInvitation(ctx, made, made.Digest))
	}
	_, err := invitations.DeleteInvitations(here, after(time.Hour), 9)
	require.Error(t, err, "no tenant deletes over all")
	found, err := invitations.InvitationByID(here, made.ID)
	require.NoError(t, err)
	require.Equal(t, made, found)
	require.NoError(t, invitations.InsertInvitation(there, made))
}

// What somebody has accepted moves with them and goes with them.
func invitationsPeople(t *testing.T, db *storage.DB) {
	invitations, ctx := storage.NewInvitations(db), Within(t.Context(), NewTenant())
	one, two, others := newUserID(), newUserID(), newUserID()
	for i, who := range []user.ID{one, two, others} {
		made := anInvitation(byte(i))
		require.NoError(t, invitations.InsertInvitation(ctx, made))
		require.NoError(t, invitations.AcceptInvitation(ctx, made.ID, made.Digest, who, after(0)))
	}
	of := func(who user.ID) (count int) {
		require.NoError(t, invitations.InvitationsOf(ctx, who, func(found invitation.Invitation) error {
			require.Equal(t, who, found.User)
			count++
			return nil
		}))
		return count
	}
	require.NoError(t, invitations.MoveInvitations(ctx, one, two))
	require.Equal(t, []int{0, 2, 1}, []int{of(one), of(two), of(others)})
	require.NoError(t, invitations.EraseUser(ctx, two))
	require.Equal(t, []int{0, 0, 1}, []int{of(one), of(two), of(others)})
}

// Each user may have one of an address pending beside that of who manages the tenant, and what
// they asked for goes with them.
func invitationsInviters(t *testing.T, db *storage.DB) {
	invitations, ctx := storage.NewInvitations(db), Within(t.Context(), NewTenant())
	one, two := newUserID(), newUserID()
	by := func(inviter user.ID, to byte) invitation.Invitation {
		made := anInvitation(to)
		made.Inviter = inviter
		return made
	}
	ids := func(inviter user.ID) (found []invitation.ID) {
		listed, err := invitations.Invitations(ctx, invitation.Filter{Inviter: inviter}, invitation.ID{}, 9)
		require.NoError(t, err)
		for _, each := range listed {
			found = append(found, each.ID)
		}
		return found
	}
	managed, first, second, only := anInvitation(1), by(one, 1), by(two, 1), by(one, 2)
	for _, made := range []invitation.Invitation{managed, first, second, only} {
		require.NoError(t, invitations.InsertInvitation(ctx, made))
		again := made
		fresh(&again.ID)
		again.Digest = secret.NewToken("li").Digest()
		require.ErrorIs(t, invitations.InsertInvitation(ctx, again), invitation.ErrExists)
		require.NoError(t, invitations.RenewInvitation(ctx, made, made.Digest), "those of others do not stand in the way")
	}
	require.ElementsMatch(t, []invitation.ID{first.ID, only.ID}, ids(one))
	elsewhere, err := invitations.Invitations(ctx, invitation.Filter{Inviter: one, Application: newApplicationID()}, invitation.ID{}, 9)
	require.NoError(t, err)
	require.Empty(t, elsewhere)

	require.NoError(t, invitations.MoveInvitations(ctx, one, two))
	require.Empty(t, ids(one))
	require.ElementsMatch(t, []invitation.ID{second.ID, only.ID}, ids(two), "of two pending ones one stays")
	moved, err := invitations.InvitationByID(ctx, only.ID)
	require.NoError(t, err)
	require.Equal(t, two.String(), moved.By.ID)
	require.NoError(t, invitations.AcceptInvitation(ctx, only.ID, only.Digest, two, after(0)))
	given := 0
	require.NoError(t, invitations.InvitationsOf(ctx, two, func(invitation.Invitation) error { given++; return nil }))
	require.Equal(t, 2, given, "what one has asked for and accepted is told once")
	require.NoError(t, invitations.EraseUser(ctx, two))
	require.Empty(t, ids(two))
	_, err = invitations.InvitationByID(ctx, managed.ID)
	require.NoError(t, err)
}

func invitationsDelete(t *testing.T, db *storage.DB) {
	invitations, ctx := storage.NewInvitations(db), Within(t.Context(), NewTenant())
	old, stays := anInvitation(1), anInvitation(2)
	old.ExpiresAt, stays.ExpiresAt = Start().Add(-2400*time.Hour), after(24*time.Hour)
	for _, one := range []invitation.Invitation{old, stays} {
		require.NoError(t, invitations.InsertInvitation(ctx, one))
	}
	_, err := invitations.DeleteInvitations(reqctx.WithEveryTenant(t.Context()), Start().Add(-2376*time.Hour), 100)
	require.NoError(t, err)
	_, err = invitations.InvitationByID(ctx, old.ID)
	require.ErrorIs(t, err, invitation.ErrUnknown)
	_, err = invitations.InvitationByID(ctx, stays.ID)
	require.NoError(t, err)
}
