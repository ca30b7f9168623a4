package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

func sessionsEnd(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	made := home.add(t, db, changes{asIs, asIs})
	end := func(owner user.ID, wanted session.ID) bool {
		ended, err := sessions.EndSession(home.ctx, owner, wanted, after(time.Minute))
		require.NoError(t, err)
		return ended
	}
	require.False(t, end(newUserID(), made[0].ID), "somebody else's")
	require.False(t, end(home.user.ID, newSessionID()))
	require.Equal(t, made[0], home.stored(t, db, made[0].ID))
	require.True(t, end(home.user.ID, made[0].ID))
	want := made[0]
	want.EndedAt = at(time.Minute)
	require.Equal(t, want, home.stored(t, db, want.ID))
	ended, err := sessions.EndSession(home.ctx, home.user.ID, want.ID, after(time.Hour))
	require.NoError(t, err)
	require.False(t, ended)
	require.Equal(t, want, home.stored(t, db, want.ID))
	require.Equal(t, made[1], home.stored(t, db, made[1].ID))
}

// A session that looks idle for too long is ended as well: its last use may not
// have been written yet, and would bring it back.
func sessionsEndMany(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	now := after(time.Minute)
	made := home.add(t, db, changes{
		asIs,
		func(s *session.Session) { s.IdleExpiresAt = now.Add(-time.Second) },
		func(s *session.Session) { s.AbsoluteExpiresAt = now },
		func(s *session.Session) { s.EndedAt = at(0) },
		func(s *session.Session) { s.UserID = newUserID() },
		asIs,
	})
	ended, err := sessions.EndSessions(home.ctx, home.user.ID, made[5].ID, now)
	require.NoError(t, err)
	require.Equal(t, []session.ID{made[0].ID, made[1].ID}, ended)
	require.Equal(t, now, *home.stored(t, db, made[0].ID).EndedAt)
	for _, same := range []session.Session{made[2], made[3], made[5]} {
		require.Equal(t, same, home.stored(t, db, same.ID))
	}
	ended, err = sessions.EndSessions(home.ctx, home.user.ID, made[5].ID, now)
	require.NoError(t, err)
	require.Empty(t, ended)
	ended, err = sessions.EndSessions(home.ctx, home.user.ID, session.ID{}, now)
	require.NoError(t, err)
	require.Equal(t, []session.ID{made[5].ID}, ended)
}

func sessionsRaise(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	made := home.add(t, db, changes{asIs, asIs, func(s *session.Session) { s.EndedAt = at(0) }})
	raised := session.Session{
		ID: made[0].ID, Version: made[0].Version, LastSeenAt: after(time.Second), IdleExpiresAt: after(time.Second),
		AbsoluteExpiresAt: after(0),
	}
	require.NoError(t, sessions.RaiseSession(home.ctx, raised))
	require.ErrorIs(t, sessions.RaiseSession(home.ctx, raised), session.ErrChanged)
	want := made[0]
	want.Facts, want.LastSeenAt, want.IdleExpiresAt, want.Version = nil, raised.LastSeenAt, raised.IdleExpiresAt, raised.Version+1
	require.Equal(t, want, home.stored(t, db, want.ID))
	require.Equal(t, made[1], home.stored(t, db, made[1].ID))
	require.ErrorIs(t, sessions.RaiseSession(home.ctx, made[2]), session.ErrChanged)
	require.ErrorIs(t, sessions.RaiseSession(home.ctx, home.session()), session.ErrChanged)
}

func sessionsEndRace(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	one := home.add(t, db, changes{asIs})[0]
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return sessions.EndSession(home.ctx, home.user.ID, one.ID, after(0))
	}))
}

// Each ended session is told by exactly one of those who ended it.
func sessionsEndManyRace(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	home.add(t, db, changes{asIs, asIs, asIs})
	told := make([]int, Racers)
	Race(t, func(racer int) (bool, error) {
		ended, err := sessions.EndSessions(home.ctx, home.user.ID, session.ID{}, after(0))
		told[racer] = len(ended)
		return true, err
	})
	sum := 0
	for _, n := range told {
		sum += n
	}
	require.Equal(t, 3, sum)
}

func sessionsRaiseRace(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	one := home.add(t, db, changes{asIs})[0]
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(sessions.RaiseSession(home.ctx, one), session.ErrChanged)
	}))
	require.Equal(t, one.Version+1, home.stored(t, db, one.ID).Version)
}

// Whatever is raised or seen at the same time, an ended session stays ended.
func sessionsRaiseEndRace(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	one := home.add(t, db, changes{asIs})[0]
	ctx := reqctx.WithEveryTenant(home.ctx)
	Race(t, func(racer int) (bool, error) {
		switch racer % 3 {
		case 0:
			return sessions.EndSession(ctx, home.user.ID, one.ID, after(0))
		case 1:
			return won(sessions.RaiseSession(ctx, one), session.ErrChanged)
		default:
			return true, sessions.MarkSeen(ctx, []session.Seen{{
				ID: one.ID, Tenant: home.tenant(t), At: after(time.Hour), IdleExpiresAt: after(2 * time.Hour),
			}})
		}
	})
	require.Equal(t, after(0), *home.stored(t, db, one.ID).EndedAt)
}
