package api_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/storage"
)

// trimmer removes beside the server what is due, when the test says so.
func (s *scenario) trimmer() *audit.Trimmer {
	s.t.Helper()
	records, err := audit.New(audit.Deps{Store: storage.NewAudit(s.DB), Log: s.Events, Clock: s.Clock, Logger: slog.New(slog.DiscardHandler)}, audit.Default())
	require.NoError(s.t, err)
	made, err := audit.NewTrimmer(audit.TrimmerDeps{
		Records: records, Tx: s.DB, Days: s.tenants().AuditRetention,
		Events: event.New(event.Deps{Store: s.Events, Sealer: nil, Clock: s.Clock, Wake: func() {}}),
	})
	require.NoError(s.t, err)
	return made
}

// What a tenant keeps for thirty days is gone after thirty-one, and an auditor is told so;
// nothing goes before somebody has chosen that.
func TestAuditRetention(t *testing.T) {
	privatelyOnEach(t, func(t *testing.T, s *scenario) {
		s.somebody()
		s.forgetEvents()
		s.recorded()
		o := s.first()
		whole := o.audited(wire.ListAuditEntriesParams{Order: new(wire.AuditOrderOldest)})
		head := read[wire.AuditHead](o.got(o.wire.GetAuditHead(context.Background())).is(http.StatusOK))
		require.EqualValues(t, 1, head.FirstNumber)
		require.True(t, head.Removed.IsNull())

		s.Clock.Advance(31 * 24 * time.Hour)
		count, err := s.trimmer().TrimDue(everywhere())
		require.NoError(t, err)
		require.Zero(t, count, "kept for ever, unless somebody says otherwise")
		s.forgetEvents()
		o.set(o.settings().header.Get("ETag"), `{"audit_retention_days":30}`).is(http.StatusOK)
		s.fired("tenant.updated")
		s.recorded()
		count, err = s.trimmer().TrimDue(everywhere())
		require.NoError(t, err)
		require.EqualValues(t, len(whole), count)
		told := s.fired("audit.trimmed")[0]
		last := whole[len(whole)-1]
		require.Equal(t, map[string]any{"first_number": 1.0, "last_number": float64(len(whole)), "last_hash": last.Hash, "days": 30.0}, data(t, told))
		s.recorded()

		for _, gone := range []int{1, len(whole)} {
			o.got(o.wire.GetAuditEntry(context.Background(), strconv.Itoa(gone))).refused(http.StatusNotFound, "audit_entry_unknown")
		}
		left := o.audited(wire.ListAuditEntriesParams{Order: new(wire.AuditOrderOldest)})
		require.EqualValues(t, len(whole)+1, left[0].Number)
		require.Len(t, o.audited(wire.ListAuditEntriesParams{Type: optional("audit")}), 1)
		after := read[wire.AuditHead](o.got(o.wire.GetAuditHead(context.Background())).is(http.StatusOK))
		require.EqualValues(t, len(whole)+1, after.FirstNumber)
		require.Equal(t, last.Hash, after.Removed.MustGet().Hash)

		verify := func(wanted wire.NewAuditVerification) (found audit.Found) {
			t.Helper()
			ended := o.finished(o.verify(wanted))
			require.NoError(t, json.Unmarshal([]byte(o.result(ended.ID)), &found))
			return found
		}
		found := verify(wire.NewAuditVerification{})
		require.True(t, found.Holds)
		require.Equal(t, after.FirstNumber, found.First)
		require.Equal(t, int64(len(whole)), found.Removed.Number)
		noted := verify(wire.NewAuditVerification{Expected: &wire.NotedAuditHead{Number: 1, Hash: whole[0].Hash}})
		require.False(t, noted.Holds)
		require.Equal(t, &audit.FoundBreak{Number: 1, Seq: 0, Fault: audit.Removed}, noted.Broken)
		require.True(t, verify(wire.NewAuditVerification{Expected: &wire.NotedAuditHead{Number: head.Number, Hash: head.Hash}}).Holds, "the last that was removed can be compared")
		s.forgetEvents()
	})
}
