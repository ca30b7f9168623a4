package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/storage"
)

func (h household) tenant(t *testing.T) id.Tenant {
	t.Helper()
	tenant, err := reqctx.Tenant(h.ctx)
	require.NoError(t, err)
	return tenant
}

func (h household) seen(t *testing.T, of session.Session, at, idle time.Duration) session.Seen {
	t.Helper()
	return session.Seen{ID: of.ID, Tenant: h.tenant(t), At: after(at), IdleExpiresAt: after(idle)}
}

func sessionsSeen(t *testing.T, db *storage.DB) {
	sessions, home, other := storage.NewSessions(db), aHousehold(t, db), aHousehold(t, db)
	made := home.add(t, db, changes{asIs, asIs, asIs, func(s *session.Session) { s.EndedAt = at(0) }, asIs, asIs})
	theirs := other.add(t, db, changes{asIs})[0]
	require.NoError(t, sessions.MarkSeen(everywhere(t), nil))
	require.NoError(t, sessions.MarkSeen(everywhere(t), []session.Seen{
		home.seen(t, made[0], 5*time.Minute, 2*time.Hour),
		home.seen(t, made[1], 0, 0),
		home.seen(t, made[2], 5*time.Minute, time.Minute),
		home.seen(t, made[2], 3*time.Minute, 3*time.Hour),
		home.seen(t, made[3], 5*time.Minute, 2*time.Hour),
		other.seen(t, made[4], 5*time.Minute, 2*time.Hour),
		other.seen(t, theirs, 7*time.Minute, 4*time.Hour),
		home.seen(t, home.session(), time.Minute, time.Hour),
	}))
	moved := func(home household, before session.Session, at, idle time.Duration) {
		before.LastSeenAt, before.IdleExpiresAt = after(at), after(idle)
		require.Equal(t, before, home.stored(t, db, before.ID))
	}
	moved(home, made[0], 5*time.Minute, 2*time.Hour)
	require.Equal(t, made[1], home.stored(t, db, made[1].ID), "no time moves backwards")
	moved(home, made[2], 5*time.Minute, 3*time.Hour)
	require.Equal(t, made[3], home.stored(t, db, made[3].ID), "it has ended")
	require.Equal(t, made[4], home.stored(t, db, made[4].ID), "its use named another tenant")
	moved(other, theirs, 7*time.Minute, 4*time.Hour)
	require.Equal(t, made[5], home.stored(t, db, made[5].ID), "nobody saw it")
	live := listed(t, sessions, home, after(90*time.Minute), session.ID{}, 10)
	require.Len(t, live, 2, "what was seen lives longer")
}

// A batch of any length is written whole, whatever sizes it is cut into.
func sessionsSeenBatch(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	const many = 256 + 32 + 4 + 3
	var uses []session.Seen
	require.NoError(t, db.Run(home.ctx, func(ctx context.Context) error {
		uses = nil
		for i := range many {
			made := home.nth(i)
			if err := sessions.InsertSession(ctx, made); err != nil {
				return err
			}
			uses = append(uses, home.seen(t, made, time.Hour, 2*time.Hour+time.Duration(i)*time.Microsecond))
		}
		return nil
	}))
	require.NoError(t, sessions.MarkSeen(everywhere(t), uses))
	stored := listed(t, sessions, home, after(90*time.Minute), session.ID{}, many+1)
	require.Len(t, stored, many)
	for i, found := range stored {
		use := uses[many-1-i]
		require.Equal(t, use.ID, found.ID)
		require.Equal(t, use.At, found.LastSeenAt)
		require.Equal(t, use.IdleExpiresAt, found.IdleExpiresAt)
	}
}

func sessionsSeenNeedsEveryTenant(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	one := home.add(t, db, changes{asIs})[0]
	for _, ctx := range []context.Context{t.Context(), home.ctx} {
		err := sessions.MarkSeen(ctx, []session.Seen{home.seen(t, one, time.Hour, 2*time.Hour)})
		require.ErrorIs(t, err, reqctx.ErrNoTenant)
	}
	require.Equal(t, one, home.stored(t, db, one.ID))
}

// Batches of several nodes that hold the same sessions in any order all succeed,
// and the latest use stands.
func sessionsSeenRace(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	made := home.add(t, db, changes{asIs, asIs, asIs, asIs, asIs, asIs})
	ctx := everywhere(t)
	require.Equal(t, Racers, Race(t, func(racer int) (bool, error) {
		uses := make([]session.Seen, 0, len(made))
		for i := range made {
			one := made[(i+racer)%len(made)]
			uses = append(uses, home.seen(t, one, time.Duration(racer+10)*time.Minute, time.Duration(racer+2)*time.Hour))
		}
		err := sessions.MarkSeen(ctx, uses)
		return err == nil, err
	}))
	for _, one := range made {
		found := home.stored(t, db, one.ID)
		require.Equal(t, after((Racers+9)*time.Minute), found.LastSeenAt)
		require.Equal(t, after((Racers+1)*time.Hour), found.IdleExpiresAt)
	}
}

func sessionsDelete(t *testing.T, db *storage.DB) {
	sessions, home, other := storage.NewSessions(db), aHousehold(t, db), aHousehold(t, db)
	edge := after(time.Minute)
	just := edge.Add(-time.Microsecond)
	gone := changes{
		func(s *session.Session) { s.EndedAt = &just },
		func(s *session.Session) { s.IdleExpiresAt = just },
		func(s *session.Session) { s.AbsoluteExpiresAt = just },
	}
	kept := home.add(t, db, changes{
		asIs,
		func(s *session.Session) { s.EndedAt = &edge },
		func(s *session.Session) { s.IdleExpiresAt = edge },
		func(s *session.Session) { s.AbsoluteExpiresAt = edge },
	})
	old := append(home.add(t, db, gone), home.add(t, db, gone)...)
	other.add(t, db, gone)
	for _, ctx := range []context.Context{t.Context(), home.ctx} {
		_, err := sessions.DeleteSessions(ctx, edge, 10)
		require.ErrorIs(t, err, reqctx.ErrNoTenant)
	}
	for _, step := range []struct{ limit, deleted int }{{-1, 0}, {0, 0}, {5, 5}, {5, 4}, {5, 0}} {
		deleted, err := sessions.DeleteSessions(everywhere(t), edge, step.limit)
		require.NoError(t, err)
		require.Equal(t, step.deleted, deleted)
	}
	for _, one := range kept {
		require.Equal(t, one, home.stored(t, db, one.ID))
	}
	for _, one := range old {
		_, err := sessions.SessionByID(home.ctx, one.ID)
		require.ErrorIs(t, err, session.ErrNone)
	}
}

// A session is deleted once, and one whose use is written in time is not deleted.
func sessionsDeleteRace(t *testing.T, db *storage.DB) {
	sessions, home := storage.NewSessions(db), aHousehold(t, db)
	idle := func(s *session.Session) { s.IdleExpiresAt = after(0) }
	made := home.add(t, db, changes{idle, idle, idle, idle})
	ctx := everywhere(t)
	require.NoError(t, sessions.MarkSeen(ctx, []session.Seen{home.seen(t, made[0], time.Minute, time.Hour)}))
	deleted := make([]int, Racers)
	Race(t, func(racer int) (_ bool, err error) {
		deleted[racer], err = sessions.DeleteSessions(ctx, after(time.Second), 2)
		return true, err
	})
	sum := 0
	for _, n := range deleted {
		sum += n
	}
	require.Equal(t, len(made)-1, sum)
	home.stored(t, db, made[0].ID)
}
