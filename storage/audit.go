package storage

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Audit keeps the audit records.
type Audit struct{ db *DB }

var _ audit.Store = (*Audit)(nil)

// NewAudit makes the store.
func NewAudit(db *DB) *Audit { return &Audit{db: db} }

type auditRecordRow struct {
	TenantID  uid   `gorm:"primaryKey"`
	Number    int64 `gorm:"primaryKey"`
	Seq       int64
	EventID   uid
	Type      string
	Version   int
	Time      micros
	Subject   string
	ActorKind string
	ActorID   string
	ActorBy   *string
	Data      string
	Person    string
	Personal  []byte
	Source    []byte
	Hash      []byte
}

// TableName names the table.
func (auditRecordRow) TableName() string { return "audit_records" }

func (r auditRecordRow) fromRow() audit.Record {
	record := audit.Record{Number: r.Number, Hash: hashOf(r.Hash), Event: event.Envelope{
		Seq: r.Seq, Type: r.Type, Version: r.Version, Time: r.Time.time(), Subject: r.Subject,
		Actor: reqctx.Actor{Kind: reqctx.ActorKind(r.ActorKind), ID: r.ActorID, By: textOr(r.ActorBy)},
		Data:  json.RawMessage(r.Data), Person: r.Person, Personal: r.Personal, Source: r.Source,
	}}
	into(&record.Event.ID, r.EventID)
	into(&record.Event.Tenant, r.TenantID)
	return record
}

type auditHeadRow struct {
	TenantID uid `gorm:"primaryKey"`
	Number   int64
	Hash     []byte
}

// TableName names the table.
func (auditHeadRow) TableName() string { return "audit_heads" }

// auditCursorName is the one row of the table: there is one log.
const auditCursorName = "events"

type auditCursorRow struct {
	Name string `gorm:"primaryKey"`
	Seq  int64
}

// TableName names the table.
func (auditCursorRow) TableName() string { return "audit_cursor" }

// hashOf takes what is stored; of another length it is no hash, and equal to none.
func hashOf(stored []byte) (hash audit.Hash) {
	if len(stored) == len(hash) {
		copy(hash[:], stored)
	}
	return hash
}

var errNoCursor = errors.New("storage: the row of audit_cursor is gone")

// AuditCursor is how far the log has been recorded.
func (s *Audit) AuditCursor(ctx context.Context) (int64, error) {
	handle, err := s.db.readAcross(ctx)
	if err != nil {
		return 0, err
	}
	row, err := one[auditCursorRow](handle.Where("name = ?", auditCursorName), errNoCursor)
	return row.Seq, err
}

// AuditHead is the end of the tenant's chain.
func (s *Audit) AuditHead(ctx context.Context, tenant id.Tenant) (audit.Head, error) {
	head := audit.Head{Tenant: tenant, Number: 0, Hash: audit.Hash{}}
	handle, err := s.db.readAcross(ctx)
	if err != nil {
		return head, err
	}
	rows, err := many[auditHeadRow](handle.Where(of(uidOf(tenant))).Limit(1))
	if err == nil && len(rows) > 0 {
		head.Number, head.Hash = rows[0].Number, hashOf(rows[0].Hash)
	}
	return head, err
}

// AuditRecords lists a tenant's records above a number.
func (s *Audit) AuditRecords(ctx context.Context, tenant id.Tenant, after int64, limit int) ([]audit.Record, error) {
	handle, err := s.db.readAcross(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[auditRecordRow](handle.Where(of(uidOf(tenant))).Where("number > ?", after).Order("number").Limit(limit))
	records := make([]audit.Record, len(rows))
	for i, row := range rows {
		records[i] = row.fromRow()
	}
	return records, err
}

// LastAudit is the highest number of a tenant's records.
func (s *Audit) LastAudit(ctx context.Context, tenant id.Tenant) (last int64, err error) {
	handle, err := s.db.readAcross(ctx)
	if err != nil {
		return 0, err
	}
	err = handle.Raw("SELECT COALESCE(MAX(number), 0) FROM audit_records WHERE tenant_id = ?", uidOf(tenant)).Scan(&last).Error
	return last, err
}

// NextAudited is the next tenant with a head, a record, a removal or an event.
func (s *Audit) NextAudited(ctx context.Context, after id.Tenant) (next id.Tenant, err error) {
	handle, err := s.db.readAcross(ctx)
	if err != nil {
		return next, err
	}
	var found []auditHeadRow
	tenant := uidOf(after)
	err = handle.Raw(`SELECT tenant_id FROM (
			SELECT * FROM (SELECT tenant_id FROM audit_heads WHERE tenant_id > ? ORDER BY tenant_id LIMIT 1) AS h
			UNION ALL
			SELECT * FROM (SELECT tenant_id FROM audit_records WHERE tenant_id > ? ORDER BY tenant_id LIMIT 1) AS r
			UNION ALL
			SELECT * FROM (SELECT tenant_id FROM audit_removals WHERE tenant_id > ? ORDER BY tenant_id LIMIT 1) AS t
			UNION ALL
			SELECT * FROM (SELECT tenant_id FROM events WHERE tenant_id > ? ORDER BY tenant_id LIMIT 1) AS e
		) AS found ORDER BY tenant_id LIMIT 1`, tenant, tenant, tenant, tenant).Scan(&found).Error
	if err == nil && len(found) > 0 {
		into(&next, found[0].TenantID)
	}
	return next, err
}
