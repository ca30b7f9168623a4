package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// opener opens what is "sealed" in the open, or cannot.
type opener struct{ err error }

func (o opener) OpenPersonal(_ context.Context, _ string, sealed, _ []byte) ([]byte, error) {
	return sealed, o.err
}

type library struct {
	db     *storage.DB
	tenant id.Tenant
	ctx    context.Context
	writer *audit.Service
}

func shelves(t *testing.T) *library {
	t.Helper()
	logger := slog.New(slog.DiscardHandler)
	fake := clock.NewFake(storetest.Start())
	db := storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: fake, Logger: logger})
	l := &library{db: db, tenant: storetest.NewTenant()}
	l.ctx = storetest.Within(t.Context(), l.tenant)
	var err error
	l.writer, err = audit.New(audit.Deps{Store: storage.NewAudit(db), Log: storage.NewEvents(db), Clock: fake, Logger: logger}, audit.Default())
	require.NoError(t, err)
	return l
}

func (l *library) reader(t *testing.T, o opener) *audit.Reader {
	t.Helper()
	made, err := audit.NewReader(audit.ReaderDeps{
		Finder: storage.NewAudit(l.db), Heads: l.writer, Opener: o, Types: []string{"note.taken", "note.lost", "other.told"},
	})
	require.NoError(t, err)
	return made
}

// tell has events happen at times after the start, in this order.
func (l *library) tell(t *testing.T, kind string, personal []byte, at ...time.Duration) {
	t.Helper()
	for _, later := range at {
		told := storetest.Envelope(l.tenant, kind, storetest.Start().Add(later))
		told.Person, told.Personal, told.Data = "usr_a", personal, []byte(`{}`)
		storetest.Append(t, l.db, told)
		storetest.Sequence(t, l.db)
	}
	require.NoError(t, l.writer.Record(t.Context()))
}

// tellMany has so many events happen at once.
func (l *library) tellMany(t *testing.T, kind string, count int) {
	t.Helper()
	var many []event.Envelope
	for range count {
		told := storetest.Envelope(l.tenant, kind, storetest.Start())
		told.Person, told.Data, told.Personal = "usr_a", []byte(`{}`), nil
		many = append(many, told)
	}
	storetest.Append(t, l.db, many...)
	storetest.Sequence(t, l.db)
	require.NoError(t, l.writer.Record(t.Context()))
}

func TestReaderShowsTheSourceAndWhatWasSealed(t *testing.T) {
	l := shelves(t)
	l.tell(t, "note.taken", []byte(`{"address":"203.0.113.7","device":"Firefox","user_agent":"Mozilla","value":"ada@example.com"}`), 0)
	one, err := l.reader(t, opener{}).Entry(l.ctx, 1)
	require.NoError(t, err)
	require.Equal(t, audit.Source{Address: "203.0.113.7", Device: "Firefox", UserAgent: "Mozilla"}, one.Source)
	require.Len(t, one.Personal, 1)
	require.JSONEq(t, `"ada@example.com"`, string(one.Personal["value"]))
	for _, gone := range []error{seal.ErrDestroyed, seal.ErrNoUserKey, seal.ErrUnreadable} {
		one, err := l.reader(t, opener{err: fmt.Errorf("wrapped: %w", gone)}).Entry(l.ctx, 1)
		require.NoError(t, err)
		require.Empty(t, one.Source)
		require.Nil(t, one.Personal)
	}
	away := errors.New("away")
	_, err = l.reader(t, opener{err: away}).List(l.ctx, audit.Query{}, 1)
	require.ErrorIs(t, err, away)
	_, err = l.reader(t, opener{}).Entry(l.ctx, 2)
	require.ErrorIs(t, err, audit.ErrUnknown)
	_, err = audit.NewReader(audit.ReaderDeps{})
	require.Error(t, err)
}

// An event that was committed long after it happened stands after later ones, and a
// range of times still has it.
func TestReaderFindsWhatCameLate(t *testing.T) {
	l := shelves(t)
	l.tell(t, "note.taken", nil, 0, 3*time.Hour, 4*time.Hour, 3*time.Hour+30*time.Minute, 9*time.Hour)
	numbers := func(query audit.Query) (all []int64) {
		page, err := l.reader(t, opener{}).List(l.ctx, query, 100)
		require.NoError(t, err)
		for _, item := range page.Items {
			all = append(all, item.Number)
		}
		return all
	}
	from, before := storetest.Start().Add(3*time.Hour), storetest.Start().Add(4*time.Hour)
	require.Equal(t, []int64{2, 4}, numbers(audit.Query{From: from, Before: before}))
	require.Equal(t, []int64{4, 2}, numbers(audit.Query{From: from, Before: before, Descending: true, Type: "note"}))
	require.Equal(t, []int64{3, 4, 5}, numbers(audit.Query{From: from, Above: 2, Person: "usr_a"}))
	require.Empty(t, numbers(audit.Query{Type: "other"}))
	require.Empty(t, numbers(audit.Query{Type: "not"}), "a noun is whole")
}

// Whoever acts in somebody's name is found by it, along whichever index, a page at a time.
func TestReaderFindsWhoActedInAnothersName(t *testing.T) {
	l := shelves(t)
	user, key := reqctx.Actor{Kind: reqctx.User, ID: "usr_a"}, reqctx.Actor{Kind: reqctx.APIKey, ID: "key_1"}
	acting := reqctx.Actor{Kind: reqctx.User, ID: "usr_a", By: "key_1"}
	for i, actor := range []reqctx.Actor{user, key, acting, user, acting, key, {Kind: reqctx.User, ID: "usr_a", By: "key_2"}} {
		told := storetest.Envelope(l.tenant, "note.taken", storetest.Start().Add(time.Duration(i)*time.Second))
		told.Actor, told.Subject, told.Person, told.Personal, told.Data = actor, "sub_a", "usr_a", nil, []byte(`{}`)
		storetest.Append(t, l.db, told)
		storetest.Sequence(t, l.db)
	}
	require.NoError(t, l.writer.Record(t.Context()))
	reader := l.reader(t, opener{})
	for _, query := range []audit.Query{{}, {Subject: "sub_a"}, {Person: "usr_a"}, {Type: "note"}} {
		for actor, want := range map[string][]int64{"key_1": {2, 3, 5, 6}, "key_2": {7}, "usr_a": {1, 3, 4, 5, 7}, "key_": nil} {
			query.ActorID, query.Cursor = actor, 0
			var got []int64
			for more := true; more; more = query.Cursor != 0 {
				page, err := reader.List(l.ctx, query, 1)
				require.NoError(t, err)
				for _, item := range page.Items {
					got = append(got, item.Number)
				}
				query.Cursor = page.Next
			}
			require.Equal(t, want, got, "%+v", query)
		}
	}
}

// However little fits, one page looks at so much and no more, and says where to go on.
func TestClass_Exhaustion_OnePageOfTheAuditIsBounded(t *testing.T) {
	l := shelves(t)
	l.tellMany(t, "note.taken", 2100)
	l.tell(t, "note.lost", nil, time.Second)
	reader := l.reader(t, opener{})
	page, err := reader.List(l.ctx, audit.Query{Person: "usr_a", Type: "note.lost"}, 10)
	require.NoError(t, err)
	require.Empty(t, page.Items)
	require.EqualValues(t, 2000, page.Next)
	page, err = reader.List(l.ctx, audit.Query{Person: "usr_a", Type: "note.lost", Cursor: page.Next}, 10)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Zero(t, page.Next)
}
