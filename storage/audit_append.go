package storage

import (
	"context"
	"fmt"
	"math/bits"
	"strings"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/audit"
)

// AppendAudit adds records in one statement and moves heads and cursor. The guarded
// move of the cursor comes first: its row stays locked until the commit, so of several
// nodes one goes on.
func (s *Audit) AppendAudit(ctx context.Context, from, to int64, records []audit.Record, heads []audit.Head) error {
	return s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		moved := tx.Exec("UPDATE audit_cursor SET seq = ? WHERE name = ? AND seq = ?", to, auditCursorName, from)
		if err := hitOne(moved, audit.ErrTaken); err != nil {
			return err
		}
		if err := appendRecords(tx, s.db.Engine(), records); err != nil {
			return err
		}
		for _, head := range heads {
			err := tx.Exec(`INSERT INTO audit_heads (tenant_id, number, hash) VALUES (?, ?, ?)
				ON CONFLICT (tenant_id) DO UPDATE SET number = excluded.number, hash = excluded.hash`,
				uidOf(head.Tenant), head.Number, head.Hash[:]).Error
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// appendRecords copies the events inside the database; only numbers and hashes
// travel. The list is filled up to a power of two with events that do not exist, so
// that few statements have to be prepared.
func appendRecords(tx *gorm.DB, engine Engine, records []audit.Record) error {
	first := "(?, ?, ?)"
	if engine == Postgres { // the first row tells it the types
		first = "(?::bigint, ?::bigint, ?::bytea)"
	}
	size := 1 << bits.Len(uint(len(records)-1))
	statement := `WITH link (seq, number, hash) AS (VALUES ` + first + strings.Repeat(", (?, ?, ?)", size-1) + `)
		INSERT INTO audit_records (tenant_id, number, seq, event_id, type, version, time, subject,
			actor_kind, actor_id, actor_by, data, person, personal, source, hash)
		SELECT e.tenant_id, link.number, e.seq, e.id, e.type, e.version, e.time, e.subject,
			e.actor_kind, e.actor_id, e.actor_by, e.data, e.person, e.personal, e.source, link.hash
		FROM link JOIN events AS e ON e.seq = link.seq`
	values := make([]any, 0, 3*size)
	for _, record := range records {
		values = append(values, record.Event.Seq, record.Number, record.Hash[:])
	}
	for range size - len(records) {
		values = append(values, 0, 0, []byte{})
	}
	added := tx.Exec(statement, values...)
	if added.Error == nil && added.RowsAffected != int64(len(records)) {
		return fmt.Errorf("storage: %d of %d audit records added: the log has changed", added.RowsAffected, len(records))
	}
	return added.Error
}
