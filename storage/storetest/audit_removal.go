package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/storage"
)

// recordedOf are so many records of each tenant.
func recordedOf(t *testing.T, db *storage.DB, each int, tenants ...id.Tenant) {
	t.Helper()
	var records []audit.Record
	var heads []audit.Head
	events := numbered(t, db, each*len(tenants), tenants...)
	for i, told := range events {
		records = append(records, record(told, int64(i/len(tenants)+1)))
	}
	for _, tenant := range tenants {
		heads = append(heads, audit.Head{Tenant: tenant, Number: int64(each)})
	}
	require.NoError(t, storage.NewAudit(db).AppendAudit(everywhere(t), 0, int64(len(events)), records, heads))
}

func auditsTrim(t *testing.T, db *storage.DB) {
	audits, ctx, mine, theirs := storage.NewAudit(db), everywhere(t), NewTenant(), NewTenant()
	recordedOf(t, db, 5, mine, theirs)
	found, err := audits.AuditRemoval(ctx, mine)
	require.NoError(t, err)
	require.Equal(t, audit.Removal{Tenant: mine}, found)
	to := audit.Removal{Tenant: mine, Number: 2, Hash: audit.Hash{7, 0xff}, Seq: 3, At: after(time.Hour)}
	require.NoError(t, audits.TrimAudit(ctx, 0, to))
	found, err = audits.AuditRemoval(ctx, mine)
	require.NoError(t, err)
	require.Equal(t, to, found)
	require.ErrorIs(t, audits.TrimAudit(ctx, 0, audit.Removal{Tenant: mine, Number: 3, At: after(0)}), audit.ErrTaken)
	require.ErrorIs(t, audits.TrimAudit(ctx, 1, audit.Removal{Tenant: mine, Number: 3, At: after(0)}), audit.ErrTaken)
	require.Error(t, audits.TrimAudit(ctx, 2, audit.Removal{Tenant: mine, Number: 9, At: after(0)}), "there are not so many")
	require.NoError(t, audits.TrimAudit(ctx, 2, audit.Removal{Tenant: mine, Number: 4, At: after(0)}))

	kept, err := audits.AuditRecords(ctx, mine, 0, 10)
	require.NoError(t, err)
	require.Len(t, kept, 1)
	require.EqualValues(t, 5, kept[0].Number)
	_, err = audits.AuditRecord(Within(t.Context(), mine), 4)
	require.ErrorIs(t, err, audit.ErrUnknown)

	others, err := audits.AuditRecords(ctx, theirs, 0, 10)
	require.NoError(t, err)
	require.Len(t, others, 5, "another tenant's stay")
	found, err = audits.AuditRemoval(ctx, theirs)
	require.NoError(t, err)
	require.Zero(t, found.Number)
}

func auditsTrimRace(t *testing.T, db *storage.DB) {
	audits, ctx, tenant := storage.NewAudit(db), everywhere(t), NewTenant()
	recordedOf(t, db, 5, tenant)
	for _, step := range [][2]int64{{0, 2}, {2, 4}} {
		require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
			err := audits.TrimAudit(ctx, step[0], audit.Removal{Tenant: tenant, Number: step[1], Hash: audit.Hash{byte(racer)}, Seq: step[1], At: after(0)})
			if errors.Is(err, audit.ErrTaken) {
				return false, nil
			}
			return err == nil, err
		}))
	}
}
