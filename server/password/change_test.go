package password_test

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// notices notes who is told.
type notices struct{ to []string }

func (n *notices) PasswordChanged(_ context.Context, owner user.ID, application string) error {
	n.to = append(n.to, owner.String(), application)
	return nil
}

// A session that its owner ends while a thief's change of password waits for its
// hash must not end up with the account.
func TestClass_SideDoor_AnEndedSessionChangesNoPassword(t *testing.T) {
	h, userID, db := onSQLite(t)
	fake := clock.NewFake(noon)
	app := application.Application{
		ID: fresh(application.ID{}), ClientID: "web", Name: "web", Status: application.Active,
		OwnershipProof: application.Deferred, CreatedAt: noon, UpdatedAt: noon, Version: 1,
	}
	require.NoError(t, storage.NewApplications(db).InsertApplication(h.ctx, app))
	users, err := user.New(user.Deps{Store: storage.NewUsers(db), Tx: db, Events: h.told, Clock: fake, Schemas: storetest.ProfileSchemas(t, db, h.told, fake)}, user.Default())
	require.NoError(t, err)
	sessions, err := session.New(session.Deps{
		Store: storage.NewSessions(db), Tx: db, Events: h.told, Clock: fake, Log: storage.NewEvents(db),
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}, session.DefaultConfig())
	require.NoError(t, err)
	limiter, err := rate.NewMemory(rate.MemoryDeps{Clock: fake}, rate.DefaultMemoryConfig())
	require.NoError(t, err)
	guesses, err := risk.New(risk.Deps{Limiter: limiter, Clock: fake}, risk.DefaultConfig())
	require.NoError(t, err)
	told := &notices{}
	changer := password.NewChanger(password.ChangerDeps{Passwords: h.Service, Users: users, Sessions: sessions, Guesses: guesses, Notices: told, Tx: db})

	first, err := h.Prepare(h.ctx, good, nil)
	require.NoError(t, err)
	require.NoError(t, h.Set(h.ctx, userID, first))
	begin := func() session.Session {
		started, _, err := sessions.Start(h.ctx, session.StartInput{
			UserID: userID, ApplicationID: app.ID, Transport: session.Bearer,
			Facts:  []assurance.Fact{{Method: assurance.Password, At: noon}},
			Device: session.Describe("", netip.Addr{}),
		})
		require.NoError(t, err)
		return started
	}
	thief, owner := begin(), begin()
	require.NoError(t, sessions.End(h.ctx, userID, thief.ID, session.Revoked))
	require.ErrorIs(t, changer.Change(h.ctx, thief, other), session.ErrNone)
	require.Empty(t, told.to)
	_, err = h.Verify(h.ctx, userID, good)
	require.NoError(t, err, "the password is what it was")
	require.NoError(t, changer.Change(h.ctx, owner, other), "and the owner's session lives")
	_, err = h.Verify(h.ctx, userID, other)
	require.NoError(t, err)
	require.Equal(t, []string{userID.String(), app.ID.String()}, told.to)
}
