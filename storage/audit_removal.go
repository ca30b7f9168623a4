package storage

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/id"
)

type auditRemovalRow struct {
	TenantID  uid `gorm:"primaryKey"`
	Number    int64
	Hash      []byte
	Seq       int64
	RemovedAt micros
}

// TableName names the table.
func (auditRemovalRow) TableName() string { return "audit_removals" }

// AuditRemoval is what retention has taken from a tenant's chain.
func (s *Audit) AuditRemoval(ctx context.Context, tenant id.Tenant) (audit.Removal, error) {
	removal := audit.Removal{Tenant: tenant}
	handle, err := s.db.readAcross(ctx)
	if err != nil {
		return removal, err
	}
	rows, err := many[auditRemovalRow](handle.Where(of(uidOf(tenant))).Limit(1))
	if err == nil && len(rows) > 0 {
		row := rows[0]
		removal.Number, removal.Hash, removal.Seq, removal.At = row.Number, hashOf(row.Hash), row.Seq, row.RemovedAt.time()
	}
	return removal, err
}

// TrimAudit removes records from the beginning of a chain. The guarded move of the
// removal comes first: its row stays locked until the commit, so of several nodes one
// goes on.
func (s *Audit) TrimAudit(ctx context.Context, from int64, to audit.Removal) error {
	return s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		tenant, at := uidOf(to.Tenant), microsOf(to.At)
		moved := tx.Exec(`INSERT INTO audit_removals (tenant_id, number, hash, seq, removed_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (tenant_id) DO UPDATE SET number = excluded.number, hash = excluded.hash, seq = excluded.seq,
				removed_at = excluded.removed_at WHERE audit_removals.number = ?`, tenant, to.Number, to.Hash[:], to.Seq, at, from)
		if err := hitOne(moved, audit.ErrTaken); err != nil {
			return err
		}
		gone := tx.Exec("DELETE FROM audit_records WHERE tenant_id = ? AND number <= ?", tenant, to.Number)
		if gone.Error == nil && gone.RowsAffected != to.Number-from {
			return fmt.Errorf("storage: %d of %d audit records removed: the chain has changed", gone.RowsAffected, to.Number-from)
		}
		return gone.Error
	})
}
