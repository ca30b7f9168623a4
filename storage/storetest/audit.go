package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// Audits is what the store of audit records promises.
func Audits(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":    auditsRoundTrip,
		"Scope":        auditsScope,
		"AllOrNothing": auditsAllOrNothing,
		"AppendRace":   auditsAppendRace,
		"Find":         auditsFind,
		"Trim":         auditsTrim,
		"TrimRace":     auditsTrimRace,
	})
}

// numbered records events of the tenants in turn and gives them with their numbers.
func numbered(t *testing.T, db *storage.DB, count int, tenants ...id.Tenant) []event.Envelope {
	t.Helper()
	for i := range count {
		told := Envelope(tenants[i%len(tenants)], unicode, after(time.Duration(i)*time.Second))
		if i%3 == 0 {
			told.Source = []byte{0xff, byte(i)}
		}
		if i%2 == 1 {
			told.Person, told.Personal, told.Actor = "", nil, reqctx.Actor{Kind: reqctx.Anonymous}
		}
		Append(t, db, told)
	}
	require.Equal(t, count, sequence(t, db))
	events, err := storage.NewEvents(db).EventsAfter(everywhere(t), 0, nil, 1000)
	require.NoError(t, err)
	return events[len(events)-count:]
}

// record gives an event any place and hash: the store computes none.
func record(told event.Envelope, number int64) audit.Record {
	return audit.Record{Number: number, Event: told, Hash: audit.Hash{byte(number), 0xff, 1}}
}

func auditsRoundTrip(t *testing.T, db *storage.DB) {
	audits, ctx, tenant := storage.NewAudit(db), everywhere(t), NewTenant()
	cursor, err := audits.AuditCursor(ctx)
	require.NoError(t, err)
	require.Zero(t, cursor)
	head, err := audits.AuditHead(ctx, tenant)
	require.NoError(t, err)
	require.Equal(t, audit.Head{Tenant: tenant}, head)
	last, err := audits.LastAudit(ctx, tenant)
	require.NoError(t, err)
	require.Zero(t, last)

	var want []audit.Record
	for i, told := range numbered(t, db, 7, tenant) {
		want = append(want, record(told, int64(i+1)))
	}
	for _, part := range [][2]int64{{0, 3}, {3, 4}, {4, 7}} { // three, one and three at once
		head = audit.Head{Tenant: tenant, Number: part[1], Hash: audit.Hash{byte(part[1])}}
		require.NoError(t, audits.AppendAudit(ctx, part[0], part[1], want[part[0]:part[1]], []audit.Head{head}))
		stored, err := audits.AuditHead(ctx, tenant)
		require.NoError(t, err)
		require.Equal(t, head, stored)
		cursor, err = audits.AuditCursor(ctx)
		require.NoError(t, err)
		require.Equal(t, part[1], cursor)
	}
	got, err := audits.AuditRecords(ctx, tenant, 0, 100)
	require.NoError(t, err)
	require.Equal(t, want, got)
	got, err = audits.AuditRecords(ctx, tenant, 2, 3)
	require.NoError(t, err)
	require.Equal(t, want[2:5], got)
	last, err = audits.LastAudit(ctx, tenant)
	require.NoError(t, err)
	require.EqualValues(t, 7, last)
}

func auditsScope(t *testing.T, db *storage.DB) {
	audits, ctx, mine, theirs, quiet := storage.NewAudit(db), everywhere(t), NewTenant(), NewTenant(), NewTenant()
	events := numbered(t, db, 2, mine, theirs)
	heads := []audit.Head{{Tenant: mine, Number: 1}, {Tenant: theirs, Number: 1}}
	require.NoError(t, audits.AppendAudit(ctx, 0, 2, []audit.Record{record(events[0], 1), record(events[1], 1)}, heads))
	for tenant, want := range map[id.Tenant][]event.Envelope{mine: events[:1], theirs: events[1:], quiet: {}} {
		got, err := audits.AuditRecords(ctx, tenant, 0, 10)
		require.NoError(t, err)
		require.Len(t, got, len(want))
		last, err := audits.LastAudit(ctx, tenant)
		require.NoError(t, err)
		require.EqualValues(t, len(want), last)
		for i := range want {
			require.Equal(t, want[i], got[i].Event)
		}
	}
	Append(t, db, Envelope(quiet, "user.created", Start()))
	var all []id.Tenant
	for tenant := (id.Tenant{}); len(all) < 5; {
		next, err := audits.NextAudited(ctx, tenant)
		require.NoError(t, err)
		if next.IsZero() {
			break
		}
		all, tenant = append(all, next), next
	}
	require.ElementsMatch(t, []id.Tenant{mine, theirs, quiet}, all, "each once")

	for _, closed := range []func() error{
		func() error { _, err := audits.AuditCursor(Within(t.Context(), mine)); return err },
		func() error { _, err := audits.AuditHead(Within(t.Context(), mine), mine); return err },
		func() error { _, err := audits.AuditRecords(Within(t.Context(), mine), mine, 0, 1); return err },
		func() error { _, err := audits.LastAudit(Within(t.Context(), mine), mine); return err },
		func() error { _, err := audits.NextAudited(Within(t.Context(), mine), mine); return err },
		func() error { _, err := audits.AuditRemoval(Within(t.Context(), mine), mine); return err },
		func() error {
			return audits.TrimAudit(Within(t.Context(), mine), 0, audit.Removal{Tenant: mine, Number: 1})
		},
		func() error { return audits.AppendAudit(Within(t.Context(), mine), 2, 2, nil, nil) },
	} {
		require.ErrorIs(t, closed(), reqctx.ErrNoTenant, "it serves the whole process or nobody")
	}
}

// A batch that cannot be written whole is not written at all, cursor included.
func auditsAllOrNothing(t *testing.T, db *storage.DB) {
	audits, ctx, tenant := storage.NewAudit(db), everywhere(t), NewTenant()
	events := numbered(t, db, 2, tenant)
	gone := events[1]
	gone.Seq = 99
	head := []audit.Head{{Tenant: tenant, Number: 2}}
	require.Error(t, audits.AppendAudit(ctx, 0, 2, []audit.Record{record(events[0], 1), record(gone, 2)}, head))
	require.Error(t, audits.AppendAudit(ctx, 0, 2, []audit.Record{record(events[0], 1), record(events[1], 1)}, head))
	require.ErrorIs(t, audits.AppendAudit(ctx, 1, 2, []audit.Record{record(events[1], 1)}, head), audit.ErrTaken)
	cursor, err := audits.AuditCursor(ctx)
	require.NoError(t, err)
	require.Zero(t, cursor)
	stored, err := audits.AuditHead(ctx, tenant)
	require.NoError(t, err)
	require.Zero(t, stored.Number)
	got, err := audits.AuditRecords(ctx, tenant, 0, 10)
	require.NoError(t, err)
	require.Empty(t, got)
}

func auditsAppendRace(t *testing.T, db *storage.DB) {
	audits, ctx, tenant := storage.NewAudit(db), everywhere(t), NewTenant()
	events := numbered(t, db, 2, tenant)
	for i, told := range events {
		at, number := int64(i), int64(i+1)
		require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
			head := audit.Head{Tenant: tenant, Number: number, Hash: audit.Hash{byte(racer)}}
			err := audits.AppendAudit(ctx, at, number, []audit.Record{record(told, number)}, []audit.Head{head})
			if err == nil {
				return true, nil
			}
			if !errors.Is(err, audit.ErrTaken) {
				return false, fmt.Errorf("racer %d: %w", racer, err)
			}
			return false, nil
		}))
	}
}
