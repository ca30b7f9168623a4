package flow_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// Protects: a login and the end of an account lock their rows in one order, so neither is
// undone by a deadlock, and who is gone has no session.
func TestClass_SideGrant_LoginsRaceTheEndOfAnAccount(t *testing.T) {
	h := buildOn(t, storage.Config{URL: postgres.NewDatabase(t)}, nil)
	users, passwords, sessions, flows := storage.NewUsers(h.db), storage.NewPasswords(h.db), storage.NewSessions(h.db), storage.NewFlows(h.db)
	gone, err := erasure.New(erasure.Deps{
		Grace: func(context.Context) (time.Duration, error) { return 0, nil },
		Users: h.users, Sessions: h.sessions, Queue: users, Erasers: []erasure.Eraser{users, passwords, sessions, flows},
		Tx: h.db, Clock: h.clock, Logger: slog.New(slog.DiscardHandler),
	}, erasure.Default())
	require.NoError(t, err)
	for range 8 {
		h.clock.Advance(time.Hour) // the bounds of guessing are another test's
		made := h.register(t, "ada@example.com").View.Outcome.User
		h.clock.Advance(time.Hour)
		results := make([]flow.Result, storetest.Racers)
		before := h.db.Stats()
		storetest.Race(t, func(racer int) (bool, error) {
			switch racer {
			case 7:
				if _, err := h.users.Suspend(h.ctx, made.ID); err != nil && !errors.Is(err, user.ErrUnknown) {
					return false, err
				}
			case 8:
				_, err := gone.Discard(h.ctx, made.ID, true)
				return true, err
			default:
				var err error
				results[racer], err = h.Start(h.ctx, flow.Start{
					Journey: "login", Transport: session.Bearer, Submission: withPassword("ada@example.com", good),
				})
				if refused := fault.As(err); refused != nil && refused.Kind == fault.TooMany {
					return false, nil // the others were told of a wrong password
				}
				return err == nil, err
			}
			return true, nil
		})
		require.Equal(t, before.Repeats, h.db.Stats().Repeats, "no unit of work was undone for another")
		for _, result := range results {
			if token := result.SessionToken.Reveal(); token != "" {
				_, err := h.sessions.Resolve(h.ctx, token)
				require.ErrorIs(t, err, session.ErrNone)
			}
		}
		tombstone, err := users.UserByID(h.ctx, made.ID)
		require.NoError(t, err)
		require.Equal(t, user.Deleted, tombstone.Status)
		require.Nil(t, tombstone.LastLoginAt)
	}
}
