package session_test

import (
	"context"
	"encoding/json"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// plain stands where the sealer of personal members does.
type plain struct{}

func (plain) SealPersonal(_ context.Context, _ string, plaintext, _ []byte) ([]byte, error) {
	return plaintext, nil
}

// embedded is a service over an engine with a user and an application.
type embedded struct {
	*session.Service
	db    *storage.DB
	clock *clock.Fake
	ctx   context.Context
	user  user.ID
	app   application.ID
}

func onSQLite(t *testing.T) embedded {
	t.Helper()
	r := embedded{clock: clock.NewFake(noon), ctx: scoped(t), user: fresh(user.ID{}), app: fresh(application.ID{})}
	db, err := storage.Open(t.Context(), storage.Config{DataDir: t.TempDir(), Clock: r.clock, Logger: quiet()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context()))
	r.db = db
	r.Service = r.another(t)
	require.NoError(t, storage.NewUsers(db).InsertUser(r.ctx, user.User{
		ID: r.user, Status: user.Active, Profile: json.RawMessage("{}"), SchemaVersion: 1, CreatedAt: noon, UpdatedAt: noon, Version: 1,
	}))
	require.NoError(t, storage.NewApplications(db).InsertApplication(r.ctx, application.Application{
		ID: r.app, ClientID: "web", Name: "Web", Status: application.Active, OwnershipProof: application.Deferred,
		CreatedAt: noon, UpdatedAt: noon, Version: 1,
	}))
	return r
}

// another is a further node on the same database.
func (r embedded) another(t *testing.T) *session.Service {
	t.Helper()
	events := storage.NewEvents(r.db)
	log := event.New(event.Deps{Store: events, Sealer: plain{}, Clock: r.clock, Wake: func() {}})
	service, err := session.New(session.Deps{Store: storage.NewSessions(r.db), Tx: r.db, Events: log, Clock: r.clock, Log: events, Logger: quiet()}, session.DefaultConfig())
	require.NoError(t, err)
	return service
}

func (r embedded) start(t *testing.T) (session.Session, secret.Token) {
	t.Helper()
	started, token, err := r.Start(r.ctx, session.StartInput{
		UserID: r.user, ApplicationID: r.app, Transport: session.Bearer,
		Facts:  []assurance.Fact{{Method: assurance.Password, At: r.clock.Now()}},
		Device: session.Describe(firefox, netip.MustParseAddr("192.0.2.1")),
	})
	require.NoError(t, err)
	r.clock.Advance(time.Second)
	return started, token
}

func TestSQLiteLifeOfSessions(t *testing.T) {
	r := onSQLite(t)
	first, token := r.start(t)
	second, _ := r.start(t)
	third, thirdToken := r.start(t)

	page, err := r.List(r.ctx, r.user, session.ID{}, 2)
	require.NoError(t, err)
	require.Equal(t, []session.ID{third.ID, second.ID}, []session.ID{page.Items[0].ID, page.Items[1].ID})
	rest, err := r.List(r.ctx, r.user, page.Next, 2)
	require.NoError(t, err)
	require.Len(t, rest.Items, 1)
	require.Equal(t, first.ID, rest.Items[0].ID)
	require.True(t, rest.Next.IsZero())

	raised, err := r.Raise(r.ctx, first.ID, []assurance.Fact{{Method: assurance.Password, At: r.clock.Now()}})
	require.NoError(t, err)
	resolved, err := r.Resolve(r.ctx, token.Reveal())
	require.NoError(t, err)
	require.Equal(t, raised.Facts, resolved.Session.Facts)
	require.Equal(t, raised.Version, resolved.Session.Version)
	_, err = r.Refresh(r.ctx, resolved)
	require.NoError(t, err)

	require.ErrorIs(t, r.End(r.ctx, fresh(user.ID{}), first.ID, session.Revoked), session.ErrUnknown, "not theirs")
	count, err := r.EndOthers(r.ctx, r.user, first.ID, session.Revoked)
	require.NoError(t, err)
	require.Equal(t, 2, count)
	_, err = r.Resolve(r.ctx, thirdToken.Reveal())
	require.ErrorIs(t, err, session.ErrNone)
	_, err = r.Resolve(r.ctx, token.Reveal())
	require.NoError(t, err)
	count, err = r.EndOthers(r.ctx, r.user, session.ID{}, session.PasswordChanged)
	require.NoError(t, err)
	require.Equal(t, 1, count)
	_, err = r.Resolve(r.ctx, token.Reveal())
	require.ErrorIs(t, err, session.ErrNone)

	count, err = r.DeleteExpired(r.ctx)
	require.NoError(t, err)
	require.Zero(t, count)
	r.clock.Advance(8 * day)
	count, err = r.DeleteExpired(r.ctx)
	require.NoError(t, err)
	require.Equal(t, 3, count)
}

// What is rolled back has neither happened nor been told, and takes nothing out
// of the cache that is true.
func TestSQLiteAnEndThatIsRolledBackIsNone(t *testing.T) {
	r := onSQLite(t)
	started, token := r.start(t)
	err := r.db.Run(r.ctx, func(ctx context.Context) error {
		if err := r.End(ctx, r.user, started.ID, session.Logout); err != nil {
			return err
		}
		return errDown
	})
	require.ErrorIs(t, err, errDown)
	_, err = r.Resolve(r.ctx, token.Reveal())
	require.NoError(t, err)
}

func TestClass_SingleUse_ASessionEndsOnce(t *testing.T) {
	r := onSQLite(t)
	started, _ := r.start(t)
	var wait sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wait.Go(func() { errs[i] = r.End(r.ctx, r.user, started.ID, session.Logout) })
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.ErrorIs(t, err, session.ErrUnknown)
	}
	require.Equal(t, 1, won)
}

// Two nodes on one embedded database: an end on one is seen by the other within a
// second, with no sequencer running.
func TestPromise_RevocationIsFast_TwoNodesOnSQLite(t *testing.T) {
	r := onSQLite(t)
	far := r.another(t)
	follow(t, node{Service: far})
	started, token := r.start(t)
	_, err := far.Resolve(r.ctx, token.Reveal())
	require.NoError(t, err)
	require.Equal(t, 1, far.Stats().Cached)
	watch := clock.Started()
	require.NoError(t, r.End(r.ctx, r.user, started.ID, session.Revoked))
	require.Eventually(t, func() bool { _, err := far.Resolve(r.ctx, token.Reveal()); return err != nil }, 5*time.Second, 5*time.Millisecond)
	require.Less(t, watch.Elapsed(), time.Second)
}

// Uses reach the engine's rows when the writer stops.
func TestSQLiteUsesAreWritten(t *testing.T) {
	r := onSQLite(t)
	_, token := r.start(t)
	r.clock.Advance(time.Hour)
	_, err := r.Resolve(r.ctx, token.Reveal())
	require.NoError(t, err)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	r.RunSeen(ended)
	page, err := r.List(r.ctx, r.user, session.ID{}, 10)
	require.NoError(t, err)
	require.Equal(t, r.clock.Now(), page.Items[0].LastSeenAt)
	require.Equal(t, r.clock.Now().Add(30*day), page.Items[0].IdleExpiresAt)
}
