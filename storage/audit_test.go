package storage_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// newAudit is the room over the database, with pages so small that each chain has
// several.
func newAudit(t *testing.T, db *storage.DB) *audit.Service {
	t.Helper()
	config := audit.Default()
	config.Batch = 4
	service, err := audit.New(audit.Deps{
		Store: storage.NewAudit(db), Log: storage.NewEvents(db), Clock: clock.NewFake(storetest.Start()),
		Logger: slog.New(slog.DiscardHandler),
	}, config)
	require.NoError(t, err)
	return service
}

// numberAll gives every committed event its number.
func numberAll(t *testing.T, db *storage.DB) {
	t.Helper()
	ctx, events, now := reqctx.WithEveryTenant(t.Context()), storage.NewEvents(db), storetest.Start()
	fence, held, err := events.ClaimSequencer(ctx, "node", now, now.Add(time.Hour))
	require.NoError(t, err)
	require.True(t, held)
	_, err = events.AssignSequence(ctx, "node", fence, 10_000)
	require.NoError(t, err)
}

// happen records ten events of each tenant, in turn.
func happen(t *testing.T, db *storage.DB, tenants ...id.Tenant) {
	t.Helper()
	for i := range 10 {
		for j, tenant := range tenants {
			at := storetest.Start().Add(time.Duration(i*len(tenants)+j) * time.Second)
			storetest.Append(t, db, storetest.Envelope(tenant, "user.updated", at))
		}
	}
	numberAll(t, db)
}

func verified(t *testing.T, service *audit.Service, ctx context.Context) (audit.Whole, map[id.Tenant]audit.Report) {
	t.Helper()
	reports := map[id.Tenant]audit.Report{}
	whole, err := service.VerifyAll(ctx, func(report audit.Report) error {
		reports[report.Tenant] = report
		return nil
	})
	require.NoError(t, err)
	return whole, reports
}

const (
	cutTail    = "DELETE FROM audit_records WHERE tenant_id = @mine AND number = 10"
	rewindHead = `UPDATE audit_heads SET number = 9, hash = (SELECT hash FROM audit_records WHERE tenant_id = @mine AND number = 9)
		WHERE tenant_id = @mine`
	copyRecord = `INSERT INTO audit_records (tenant_id, number, seq, event_id, type, version, time, subject, actor_kind, actor_id,
		data, person, personal, source, hash, actor_by) SELECT tenant_id, 11, seq, event_id, type, version, time, subject, actor_kind, actor_id,
		data, person, personal, source, hash, actor_by FROM audit_records WHERE tenant_id = @mine AND number = 10`
)

// swap lets two records change places.
func swap() []string {
	return []string{
		"UPDATE audit_records SET number = 99 WHERE tenant_id = @mine AND number = 4",
		"UPDATE audit_records SET number = 4 WHERE tenant_id = @mine AND number = 6",
		"UPDATE audit_records SET number = 6 WHERE tenant_id = @mine AND number = 99",
	}
}

func change(column, value string) []string {
	return []string{"UPDATE audit_records SET " + column + " = " + value + " WHERE tenant_id = @mine AND number = 4"}
}

// tampers are what somebody with the database at hand could do, and what is found.
func tampers() map[string]struct {
	statements []string
	found      audit.Break
} {
	const forget = "DELETE FROM events WHERE tenant_id = @mine"
	return map[string]struct {
		statements []string
		found      audit.Break
	}{
		"the data":           {change("data", `'{"z":2}'`), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"the type":           {change("type", "'user.created'"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"the version":        {change("version", "2"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"the time":           {change("time", "(SELECT time FROM audit_records WHERE tenant_id = @mine AND number = 5)"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"the subject":        {change("subject", "''"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"the kind of actor":  {change("actor_kind", "'system'"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"the actor":          {change("actor_id", "'usr_other'"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"the person":         {change("person", "'usr_other'"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"what is sealed":     {change("personal", "NULL"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"the event's id":     {change("event_id", "(SELECT event_id FROM audit_records WHERE tenant_id = @mine AND number = 5)"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"the hash":           {change("hash", "(SELECT hash FROM audit_records WHERE tenant_id = @mine AND number = 5)"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"no hash":            {change("hash", "(SELECT personal FROM audit_records WHERE tenant_id = @mine AND number = 5)"), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"a later place":      {change("seq", "8"), audit.Break{Number: 4, Seq: 8, Fault: audit.Reordered}},
		"an earlier place":   {change("seq", "5"), audit.Break{Number: 4, Seq: 5, Fault: audit.Reordered}},
		"two places":         {swap(), audit.Break{Number: 4, Seq: 11, Fault: audit.Reordered}},
		"a record":           {[]string{"DELETE FROM audit_records WHERE tenant_id = @mine AND number = 4"}, audit.Break{Number: 4, Seq: 0, Fault: audit.Missing}},
		"the first record":   {[]string{"DELETE FROM audit_records WHERE tenant_id = @mine AND number = 1"}, audit.Break{Number: 1, Seq: 0, Fault: audit.Missing}},
		"all records":        {[]string{"DELETE FROM audit_records WHERE tenant_id = @mine"}, audit.Break{Number: 1, Seq: 0, Fault: audit.Truncated}},
		"the tail":           {[]string{cutTail}, audit.Break{Number: 10, Seq: 0, Fault: audit.Truncated}},
		"the tail and head":  {[]string{cutTail, rewindHead}, audit.Break{Number: 10, Seq: 19, Fault: audit.Missing}},
		"the whole chain":    {[]string{"DELETE FROM audit_records WHERE tenant_id = @mine", "DELETE FROM audit_heads WHERE tenant_id = @mine"}, audit.Break{Number: 1, Seq: 1, Fault: audit.Missing}},
		"one more":           {[]string{copyRecord}, audit.Break{Number: 11, Seq: 0, Fault: audit.Surplus}},
		"one more, and head": {[]string{copyRecord, "UPDATE audit_heads SET number = 11 WHERE tenant_id = @mine"}, audit.Break{Number: 11, Seq: 19, Fault: audit.Reordered}},
		"the head's number":  {[]string{"UPDATE audit_heads SET number = 9 WHERE tenant_id = @mine"}, audit.Break{Number: 10, Seq: 0, Fault: audit.Surplus}},
		"the head's hash":    {[]string{"UPDATE audit_heads SET hash = (SELECT personal FROM events WHERE seq = 1) WHERE tenant_id = @mine"}, audit.Break{Number: 10, Seq: 19, Fault: audit.Rewritten}},
		"the head":           {[]string{"DELETE FROM audit_heads WHERE tenant_id = @mine"}, audit.Break{Number: 1, Seq: 0, Fault: audit.Surplus}},
		"the event":          {[]string{"UPDATE events SET data = '{}' WHERE seq = 7"}, audit.Break{Number: 4, Seq: 7, Fault: audit.Rewritten}},
		"a forgotten event":  {[]string{"UPDATE events SET seq = 22 WHERE seq = 7", "UPDATE audit_cursor SET seq = 22"}, audit.Break{Number: 11, Seq: 22, Fault: audit.Missing}},
		"data, no events":    {append(change("data", `'{"z":2}'`), forget), audit.Break{Number: 4, Seq: 7, Fault: audit.Changed}},
		"places, no events":  {append(swap(), forget), audit.Break{Number: 4, Seq: 11, Fault: audit.Changed}},
		"a record, no event": {[]string{forget, "DELETE FROM audit_records WHERE tenant_id = @mine AND number = 4"}, audit.Break{Number: 4, Seq: 0, Fault: audit.Missing}},
		"the tail, no event": {[]string{forget, cutTail}, audit.Break{Number: 10, Seq: 0, Fault: audit.Truncated}},
	}
}

var errUndo = errors.New("undo")

// tampered runs statements and what looks at their effect, and takes them back.
func tampered(t *testing.T, db *storage.DB, mine, theirs id.Tenant, statements []string, look func(ctx context.Context)) {
	t.Helper()
	bind := map[string]any{}
	for name, tenant := range map[string]id.Tenant{"mine": mine, "theirs": theirs} {
		raw := tenant.Bytes()
		bind[name] = raw[:]
	}
	err := db.Run(t.Context(), func(ctx context.Context) error {
		for _, statement := range statements {
			var values []any
			if strings.Contains(statement, "@") {
				values = append(values, bind)
			}
			if err := storage.Handle(ctx, db).Exec(statement, values...).Error; err != nil {
				return err
			}
		}
		look(ctx)
		return errUndo
	})
	require.ErrorIs(t, err, errUndo)
}

// Whatever is done to a chain shows, where it was done, and in no other chain.
func TestClass_ObjectLevel_EachChainIsATenantsOwn(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, mine, theirs := newAudit(t, db), storetest.NewTenant(), storetest.NewTenant()
		happen(t, db, mine, theirs)
		require.NoError(t, service.Record(t.Context()))
		whole, reports := verified(t, service, t.Context())
		require.Equal(t, audit.Whole{Tenants: 2, Broken: 0, Cursor: 20, Records: 20}, whole)
		require.True(t, whole.Holds())
		for _, tenant := range []id.Tenant{mine, theirs} {
			report := reports[tenant]
			require.Nil(t, report.Broken)
			require.EqualValues(t, 10, report.Records)
			require.EqualValues(t, 10, report.Events)
			require.EqualValues(t, 10, report.Head.Number)
		}
		require.NotEqual(t, reports[mine].Head.Hash, reports[theirs].Head.Hash)

		for name, tamper := range tampers() {
			tampered(t, db, mine, theirs, tamper.statements, func(ctx context.Context) {
				whole, reports := verified(t, service, ctx)
				require.False(t, whole.Holds(), name)
				require.Equal(t, &tamper.found, reports[mine].Broken, name)
				require.Nil(t, reports[theirs].Broken, name)
			})
		}
		tampered(t, db, mine, theirs, []string{"UPDATE audit_records SET tenant_id = @theirs, number = 11 WHERE tenant_id = @mine AND number = 10"}, func(ctx context.Context) {
			_, reports := verified(t, service, ctx)
			require.Equal(t, audit.Truncated, reports[mine].Broken.Fault)
			require.Equal(t, audit.Surplus, reports[theirs].Broken.Fault)
		})
		_, after := verified(t, service, t.Context())
		require.Equal(t, reports, after)
	})
}

// Somebody who has the whole database can make another true chain, or a shorter one.
// Against a head that was noted elsewhere even that shows.
func TestANotedHeadTellsWhatTheDatabaseCannot(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, mine := newAudit(t, db), storetest.NewTenant()
		happen(t, db, mine)
		require.NoError(t, service.Record(t.Context()))
		noted, err := service.Head(t.Context(), mine)
		require.NoError(t, err)
		fault := func(ctx context.Context, noted audit.Head) audit.Fault {
			report, err := service.Verify(ctx, mine, noted)
			require.NoError(t, err)
			if report.Broken == nil {
				return ""
			}
			return report.Broken.Fault
		}
		require.Empty(t, fault(t.Context(), noted))
		require.Equal(t, audit.Truncated, fault(t.Context(), audit.Head{Number: 11, Hash: noted.Hash}))
		require.Equal(t, audit.Rewritten, fault(t.Context(), audit.Head{Number: 9, Hash: noted.Hash}))

		anew := []string{"DELETE FROM audit_records", "DELETE FROM audit_heads", "UPDATE audit_cursor SET seq = 0", "UPDATE events SET data = '{}' WHERE seq = 3"}
		tampered(t, db, mine, mine, anew, func(ctx context.Context) {
			require.NoError(t, service.Record(ctx))
			whole, _ := verified(t, service, ctx)
			require.True(t, whole.Holds(), "a true chain of another log")
			require.Equal(t, audit.Rewritten, fault(ctx, noted))
		})
		tampered(t, db, mine, mine, []string{cutTail, rewindHead, "DELETE FROM events WHERE seq = 10"}, func(ctx context.Context) {
			require.Empty(t, fault(ctx, audit.Head{}), "a shorter chain of a shorter log")
			whole, _ := verified(t, service, ctx)
			require.False(t, whole.Holds(), "the cursor knows of one more")
			require.Equal(t, audit.Truncated, fault(ctx, noted))
		})
		tampered(t, db, mine, mine, []string{"DELETE FROM events WHERE seq < 6"}, func(ctx context.Context) {
			report, err := service.Verify(ctx, mine, noted)
			require.NoError(t, err)
			require.Nil(t, report.Broken, "old events may be gone")
			require.EqualValues(t, 5, report.Events)
		})
	})
}

// The tail tells of the last records what verifying all of them does, and nothing of
// those before.
func TestVerifyTail(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, mine := newAudit(t, db), storetest.NewTenant()
		happen(t, db, mine)
		require.NoError(t, service.Record(t.Context()))
		fault := func(ctx context.Context, count int64) audit.Fault {
			report, err := service.VerifyTail(ctx, mine, count)
			require.NoError(t, err)
			if report.Broken == nil {
				return ""
			}
			return report.Broken.Fault
		}
		for _, count := range []int64{1, 3, 9, 10, 100} {
			require.Empty(t, fault(t.Context(), count))
		}
		changed := []string{"UPDATE audit_records SET data = '{}' WHERE tenant_id = @mine AND number = 5"}
		tampered(t, db, mine, mine, changed, func(ctx context.Context) {
			require.Empty(t, fault(ctx, 5))
			require.Equal(t, audit.Changed, fault(ctx, 6))
			require.Equal(t, audit.Changed, fault(ctx, 10))
		})
		tampered(t, db, mine, mine, []string{cutTail}, func(ctx context.Context) {
			require.Equal(t, audit.Truncated, fault(ctx, 3))
		})
		tampered(t, db, mine, mine, []string{cutTail, rewindHead}, func(ctx context.Context) {
			require.Equal(t, audit.Missing, fault(ctx, 3))
		})
		tampered(t, db, mine, mine, []string{"DELETE FROM audit_records WHERE tenant_id = @mine AND number = 7"}, func(ctx context.Context) {
			require.Equal(t, audit.Missing, fault(ctx, 3))
		})
	})
}

// Four nodes record what four others commit, and one verifies meanwhile: what was
// committed has one record each, what was rolled back none.
func TestPromise_OneCommitPoint_EveryEventHasItsRecord(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		mine, theirs := storetest.NewTenant(), storetest.NewTenant()
		ctx, events := reqctx.WithEveryTenant(t.Context()), storage.NewEvents(db)
		fence, _, err := events.ClaimSequencer(ctx, "node", storetest.Start(), storetest.Start().Add(time.Hour))
		require.NoError(t, err)
		var committed atomic.Int64
		storetest.Race(t, func(racer int) (bool, error) {
			service, tenant := newAudit(t, db), mine
			if racer%2 == 1 {
				tenant = theirs
			}
			for i := range 6 {
				err := db.Run(storetest.Within(ctx, tenant), func(ctx context.Context) error {
					at := storetest.Start().Add(time.Duration(i*storetest.Racers+racer) * time.Millisecond)
					if err := events.AppendEvent(ctx, storetest.Envelope(tenant, "user.updated", at)); err != nil {
						return err
					}
					if i == 3 {
						return errUndo
					}
					return nil
				})
				switch {
				case err == nil:
					committed.Add(1)
				case !errors.Is(err, errUndo):
					return false, err
				}
				if _, err := events.AssignSequence(ctx, "node", fence, 5); err != nil {
					return false, err
				}
				if err := service.Record(ctx); err != nil && !errors.Is(err, audit.ErrTaken) {
					return false, err
				}
				if racer%4 == 0 {
					whole, err := service.VerifyAll(t.Context(), func(audit.Report) error { return nil })
					if err != nil || !whole.Holds() {
						return false, errors.Join(err, errors.New("a chain that is being written does not hold"))
					}
				}
			}
			return true, nil
		})
		numberAll(t, db)
		service := newAudit(t, db)
		require.NoError(t, service.Record(ctx), "another node goes on where any of them stopped")
		whole, _ := verified(t, service, t.Context())
		require.True(t, whole.Holds())
		require.Equal(t, committed.Load(), whole.Records)
		before := db.Stats()
		require.NoError(t, service.Record(ctx))
		require.Equal(t, before, db.Stats(), "nothing new, nothing written")
	})
}

func TestRecordRace(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		tenant := storetest.NewTenant()
		storetest.Append(t, db, storetest.Envelope(tenant, "user.updated", storetest.Start()))
		numberAll(t, db)
		before := db.Stats().Units
		storetest.Race(t, func(int) (bool, error) {
			err := newAudit(t, db).Record(t.Context())
			if errors.Is(err, audit.ErrTaken) {
				return false, nil
			}
			return err == nil, err
		})
		require.Equal(t, before+1, db.Stats().Units, "exactly one wrote")
		whole, _ := verified(t, newAudit(t, db), t.Context())
		require.True(t, whole.Holds())
	})
}

// Erasing a person destroys a key; the chain covers what was sealed under it, which
// stays as it is and says nothing to anybody any more.
func TestErasureLeavesTheChain(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, tenant := newAudit(t, db), storetest.NewTenant()
		ctx := storetest.Within(t.Context(), tenant)
		above, err := seal.NewBox(seal.NewDataKey())
		require.NoError(t, err)
		people, err := seal.NewUserKeys(seal.UserKeysDeps{
			Store: storage.NewUserKeys(db), Clock: clock.NewFake(storetest.Start()), AfterCommit: tx.AfterCommit,
		}, seal.DefaultUserKeysConfig())
		require.NoError(t, err)
		log := event.New(event.Deps{
			Store: storage.NewEvents(db), Sealer: sealer{people, above}, Clock: clock.NewFake(storetest.Start()), Wake: func() {},
		})
		for range 3 {
			require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
				return log.Record(ctx, event.Draft{
					Type: event.Type{Name: "user.updated", Version: 1}, Subject: "usr_a", Data: struct{}{},
					Person: "usr_a", Personal: map[string]string{"name": "Ada Lovelace"},
				})
			}))
		}
		numberAll(t, db)
		require.NoError(t, service.Record(t.Context()))
		noted, err := service.Head(t.Context(), tenant)
		require.NoError(t, err)
		records, err := storage.NewAudit(db).AuditRecords(reqctx.WithEveryTenant(ctx), tenant, 0, 10)
		require.NoError(t, err)
		require.Len(t, records, 3)
		for _, record := range records {
			require.NotEmpty(t, record.Event.Personal)
			require.NotContains(t, string(record.Event.Personal), "Ada")
		}

		require.NoError(t, people.Destroy(ctx, above, "usr_a"))
		_, err = people.Existing(ctx, above, "usr_a")
		require.ErrorIs(t, err, seal.ErrDestroyed)
		report, err := service.Verify(t.Context(), tenant, noted)
		require.NoError(t, err)
		require.Nil(t, report.Broken)
		require.EqualValues(t, 3, report.Records)
	})
}

type sealer struct {
	people *seal.UserKeys
	above  *seal.Box
}

func (s sealer) SealPersonal(ctx context.Context, person string, plaintext, associated []byte) ([]byte, error) {
	box, err := s.people.Box(ctx, s.above, person)
	if err != nil {
		return nil, err
	}
	return box.Seal("event.personal", plaintext, associated)
}
