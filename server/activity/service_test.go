package activity_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/activity"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// opener opens what is sealed by putting a word before it, for whom it was sealed.
type opener struct{ err error }

func (o opener) OpenPersonal(_ context.Context, person string, sealed, associated []byte) ([]byte, error) {
	prefix := person + string(associated)
	if o.err != nil {
		return nil, o.err
	}
	if len(sealed) < len(prefix) || string(sealed[:len(prefix)]) != prefix {
		return nil, seal.ErrUnreadable
	}
	return sealed[len(prefix):], nil
}

const (
	ada = "usr_ada"
	bob = "usr_bob"
)

type house struct {
	db  *storage.DB
	ctx context.Context
	at  int
}

func build(t *testing.T) *house {
	t.Helper()
	db := storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: clock.NewFake(storetest.Start()), Logger: slog.New(slog.DiscardHandler)})
	return &house{db: db, ctx: storetest.Within(t.Context(), storetest.NewTenant())}
}

func (h *house) over(t *testing.T, o opener) *activity.Service {
	t.Helper()
	made, err := activity.New(activity.Deps{Log: storage.NewEvents(h.db), Opener: o})
	require.NoError(t, err)
	return made
}

// tell records an event a second after the one before.
func (h *house) tell(t *testing.T, kind, person, subject, data string, personal any) event.Envelope {
	t.Helper()
	tenant, err := reqctx.Tenant(h.ctx)
	require.NoError(t, err)
	h.at++
	told := storetest.Envelope(tenant, kind, storetest.Start().Add(time.Duration(h.at)*time.Second))
	told.Person, told.Subject, told.Data, told.Personal = person, subject, json.RawMessage(data), nil
	if personal != nil {
		text, err := json.Marshal(personal)
		require.NoError(t, err)
		told.Personal = append([]byte(person+told.ID.String()), text...)
	}
	require.NoError(t, h.db.Run(h.ctx, func(ctx context.Context) error {
		return storage.NewEvents(h.db).AppendEvent(ctx, told)
	}))
	return told
}

func TestListShowsWhatHappened(t *testing.T) {
	h := build(t)
	device := map[string]string{"device": "Firefox on Linux", "user_agent": "Mozilla", "address": "203.0.113.7"}
	created := h.tell(t, "session.created", ada, "ses_one", `{"user_id":"usr_ada","application_id":"app_one"}`, device)
	h.tell(t, "session.created", bob, "ses_two", `{"application_id":"app_one"}`, device)
	h.tell(t, "session.created", "", "ses_old", `{"user_id":"usr_ada"}`, nil)
	changed := h.tell(t, "password.changed", ada, ada, `{"user_id":"usr_ada"}`, nil)
	h.tell(t, "flow.refused", ada, "flw_one", `{}`, nil)
	added := h.tell(t, "user.identifier_added", ada, ada, `{}`, map[string]string{"value": "ada@example.com"})

	page, err := h.over(t, opener{}).List(h.ctx, ada, event.ID{}, 10)
	require.NoError(t, err)
	require.Equal(t, activity.Page{Items: []activity.Entry{
		{ID: added.ID, Type: "user.identifier_added", At: added.Time},
		{ID: changed.ID, Type: "password.changed", At: changed.Time},
		{
			ID: created.ID, Type: "session.created", At: created.Time, Device: "Firefox on Linux", Address: "203.0.113.7",
			ApplicationID: "app_one", SessionID: "ses_one",
		},
	}}, page)
	for _, nobody := range []string{"", "usr_eve"} {
		page, err := h.over(t, opener{}).List(h.ctx, nobody, event.ID{}, 10)
		require.NoError(t, err)
		require.Empty(t, page.Items)
	}
}

func TestListInPages(t *testing.T) {
	h := build(t)
	for i := range 7 {
		h.tell(t, "user.updated", ada, ada, fmt.Sprintf(`{"n":%d}`, i), nil)
	}
	service := h.over(t, opener{})
	all, err := service.List(h.ctx, ada, event.ID{}, 1000)
	require.NoError(t, err)
	require.Len(t, all.Items, 7)
	require.True(t, all.Next.IsZero())
	var paged []activity.Entry
	for before := (event.ID{}); ; {
		page, err := service.List(h.ctx, ada, before, 3)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Items), 3)
		paged = append(paged, page.Items...)
		if before = page.Next; before.IsZero() {
			break
		}
	}
	require.Equal(t, all.Items, paged)
	one, err := service.List(h.ctx, ada, event.ID{}, 0)
	require.NoError(t, err)
	require.Len(t, one.Items, 1)
}

// What cannot be opened any more is left out; a database that is away is told.
func TestWhatDoesNotOpen(t *testing.T) {
	h := build(t)
	h.tell(t, "session.created", ada, "ses_one", `{}`, map[string]string{"device": "Firefox"})
	for _, gone := range []error{seal.ErrDestroyed, seal.ErrNoUserKey, seal.ErrUnreadable} {
		page, err := h.over(t, opener{err: fmt.Errorf("wrapped: %w", gone)}).List(h.ctx, ada, event.ID{}, 10)
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		require.Empty(t, page.Items[0].Device)
	}
	away := errors.New("away")
	_, err := h.over(t, opener{err: away}).List(h.ctx, ada, event.ID{}, 10)
	require.ErrorIs(t, err, away)
	_, err = activity.New(activity.Deps{})
	require.Error(t, err)
}
