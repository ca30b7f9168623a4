package storage_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// keep is a trimmer that keeps the records of some tenants for so many days, at a time
// after they were recorded.
func keep(t *testing.T, db *storage.DB, later time.Duration, days map[id.Tenant]int) *audit.Trimmer {
	t.Helper()
	at := clock.NewFake(storetest.Start().Add(later))
	config := audit.Default()
	config.Batch = 4
	records, err := audit.New(audit.Deps{
		Store: storage.NewAudit(db), Log: storage.NewEvents(db), Clock: at, Logger: slog.New(slog.DiscardHandler),
	}, config)
	require.NoError(t, err)
	trimmer, err := audit.NewTrimmer(audit.TrimmerDeps{
		Records: records, Tx: db,
		Events: event.New(event.Deps{Store: storage.NewEvents(db), Sealer: nil, Clock: at, Wake: func() {}}),
		Days: func(ctx context.Context) (int, error) {
			tenant, err := reqctx.Tenant(ctx)
			return days[tenant], err
		},
	})
	require.NoError(t, err)
	return trimmer
}

const month = 30 * 24 * time.Hour

// trimmed is a chain of ten records of which all but the last four are gone, with the
// two events that tell it recorded, beside a chain that nobody trims.
func trimmed(t *testing.T, db *storage.DB) (service *audit.Service, mine, theirs id.Tenant) {
	t.Helper()
	service, mine, theirs = newAudit(t, db), storetest.NewTenant(), storetest.NewTenant()
	happen(t, db, mine, theirs)
	require.NoError(t, service.Record(t.Context()))
	// The sixth record of mine is from ten seconds after the start, the seventh from twelve.
	count, err := keep(t, db, month+11*time.Second, map[id.Tenant]int{mine: 30}).TrimDue(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 6, count)
	return service, mine, theirs
}

func left(t *testing.T, db *storage.DB, tenant id.Tenant) (numbers []int64) {
	t.Helper()
	records, err := storage.NewAudit(db).AuditRecords(reqctx.WithEveryTenant(t.Context()), tenant, 0, 100)
	require.NoError(t, err)
	for _, record := range records {
		numbers = append(numbers, record.Number)
	}
	return numbers
}

func TestRetentionRemovesThePrefixThatIsOldEnough(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, mine, theirs := trimmed(t, db)
		require.Equal(t, []int64{7, 8, 9, 10}, left(t, db, mine))
		require.Len(t, left(t, db, theirs), 10, "who keeps all has all")
		holds := func() map[id.Tenant]audit.Report {
			t.Helper()
			whole, reports := verified(t, service, t.Context())
			require.True(t, whole.Holds(), "%+v", reports[mine].Broken)
			require.Equal(t, whole.Cursor, whole.Records)
			return reports
		}
		holds() // while what tells of the removals has no number
		numberAll(t, db)
		holds() // and while it has no record
		require.NoError(t, service.Record(t.Context()))
		require.Equal(t, []int64{7, 8, 9, 10, 11, 12}, left(t, db, mine), "what was removed is not recorded again")
		reports := holds()
		require.EqualValues(t, 6, reports[mine].Records)
		require.EqualValues(t, 7, reports[mine].Removal.First())
		require.Equal(t, storetest.Start().Add(month+11*time.Second), reports[mine].Removal.At)
		require.Zero(t, reports[theirs].Removal.Number)

		told, err := storage.NewEvents(db).EventsAfter(storetest.Within(t.Context(), mine), 0, []string{"audit.trimmed"}, 10)
		require.NoError(t, err)
		require.Len(t, told, 2, "one for each batch")
		require.Contains(t, string(told[0].Data), `{"first_number":1,"last_number":4,"last_hash":"`)
		require.JSONEq(t, `{"first_number":5,"last_number":6,"last_hash":"`+reports[mine].Removal.Hash.String()+`","days":30}`, string(told[1].Data))
		require.Equal(t, reqctx.Actor{Kind: reqctx.System}, told[1].Actor)
		require.Empty(t, told[1].Person)

		again := keep(t, db, month+11*time.Second, map[id.Tenant]int{mine: 30})
		count, err := again.TrimDue(t.Context())
		require.NoError(t, err)
		require.Zero(t, count, "nothing more is old enough")
		for _, count := range []int64{1, 5, 6, 7, 100} {
			report, err := service.VerifyTail(t.Context(), mine, count)
			require.NoError(t, err)
			require.Nil(t, report.Broken)
		}
	})
}

// A chain that nothing is added to comes to rest: its newest record stays, and what only
// tells of removals is not removed for its own sake.
func TestRetentionComesToRest(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, mine, theirs := newAudit(t, db), storetest.NewTenant(), storetest.NewTenant()
		happen(t, db, mine, theirs)
		require.NoError(t, service.Record(t.Context()))
		for round, want := range [][]int64{{10, 11, 12, 13}, {13, 14}, {13, 14}} {
			_, err := keep(t, db, time.Duration(round+1)*2*month, map[id.Tenant]int{mine: 30}).TrimDue(t.Context())
			require.NoError(t, err)
			numberAll(t, db)
			require.NoError(t, service.Record(t.Context()))
			require.Equal(t, want, left(t, db, mine), "round %d", round)
			whole, _ := verified(t, service, t.Context())
			require.True(t, whole.Holds())
		}
		require.Len(t, left(t, db, theirs), 10)
	})
}

// Whatever is done to what retention left shows, and so does who takes more than it took:
// the place where the chain begins is only believed as far as the chain itself tells it.
func TestPromise_OneCommitPoint_RetentionHidesNoTheft(t *testing.T) {
	const (
		steal = "DELETE FROM audit_records WHERE tenant_id = @mine AND number <= 8"
		move  = `UPDATE audit_removals SET number = 8, hash = (SELECT hash FROM audit_records WHERE tenant_id = @mine AND number = 8),
			seq = (SELECT seq FROM audit_records WHERE tenant_id = @mine AND number = 8) WHERE tenant_id = @mine`
	)
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, mine, theirs := trimmed(t, db)
		numberAll(t, db)
		require.NoError(t, service.Record(t.Context()))
		for name, tamper := range map[string]struct {
			statements []string
			found      audit.Break
		}{
			"a further prefix":           {[]string{steal}, audit.Break{Number: 7, Seq: 0, Fault: audit.Missing}},
			"and the place":              {[]string{move, steal}, audit.Break{Number: 7, Seq: 0, Fault: audit.Missing}},
			"the place alone":            {[]string{move}, audit.Break{Number: 7, Seq: 0, Fault: audit.Missing}},
			"no place":                   {[]string{"DELETE FROM audit_removals"}, audit.Break{Number: 1, Seq: 0, Fault: audit.Missing}},
			"another hash of the place":  {[]string{"UPDATE audit_removals SET hash = (SELECT hash FROM audit_records WHERE tenant_id = @mine AND number = 8)"}, audit.Break{Number: 7, Seq: 13, Fault: audit.Changed}},
			"what is left":               {[]string{"UPDATE audit_records SET data = '{}' WHERE tenant_id = @mine AND number = 7"}, audit.Break{Number: 7, Seq: 13, Fault: audit.Changed}},
			"one of what is left":        {[]string{"DELETE FROM audit_records WHERE tenant_id = @mine AND number = 8"}, audit.Break{Number: 8, Seq: 0, Fault: audit.Missing}},
			"the tail":                   {[]string{"DELETE FROM audit_records WHERE tenant_id = @mine AND number = 12"}, audit.Break{Number: 12, Seq: 0, Fault: audit.Truncated}},
			"all that is left":           {[]string{"DELETE FROM audit_records WHERE tenant_id = @mine"}, audit.Break{Number: 7, Seq: 0, Fault: audit.Truncated}},
			"all that is left, and head": {[]string{"DELETE FROM audit_records WHERE tenant_id = @mine", "DELETE FROM audit_heads WHERE tenant_id = @mine"}, audit.Break{Number: 7, Seq: 0, Fault: audit.Truncated}},
			"what tells of it":           {[]string{"UPDATE audit_records SET data = '{}' WHERE tenant_id = @mine AND number = 12"}, audit.Break{Number: 12, Seq: 22, Fault: audit.Changed}},
			"an earlier place":           {[]string{"UPDATE audit_removals SET number = 5 WHERE tenant_id = @mine"}, audit.Break{Number: 6, Seq: 0, Fault: audit.Missing}},
			"younger than it says":       {[]string{"UPDATE events SET time = (SELECT time FROM events WHERE seq = 22) WHERE seq = 11"}, audit.Break{Number: 6, Seq: 11, Fault: audit.Missing}},
		} {
			tampered(t, db, mine, theirs, tamper.statements, func(ctx context.Context) {
				whole, reports := verified(t, service, ctx)
				require.False(t, whole.Holds(), name)
				require.Equal(t, &tamper.found, reports[mine].Broken, name)
				require.Nil(t, reports[theirs].Broken, name)
			})
		}
		whole, _ := verified(t, service, t.Context())
		require.True(t, whole.Holds())
	})
}

// A head that was noted of a record that is no more proves nothing of what is left, and
// that is said; that of the last removed record can still be compared.
func TestANotedHeadThatRetentionRemoved(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, mine := newAudit(t, db), storetest.NewTenant()
		happen(t, db, mine)
		require.NoError(t, service.Record(t.Context()))
		before, err := storage.NewAudit(db).AuditRecords(reqctx.WithEveryTenant(t.Context()), mine, 0, 10)
		require.NoError(t, err)
		count, err := keep(t, db, month+6*time.Second, map[id.Tenant]int{mine: 30}).Trim(t.Context(), mine)
		require.NoError(t, err)
		require.EqualValues(t, 6, count)
		for number, want := range map[int64]*audit.Break{
			1: {Number: 1, Fault: audit.Removed}, 5: {Number: 5, Fault: audit.Removed}, 6: nil, 7: nil, 10: nil,
		} {
			report, err := service.Verify(t.Context(), mine, audit.Head{Number: number, Hash: before[number-1].Hash})
			require.NoError(t, err)
			require.Equal(t, want, report.Broken, number)
		}
		for _, number := range []int64{6, 7} {
			report, err := service.Verify(t.Context(), mine, audit.Head{Number: number, Hash: before[0].Hash})
			require.NoError(t, err)
			require.Equal(t, audit.Rewritten, report.Broken.Fault)
		}
	})
}

// What shows that somebody was at the records is not removed.
func TestRetentionStopsWhereTheChainDoesNotHold(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, mine, theirs := newAudit(t, db), storetest.NewTenant(), storetest.NewTenant()
		happen(t, db, mine, theirs)
		require.NoError(t, service.Record(t.Context()))
		keeping := keep(t, db, 2*month, map[id.Tenant]int{mine: 30, theirs: 30})
		for _, statement := range []string{change("data", "'{}'")[0], "DELETE FROM audit_records WHERE tenant_id = @mine AND number = 2"} {
			tampered(t, db, mine, theirs, []string{statement}, func(ctx context.Context) {
				count, err := keeping.Trim(ctx, mine)
				require.ErrorContains(t, err, "does not hold")
				require.Zero(t, count)
			})
		}
		tampered(t, db, mine, theirs, change("data", "'{}'"), func(ctx context.Context) {
			count, err := keeping.TrimDue(ctx)
			require.NoError(t, err)
			require.EqualValues(t, 9, count, "the other tenant does not wait for it")
		})
	})
}

// Sixteen nodes look at once: each record is removed once, and told once.
func TestRetentionRace(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *storage.DB) {
		service, mine := newAudit(t, db), storetest.NewTenant()
		for range 3 {
			happen(t, db, mine)
		}
		require.NoError(t, service.Record(t.Context()))
		removed := make([]int64, storetest.Racers)
		storetest.Race(t, func(racer int) (bool, error) {
			count, err := keep(t, db, 2*month, map[id.Tenant]int{mine: 30}).TrimDue(t.Context())
			removed[racer] = count
			if err == nil && racer%4 == 0 {
				var report audit.Report
				report, err = service.Verify(t.Context(), mine, audit.Head{})
				if err == nil && report.Broken != nil {
					return false, errors.New(report.Broken.String())
				}
			}
			return true, err
		})
		// Who was second left it to the first, which may have been at its last batch.
		_, err := keep(t, db, 2*month, map[id.Tenant]int{mine: 30}).TrimDue(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int64{30}, left(t, db, mine))
		numberAll(t, db)
		told, err := storage.NewEvents(db).EventsAfter(storetest.Within(t.Context(), mine), 0, []string{"audit.trimmed"}, 100)
		require.NoError(t, err)
		require.Len(t, told, 8, "29 records, four at a time")
		require.NoError(t, service.Record(t.Context()))
		whole, _ := verified(t, service, t.Context())
		require.True(t, whole.Holds())
	})
}
