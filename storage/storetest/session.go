package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Sessions is what the session store promises.
func Sessions(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":     sessionsRoundTrip,
		"Scope":         sessionsScope,
		"List":          sessionsList,
		"End":           sessionsEnd,
		"EndMany":       sessionsEndMany,
		"Raise":         sessionsRaise,
		"EndRace":       sessionsEndRace,
		"EndManyRace":   sessionsEndManyRace,
		"RaiseRace":     sessionsRaiseRace,
		"RaiseEndRace":  sessionsRaiseEndRace,
		"Seen":          sessionsSeen,
		"SeenBatch":     sessionsSeenBatch,
		"SeenNotMine":   sessionsSeenNeedsEveryTenant,
		"SeenRace":      sessionsSeenRace,
		"Delete":        sessionsDelete,
		"DeleteRevived": sessionsDeleteRace,
	})
}

// household is a user and an application of one tenant, which sessions need.
type household struct {
	ctx         context.Context
	user        user.User
	application application.Application
}

func aHousehold(t *testing.T, db *storage.DB) household {
	t.Helper()
	home := household{Within(t.Context(), NewTenant()), aUser("owner"), anApplication("client")}
	require.NoError(t, storage.NewUsers(db).InsertUser(home.ctx, home.user))
	require.NoError(t, storage.NewApplications(db).InsertApplication(home.ctx, home.application))
	return home
}

func (h household) session() session.Session {
	return session.Session{
		ID: newSessionID(), Digest: secret.NewToken("test").Digest(), UserID: h.user.ID, ApplicationID: h.application.ID,
		Transport: session.Cookie,
		Facts:     []assurance.Fact{{Method: assurance.Password, At: after(0)}, {Method: unicode, At: after(-time.Hour)}},
		Device:    session.Device{UserAgent: unicode, Name: "Firefox on Línux", Address: "2001:db8::1"},
		CreatedAt: after(0), LastSeenAt: after(time.Minute), IdleExpiresAt: after(time.Hour),
		AbsoluteExpiresAt: after(24 * time.Hour), Version: 6,
	}
}

// nth is the session that was begun so many milliseconds after the first, which is
// what gives ids an order.
func (h household) nth(n int) session.Session {
	made := h.session()
	made.ID = session.ID(id.New[eventKind](Start().Add(time.Duration(n) * time.Millisecond)))
	return made
}

// add inserts one session after each change, in the order of their ids.
func (h household) add(t *testing.T, db *storage.DB, each changes) []session.Session {
	t.Helper()
	made := make([]session.Session, len(each))
	for i, change := range each {
		made[i] = h.nth(i)
		change(&made[i])
		require.NoError(t, storage.NewSessions(db).InsertSession(h.ctx, made[i]))
	}
	return made
}

// changes are what makes sessions differ.
type changes []func(*session.Session)

func asIs(*session.Session) {}

func (h household) stored(t *testing.T, db *storage.DB, wanted session.ID) session.Session {
	t.Helper()
	found, err := storage.NewSessions(db).SessionByID(h.ctx, wanted)
	require.NoError(t, err)
	return found.Session
}

func sessionsRoundTrip(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	bare := session.Session{
		ID: newSessionID(), Digest: secret.Digest{1}, UserID: home.user.ID, ApplicationID: home.application.ID,
	}
	ended := home.session()
	ended.EndedAt, ended.Transport, ended.Facts = at(time.Minute), session.Bearer, []assurance.Fact{}
	acted := home.session()
	acted.Act = &session.Act{Subject: unicode, By: "key_1"}
	for _, want := range []session.Session{home.session(), bare, ended, acted} {
		require.NoError(t, sessions.InsertSession(home.ctx, want))
		resolved := session.Resolved{
			Session: want, ClientID: "client", UserStatus: user.Active, ApplicationStatus: application.Active,
		}
		found, err := sessions.ResolveSession(home.ctx, want.Digest)
		require.NoError(t, err)
		require.Equal(t, resolved, found)
		found, err = sessions.SessionByID(home.ctx, want.ID)
		require.NoError(t, err)
		require.Equal(t, resolved, found)
		twin := home.session()
		twin.Digest = want.Digest
		require.Error(t, sessions.InsertSession(home.ctx, twin), "one token, one session")
	}
	_, err := sessions.ResolveSession(home.ctx, secret.Digest{})
	require.ErrorIs(t, err, session.ErrNone)
	_, err = sessions.SessionByID(home.ctx, newSessionID())
	require.ErrorIs(t, err, session.ErrNone)

	home.user.Status, home.application.Status = user.Suspended, application.Disabled
	require.NoError(t, storage.NewUsers(db).UpdateUser(home.ctx, home.user))
	require.NoError(t, storage.NewApplications(db).UpdateApplication(home.ctx, home.application))
	found, err := sessions.ResolveSession(home.ctx, ended.Digest)
	require.NoError(t, err)
	require.Equal(t, user.Suspended, found.UserStatus)
	require.Equal(t, application.Disabled, found.ApplicationStatus)

	// A session whose user or application is not there resolves to nothing.
	for _, orphan := range home.add(t, db, changes{
		func(s *session.Session) { s.UserID = newUserID() },
		func(s *session.Session) { s.ApplicationID = newApplicationID() },
	}) {
		_, err := sessions.ResolveSession(home.ctx, orphan.Digest)
		require.ErrorIs(t, err, session.ErrNone)
	}
}

func sessionsScope(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	mine := home.add(t, db, changes{asIs})[0]
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := sessions.ResolveSession(ctx, mine.Digest)
		return !found.Session.ID.IsZero(), err
	}, session.ErrNone)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := sessions.SessionByID(ctx, mine.ID)
		return !found.Session.ID.IsZero(), err
	}, session.ErrNone)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := sessions.SessionsOfUser(ctx, mine.UserID, Start(), session.ID{}, 10)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		return sessions.EndSession(ctx, mine.UserID, mine.ID, Start())
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		ended, err := sessions.EndSessions(ctx, mine.UserID, session.ID{}, Start())
		return len(ended) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := sessions.RaiseSession(ctx, mine)
		return err == nil, err
	}, session.ErrChanged)
	require.ErrorIs(t, sessions.InsertSession(t.Context(), home.session()), reqctx.ErrNoTenant)
	require.Equal(t, mine, home.stored(t, db, mine.ID))

	// The joins stay within the tenant: the same ids elsewhere lend no status.
	for _, half := range []func(ctx context.Context) error{
		func(ctx context.Context) error { return storage.NewUsers(db).InsertUser(ctx, home.user) },
		func(ctx context.Context) error {
			return storage.NewApplications(db).InsertApplication(ctx, home.application)
		},
	} {
		ctx, theirs := Within(t.Context(), NewTenant()), home.session()
		require.NoError(t, half(ctx))
		require.NoError(t, sessions.InsertSession(ctx, theirs))
		_, err := sessions.ResolveSession(ctx, theirs.Digest)
		require.ErrorIs(t, err, session.ErrNone)
	}
}

func sessionsList(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	now := after(time.Minute)
	made := home.add(t, db, changes{
		asIs,
		func(s *session.Session) { s.IdleExpiresAt = now },
		func(s *session.Session) { s.IdleExpiresAt = now.Add(time.Microsecond) },
		func(s *session.Session) { s.AbsoluteExpiresAt = now },
		func(s *session.Session) { s.EndedAt = at(0) },
		func(s *session.Session) { s.EndedAt = at(time.Hour) },
		func(s *session.Session) { s.UserID = newUserID() },
		asIs,
		asIs,
	})
	live := []session.Session{made[8], made[7], made[2], made[0]}
	require.Equal(t, live, listed(t, sessions, home, now, session.ID{}, 10))
	require.Equal(t, live[:2], listed(t, sessions, home, now, session.ID{}, 2))
	require.Equal(t, live[2:], listed(t, sessions, home, now, live[1].ID, 2))
	require.Equal(t, live[3:], listed(t, sessions, home, now, made[1].ID, 2), "a page may start at one that is gone")
	for _, limit := range []int{0, -1} {
		require.Empty(t, listed(t, sessions, home, now, session.ID{}, limit))
	}
	require.Empty(t, listed(t, sessions, home, now, live[3].ID, 2))
}

func listed(
	t *testing.T, sessions *storage.Sessions, home household, now time.Time, from session.ID, limit int,
) []session.Session {
	t.Helper()
	found, err := sessions.SessionsOfUser(home.ctx, home.user.ID, now, from, limit)
	require.NoError(t, err)
	return found
}
