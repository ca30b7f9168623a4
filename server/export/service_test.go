package export_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// plain stands where the sealer of personal members does.
type plain struct{}

func (plain) SealPersonal(_ context.Context, _ string, plaintext, _ []byte) ([]byte, error) {
	return plaintext, nil
}

// boxes are one for all tenants.
type boxes struct{ box *seal.Box }

func (b boxes) Box(context.Context) (*seal.Box, error) { return b.box, nil }

// between is a holder in the middle of whose work something happens.
type between struct{ happens func() }

func (between) Held() export.Held { return export.Held{Section: "between"} }

func (b between) ExportUser(context.Context, export.Subject, export.Give) error {
	b.happens()
	return nil
}

type house struct {
	*export.Service
	db      *storage.DB
	clock   *clock.Fake
	users   *user.Service
	jobs    *job.Service
	ctx     context.Context
	happens func()
}

func build(t *testing.T) *house {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start()), happens: func() {}}
	logger := slog.New(slog.DiscardHandler)
	h.db = storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: logger})
	events := event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: plain{}, Clock: h.clock, Wake: func() {}})
	held := storage.NewUsers(h.db)
	var err error
	h.users, err = user.New(user.Deps{Store: held, Tx: h.db, Events: events, Clock: h.clock, Schemas: storetest.ProfileSchemas(t, h.db, events, h.clock)}, user.Default())
	require.NoError(t, err)
	work, err := export.NewWork(export.WorkDeps{
		Users: h.users, Clock: h.clock,
		Holders: []export.Holder{export.Profile{}, held, between{func() { h.happens() }}, storage.NewJobs(h.db)},
	})
	require.NoError(t, err)
	box, err := seal.NewBox(seal.NewDataKey())
	require.NoError(t, err)
	h.jobs, err = job.New(job.Deps{
		Store: storage.NewJobs(h.db), Kinds: map[string]job.Kind{export.Type: {Work: work, Personal: true}}, Tenants: boxes{box}, Tx: h.db,
		Events: events, Clock: h.clock, Logger: logger,
	}, job.Default())
	require.NoError(t, err)
	h.Service, err = export.New(export.Deps{Jobs: h.jobs, Finder: storage.NewJobs(h.db), Users: held, Tx: h.db, Events: events, Clock: h.clock})
	require.NoError(t, err)
	h.ctx = storetest.Within(t.Context(), storetest.NewTenant())
	return h
}

func (h *house) somebody(t *testing.T, name string) (user.ID, context.Context) {
	t.Helper()
	made, err := h.users.Create(h.ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: name}}})
	require.NoError(t, err)
	return made.ID, reqctx.WithActor(h.ctx, reqctx.Actor{Kind: reqctx.User, ID: made.ID.String()})
}

// However many ask at once, one export is begun, and all of them are told of it.
func TestClass_Exhaustion_OneExportAtATime(t *testing.T) {
	h := build(t)
	ada, ctx := h.somebody(t, "ada")
	ids := make(chan job.ID, storetest.Racers)
	require.Equal(t, storetest.Racers, storetest.Race(t, func(int) (bool, error) {
		begun, err := h.BeginOwn(ctx, ada)
		ids <- begun.ID
		return err == nil, err
	}))
	close(ids)
	first := <-ids
	for other := range ids {
		require.Equal(t, first, other)
	}
	listed, err := h.jobs.List(h.ctx, job.ID{}, 100)
	require.NoError(t, err)
	require.Len(t, listed.Items, 1)

	require.NoError(t, h.jobs.DoAll(t.Context()))
	for range 4 {
		h.clock.Advance(time.Hour)
		_, err := h.BeginOwn(ctx, ada)
		require.NoError(t, err)
		require.NoError(t, h.jobs.DoAll(t.Context()))
	}
	_, err = h.BeginOwn(ctx, ada)
	require.ErrorIs(t, err, export.ErrLimited)
	require.Equal(t, 20*time.Hour, fault.As(err).RetryAfter)
	h.clock.Advance(20 * time.Hour)
	_, err = h.BeginOwn(ctx, ada)
	require.NoError(t, err)
	bob, as := h.somebody(t, "bob")
	_, err = h.BeginOwn(as, bob)
	require.NoError(t, err, "what one has begun is nothing to another")
}

// What users have begun takes no place of what operators begin.
func TestClass_Exhaustion_ExportsOfUsersAndJobsOfOperators(t *testing.T) {
	h := build(t)
	for i := range 21 {
		one, ctx := h.somebody(t, "user"+string(rune('a'+i)))
		_, err := h.BeginOwn(ctx, one)
		require.NoError(t, err)
	}
	ada, _ := h.somebody(t, "ada")
	_, err := h.Begin(h.ctx, ada)
	require.NoError(t, err)
}

// Of who is gone in the middle of it no result is left, and the job says why; likewise an
// export that nobody could read any more, because its user was suspended.
func TestClass_SideGrant_WhoIsGoneMeanwhile(t *testing.T) {
	for code, leave := range map[string]func(h *house, who user.ID) error{
		"user_suspended": func(h *house, who user.ID) error {
			_, err := h.users.Suspend(h.ctx, who)
			return err
		},
		"user_unknown": func(h *house, who user.ID) error {
			return h.db.Run(h.ctx, func(ctx context.Context) error {
				if _, err := h.users.Discard(ctx, who, 0); err != nil {
					return err
				}
				if _, err := h.users.Erase(ctx, who); err != nil {
					return err
				}
				return storage.NewJobs(h.db).EraseUser(ctx, who)
			})
		},
	} {
		t.Run(code, func(t *testing.T) {
			h := build(t)
			ada, ctx := h.somebody(t, "ada")
			begun, err := h.BeginOwn(ctx, ada)
			require.NoError(t, err)
			var failed error
			left := false
			h.happens = func() {
				if !left {
					left, failed = true, leave(h, ada)
				}
			}
			require.NoError(t, h.jobs.DoAll(t.Context()))
			require.NoError(t, failed)
			require.True(t, left)
			ended, err := h.jobs.ByID(h.ctx, begun.ID)
			require.NoError(t, err)
			require.Equal(t, job.Failed, ended.Status)
			require.Equal(t, code, ended.Code)
			require.Zero(t, ended.Parts)
			if code == "user_unknown" {
				require.Empty(t, ended.Person+ended.By.ID)
				require.NotContains(t, string(ended.Asked), ada.String())
				_, err = h.Own(h.ctx, ada)
				require.ErrorIs(t, err, export.ErrUnknown)
			}
			_, err = h.BeginOwn(ctx, ada)
			if code == "user_unknown" {
				require.ErrorIs(t, err, user.ErrUnknown)
			}
		})
	}
}

// An operator exports a suspended user too; a node that dies leaves no half of a document.
func TestPromise_OneCommitPoint_AnExportIsBegunAnew(t *testing.T) {
	h := build(t)
	ada, _ := h.somebody(t, "ada")
	_, err := h.users.Suspend(h.ctx, ada)
	require.NoError(t, err)
	begun, err := h.Begin(h.ctx, ada)
	require.NoError(t, err)
	_, found, err := storage.NewJobs(h.db).ClaimJob(reqctx.WithEveryTenant(t.Context()), []string{export.Type}, h.clock.Now(), h.clock.Now().Add(time.Minute))
	require.NoError(t, err)
	require.True(t, found, "by a node that dies")
	h.clock.Advance(time.Minute)
	require.NoError(t, h.jobs.DoAll(t.Context()))
	result, err := h.jobs.Result(h.ctx, begun.ID, 0, func(scope string) error {
		require.Equal(t, "users:export", scope)
		return nil
	})
	require.NoError(t, err)
	require.True(t, result.Last)
	var document struct {
		FormatVersion int                          `json:"format_version"`
		UserID        string                       `json:"user_id"`
		Sections      map[string][]json.RawMessage `json:"sections"`
	}
	require.NoError(t, json.Unmarshal([]byte(result.Text), &document))
	require.Equal(t, ada.String(), document.UserID)
	require.Len(t, document.Sections["user"], 1)
	require.Empty(t, document.Sections["between"])
	_, err = h.Own(h.ctx, ada)
	require.ErrorIs(t, err, export.ErrUnknown, "what operators begin is not the user's")
	_, err = h.OwnResult(h.ctx, ada, 0)
	require.ErrorIs(t, err, export.ErrUnknown)
	_, err = h.Begin(storetest.Within(t.Context(), storetest.NewTenant()), ada)
	require.ErrorIs(t, err, user.ErrUnknown)
}

func TestWiring(t *testing.T) {
	_, err := export.New(export.Deps{})
	require.Error(t, err)
	_, err = export.NewWork(export.WorkDeps{})
	require.Error(t, err)
	h := build(t)
	_, err = export.NewWork(export.WorkDeps{Users: h.users, Clock: h.clock, Holders: []export.Holder{export.Profile{}, export.Profile{}}})
	require.ErrorContains(t, err, "two holders have section user")
}
