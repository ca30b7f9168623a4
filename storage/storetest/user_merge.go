package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// usersMergeIdentifiers has all of both be the target's, in the order that is given, or
// changes nothing.
func usersMergeIdentifiers(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	target, source, other := aUser("target"), aUser("source"), aUser("other")
	for _, one := range []user.User{target, source, other} {
		require.NoError(t, users.InsertUser(ctx, one))
	}
	all := slices.Concat(source.Identifiers, target.Identifiers)
	for i := range source.Identifiers {
		all[i].Primary = false
	}
	for _, wrong := range [][]user.Identifier{all[1:], append(slices.Clone(all), anIdentifier("more"))} {
		swallowed(ctx, t, db, user.ErrChanged, func(ctx context.Context) error {
			return users.MergeIdentifiers(ctx, source.ID, target.ID, wrong)
		})
	}
	swallowed(ctx, t, db, user.ErrIdentifierTaken, func(ctx context.Context) error {
		return users.MergeIdentifiers(ctx, source.ID, target.ID, append(slices.Clone(all[1:]), other.Identifiers[1]))
	})
	require.ErrorIs(t, users.MergeIdentifiers(t.Context(), source.ID, target.ID, all), reqctx.ErrNoTenant)
	require.ErrorIs(t, users.MergeIdentifiers(Within(t.Context(), NewTenant()), source.ID, target.ID, all), user.ErrChanged)
	require.Equal(t, target.Identifiers, heldBy(ctx, t, users, target.ID))
	require.Equal(t, source.Identifiers, heldBy(ctx, t, users, source.ID))

	require.NoError(t, users.MergeIdentifiers(ctx, source.ID, target.ID, all))
	require.Equal(t, all, heldBy(ctx, t, users, target.ID))
	require.Empty(t, heldBy(ctx, t, users, source.ID))
	require.Equal(t, other.Identifiers, heldBy(ctx, t, users, other.ID))
	found, err := users.UserByIdentifier(ctx, user.Email, "source@example.com")
	require.NoError(t, err)
	require.Equal(t, target.ID, found.ID)
	require.NoError(t, users.MergeIdentifiers(ctx, source.ID, target.ID, all), "those of who has none are none")
}

func usersNoteMerged(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	want, other := aUser("noted"), aUser("other")
	require.NoError(t, users.InsertUser(ctx, want))
	require.NoError(t, users.InsertUser(ctx, other))
	want.CreatedAt, want.LastLoginAt = after(-time.Hour), at(time.Minute)
	require.NoError(t, users.NoteMerged(ctx, want.ID, want.CreatedAt, want.LastLoginAt))
	for _, one := range []user.User{want, other} {
		found, err := users.UserByID(ctx, one.ID)
		require.NoError(t, err)
		require.Equal(t, one, found)
	}
	require.ErrorIs(t, users.NoteMerged(ctx, newUserID(), after(0), nil), user.ErrUnknown)
	require.ErrorIs(t, users.NoteMerged(Within(t.Context(), NewTenant()), want.ID, after(0), nil), user.ErrUnknown)
	require.NoError(t, users.NoteMerged(ctx, want.ID, want.CreatedAt, nil))
	found, err := users.UserByID(ctx, want.ID)
	require.NoError(t, err)
	require.Nil(t, found.LastLoginAt)
}

// sessionsCount counts what EndSessions ends then.
func sessionsCount(t *testing.T, db *storage.DB) {
	home, other, sessions := aHousehold(t, db), aHousehold(t, db), storage.NewSessions(db)
	count := func(owner household, at time.Time) [2]int {
		live, acted, err := sessions.CountSessions(owner.ctx, owner.user.ID, at)
		require.NoError(t, err)
		return [2]int{live, acted}
	}
	require.Equal(t, [2]int{}, count(home, after(0)))
	plain, acted, over, ended := home.session(), home.session(), home.session(), home.session()
	acted.Act = &session.Act{Subject: "Grace", By: "key_1"}
	over.AbsoluteExpiresAt = after(-time.Second)
	ended.EndedAt = at(-time.Second)
	for _, one := range []session.Session{plain, acted, over, ended} {
		require.NoError(t, sessions.InsertSession(home.ctx, one))
	}
	require.NoError(t, sessions.InsertSession(other.ctx, other.session()))
	require.Equal(t, [2]int{2, 1}, count(home, after(0)))
	require.Equal(t, [2]int{1, 0}, count(other, after(0)))
	require.Equal(t, [2]int{}, count(household{ctx: Within(t.Context(), NewTenant()), user: home.user}, after(0)))
	_, _, err := sessions.CountSessions(t.Context(), home.user.ID, after(0))
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	gone, err := sessions.EndSessions(home.ctx, home.user.ID, session.ID{}, after(0))
	require.NoError(t, err)
	require.Len(t, gone, 2)
	require.Equal(t, [2]int{}, count(home, after(0)))
}

func consentsMove(t *testing.T, db *storage.DB) {
	consents, ctx, from, to := storage.NewConsents(db), Within(t.Context(), NewTenant()), newUserID(), newUserID()
	moved, alike, own, others := aConsent(from), aConsent(from), aConsent(to), aConsent(newUserID())
	same := alike
	same.UserID = to
	fresh(&same.ID)
	for _, one := range []consent.Consent{moved, alike, own, same, others} {
		require.NoError(t, consents.InsertConsent(ctx, one))
	}
	given := func(by user.ID) []consent.Consent {
		all, err := consents.Consents(ctx, by)
		require.NoError(t, err)
		return all
	}
	require.NoError(t, consents.MoveConsents(Within(t.Context(), NewTenant()), from, to))
	require.ErrorIs(t, consents.MoveConsents(t.Context(), from, to), reqctx.ErrNoTenant)
	require.Len(t, given(from), 2)
	require.NoError(t, consents.MoveConsents(ctx, from, to))
	moved.UserID = to
	require.ElementsMatch(t, []consent.Consent{moved, own, same}, given(to), "as it was given, once")
	require.Equal(t, []consent.Consent{alike}, given(from))
	require.Equal(t, []consent.Consent{others}, given(others.UserID))
}
