package consent_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

type house struct {
	*consent.Service
	db    *storage.DB
	clock *clock.Fake
	deps  consent.Deps
}

func open(t *testing.T) (*house, context.Context) {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	h.db = storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: slog.New(slog.DiscardHandler)})
	h.deps = consent.Deps{
		Store: storage.NewConsents(h.db), Tx: h.db, Clock: h.clock,
		Events: event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: nil, Clock: h.clock, Wake: func() {}}),
	}
	var err error
	h.Service, err = consent.New(h.deps)
	require.NoError(t, err)
	return h, storetest.Within(t.Context(), storetest.NewTenant())
}

func (h *house) events(ctx context.Context, t *testing.T) []event.Envelope {
	t.Helper()
	events, err := storage.NewEvents(h.db).UnsequencedEvents(ctx, nil, 100)
	require.NoError(t, err)
	return events
}

// name makes an id of the kind that its target has.
func name[K id.Kind](into *id.Of[K]) { *into = id.New[K](storetest.Start()) }

func names() (who user.ID, app application.ID) {
	name(&who)
	name(&app)
	return who, app
}

func TestGive(t *testing.T) {
	h, ctx := open(t)
	who, app := names()
	other, otherApp := names()
	require.NoError(t, h.Give(ctx, who, app, consent.Terms, "1"))
	h.clock.Advance(time.Hour)
	require.NoError(t, h.Give(ctx, who, app, consent.Terms, "1"))
	require.NoError(t, h.Give(ctx, who, app, consent.Terms, "2"))

	for _, c := range []struct {
		who     user.ID
		app     application.ID
		subject consent.Subject
		version string
		want    bool
	}{
		{who, app, consent.Terms, "1", true}, {who, app, consent.Terms, "2", true}, {who, app, consent.Terms, "3", false},
		{who, otherApp, consent.Terms, "1", false}, {other, app, consent.Terms, "1", false}, {who, app, "purpose", "1", false},
	} {
		given, err := h.Given(ctx, c.who, c.app, c.subject, c.version)
		require.NoError(t, err)
		require.Equal(t, c.want, given)
	}
	all, err := h.List(ctx, who)
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, storetest.Start(), all[0].GivenAt, "agreeing again changes nothing")
	elsewhere, err := h.List(storetest.Within(t.Context(), storetest.NewTenant()), who)
	require.NoError(t, err)
	require.Empty(t, elsewhere)

	events := h.events(ctx, t)
	require.Len(t, events, 2)
	require.Equal(t, "consent.given", events[0].Type)
	require.Equal(t, who.String(), events[0].Subject)
	require.JSONEq(t, `{"consent_id":"`+all[0].ID.String()+`","application_id":"`+app.String()+`","subject":"terms","version":"1"}`, string(events[0].Data))
}

func TestGiveNothing(t *testing.T) {
	h, ctx := open(t)
	who, app := names()
	require.Error(t, h.Give(ctx, user.ID{}, app, consent.Terms, "1"))
	require.Error(t, h.Give(ctx, who, application.ID{}, consent.Terms, "1"))
	require.Error(t, h.Give(ctx, who, app, "", "1"))
	require.Error(t, h.Give(ctx, who, app, consent.Terms, ""))
	require.Empty(t, h.events(ctx, t))
}

// Protects: there is one commit point. A consent goes down with the caller's unit.
func TestPromise_OneCommitPoint_GiveJoins(t *testing.T) {
	h, ctx := open(t)
	who, app := names()
	undone := errors.New("undone")
	require.ErrorIs(t, h.db.Run(ctx, func(ctx context.Context) error {
		require.NoError(t, h.Give(ctx, who, app, consent.Terms, "1"))
		return undone
	}), undone)
	given, err := h.Given(ctx, who, app, consent.Terms, "1")
	require.NoError(t, err)
	require.False(t, given)
	require.Empty(t, h.events(ctx, t))
}

func TestGiveIsRaced(t *testing.T) {
	h, ctx := open(t)
	who, app := names()
	storetest.Race(t, func(int) (bool, error) { return true, h.Give(ctx, who, app, consent.Terms, "1") })
	all, err := h.List(ctx, who)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Len(t, h.events(ctx, t), 1)
}

func TestNewRefuses(t *testing.T) {
	h, _ := open(t)
	for _, without := range []func(*consent.Deps){
		func(d *consent.Deps) { d.Store = nil }, func(d *consent.Deps) { d.Tx = nil },
		func(d *consent.Deps) { d.Events = nil }, func(d *consent.Deps) { d.Clock = nil },
	} {
		deps := h.deps
		without(&deps)
		_, err := consent.New(deps)
		require.Error(t, err)
	}
}
