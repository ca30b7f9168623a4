package erasure_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/lintel-id/lintel/server/flow/journey"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// plain stands where the sealer of personal members does.
type plain struct{}

func (plain) SealPersonal(_ context.Context, _ string, plaintext, _ []byte) ([]byte, error) {
	return plaintext, nil
}

// holder is a room that cannot let go of somebody.
type holder struct {
	erasure.Eraser
	stuck  user.ID
	erased []user.ID
}

var errStuck = errors.New("stuck")

func (h *holder) EraseUser(ctx context.Context, person user.ID) error {
	if err := h.Eraser.EraseUser(ctx, person); err != nil {
		return err
	}
	if person == h.stuck {
		return errStuck
	}
	h.erased = append(h.erased, person)
	return nil
}

// house is the room over a real database.
type house struct {
	*erasure.Service
	db       *storage.DB
	clock    *clock.Fake
	users    *user.Service
	sessions *session.Service
	apps     *application.Service
	holder   *holder
}

const grace = 24 * time.Hour

func build(t *testing.T, config erasure.Config) *house {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	logger := slog.New(slog.DiscardHandler)
	h.db = storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: logger})
	log := storage.NewEvents(h.db)
	events := event.New(event.Deps{Store: log, Sealer: plain{}, Clock: h.clock, Wake: func() {}})
	held := storage.NewUsers(h.db)
	var err error
	h.users, err = user.New(user.Deps{Store: held, Tx: h.db, Events: events, Clock: h.clock, Schemas: storetest.ProfileSchemas(t, h.db, events, h.clock)}, user.Default())
	require.NoError(t, err)
	h.apps, err = application.New(application.Deps{
		Store: storage.NewApplications(h.db), Secrets: storage.NewApplicationSecrets(h.db), Journeys: journey.Names, Tx: h.db, Events: events, Clock: h.clock,
		Claims: func(context.Context) ([]string, error) { return nil, nil },
	}, application.Default())
	require.NoError(t, err)
	h.sessions, err = session.New(session.Deps{
		Store: storage.NewSessions(h.db), Tx: h.db, Events: events, Clock: h.clock, Log: log, Logger: logger,
	}, session.DefaultConfig())
	require.NoError(t, err)
	h.holder = &holder{Eraser: held}
	h.Service, err = erasure.New(erasure.Deps{
		Grace: func(context.Context) (time.Duration, error) { return 0, nil },
		Users: h.users, Sessions: h.sessions, Queue: held, Erasers: []erasure.Eraser{h.holder}, Tx: h.db, Clock: h.clock, Logger: logger,
	}, config)
	require.NoError(t, err)
	return h
}

// tenant is a context with an application in it.
func (h *house) tenant(t *testing.T) context.Context {
	t.Helper()
	ctx := storetest.Within(t.Context(), storetest.NewTenant())
	_, err := h.apps.Ensure(ctx, application.Declaration{ClientID: "web", Default: true, OwnershipProof: application.Deferred})
	require.NoError(t, err)
	return ctx
}

// somebody is a user with a session.
func (h *house) somebody(ctx context.Context, t *testing.T, name string) (user.ID, session.ID) {
	t.Helper()
	made, err := h.users.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: name}}})
	require.NoError(t, err)
	app, err := h.apps.ByClientID(ctx, "web")
	require.NoError(t, err)
	started, _, err := h.sessions.Start(ctx, session.StartInput{
		UserID: made.ID, ApplicationID: app.ID, Transport: session.Bearer,
		Facts: []assurance.Fact{{Method: assurance.Password, At: h.clock.Now()}},
	})
	require.NoError(t, err)
	return made.ID, started.ID
}

func (h *house) told(t *testing.T) (names []string) {
	t.Helper()
	events, err := storage.NewEvents(h.db).UnsequencedEvents(reqctx.WithEveryTenant(t.Context()), nil, 1000)
	require.NoError(t, err)
	for _, one := range events {
		names = append(names, one.Type)
	}
	return names
}

func TestDeleteAndErase(t *testing.T) {
	h := build(t, erasure.Config{Grace: grace})
	ctx := h.tenant(t)
	who, by := h.somebody(ctx, t, "ada")
	deletion, err := h.Delete(ctx, who, by)
	require.NoError(t, err)
	require.Equal(t, erasure.Deletion{Status: user.DeletionScheduled, DeleteAt: h.clock.Now().Add(grace)}, deletion)
	require.Equal(t, []string{"application.created", "user.created", "session.created", "user.deletion_scheduled", "session.ended"}, h.told(t))
	_, err = h.Delete(ctx, who, by)
	require.ErrorIs(t, err, session.ErrNone, "the session that asks has ended")

	count, err := h.EraseDue(t.Context())
	require.NoError(t, err)
	require.Zero(t, count)
	h.clock.Advance(grace)
	count, err = h.EraseDue(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, count)
	require.Equal(t, []user.ID{who}, h.holder.erased)
	_, err = h.users.ByIdentifier(ctx, user.Username, "ada")
	require.ErrorIs(t, err, user.ErrUnknown)
	count, err = h.EraseDue(t.Context())
	require.NoError(t, err)
	require.Zero(t, count)
	require.Equal(t, "user.deleted", h.told(t)[5])
	require.Len(t, h.told(t), 6)
}

func TestDeleteAtOnce(t *testing.T) {
	h := build(t, erasure.Config{Grace: 0})
	ctx := h.tenant(t)
	who, by := h.somebody(ctx, t, "ada")
	deletion, err := h.Delete(ctx, who, by)
	require.NoError(t, err)
	require.Equal(t, erasure.Deletion{Status: user.Deleted, DeleteAt: h.clock.Now()}, deletion)
	require.Equal(t, []user.ID{who}, h.holder.erased)
	_, err = h.users.ByID(ctx, who)
	require.ErrorIs(t, err, user.ErrUnknown)
}

// A thief's session that its owner has ended deletes nothing.
func TestAnEndedSessionDeletesNothing(t *testing.T) {
	h := build(t, erasure.Config{Grace: 0})
	ctx := h.tenant(t)
	who, by := h.somebody(ctx, t, "ada")
	require.NoError(t, h.sessions.End(ctx, who, by, session.Revoked))
	_, err := h.Delete(ctx, who, by)
	require.ErrorIs(t, err, session.ErrNone)
	_, err = h.users.ByID(ctx, who)
	require.NoError(t, err)
}

// All of one user goes in one unit of work or stays, and one who is stuck keeps nobody
// of any tenant waiting.
func TestPromise_OneCommitPoint_AnErasureThatFails(t *testing.T) {
	h := build(t, erasure.Config{Grace: grace})
	first, second := h.tenant(t), h.tenant(t)
	stuck, by := h.somebody(first, t, "stuck")
	_, err := h.Delete(first, stuck, by)
	require.NoError(t, err)
	h.holder.stuck = stuck
	h.clock.Advance(time.Second)
	for range 3 {
		who, by := h.somebody(second, t, "free")
		_, err = h.Delete(second, who, by)
		require.NoError(t, err)
		h.clock.Advance(grace)
		_, err = h.EraseDue(t.Context())
		require.NoError(t, err)
		require.Equal(t, who, h.holder.erased[len(h.holder.erased)-1])
	}
	left, err := h.users.ByIdentifier(first, user.Username, "stuck")
	require.NoError(t, err)
	require.Equal(t, user.DeletionScheduled, left.Status, "nothing of it has happened")

	h.holder.stuck = user.ID{}
	count, err := h.EraseDue(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, count)
}

// However many nodes look at once, a user is erased by one of them.
func TestClass_SingleUse_OneErasure(t *testing.T) {
	h := build(t, erasure.Config{Grace: grace})
	ctx := h.tenant(t)
	who, by := h.somebody(ctx, t, "ada")
	_, err := h.Delete(ctx, who, by)
	require.NoError(t, err)
	h.clock.Advance(grace)
	require.Equal(t, 1, storetest.Race(t, func(int) (bool, error) {
		count, err := h.EraseDue(t.Context())
		return count == 1, err
	}))
	require.Equal(t, []user.ID{who}, h.holder.erased)
}

func TestConfig(t *testing.T) {
	require.NoError(t, erasure.Default().Validate())
	require.Error(t, erasure.Config{Grace: -1}.Validate())
	require.Error(t, erasure.Config{Guests: -1}.Validate())
	require.Error(t, erasure.Config{Grace: 400 * 24 * time.Hour}.Validate())
	_, err := erasure.New(erasure.Deps{}, erasure.Default())
	require.Error(t, err)
}

// However many delete a user at once, all of them hear of one deletion.
func TestClass_SingleUse_TwoDeletionsOfOneUser(t *testing.T) {
	for _, atOnce := range []bool{false, true} {
		h := build(t, erasure.Config{Grace: grace})
		ctx := h.tenant(t)
		who, _ := h.somebody(ctx, t, "ada")
		before := len(h.told(t))
		won := storetest.Race(t, func(int) (bool, error) {
			_, err := h.Discard(ctx, who, atOnce)
			if errors.Is(err, user.ErrUnknown) {
				return false, nil
			}
			return true, err
		})
		told := []string{"user.deletion_scheduled", "session.ended"}
		if atOnce {
			require.Equal(t, 1, won, "the others find nobody")
			told = append(told, "user.deleted")
		} else {
			require.Equal(t, storetest.Racers, won)
		}
		require.Equal(t, told, h.told(t)[before:])
	}
}
