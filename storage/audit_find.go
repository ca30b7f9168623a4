package storage

import (
	"context"
	"math"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/audit"
)

var _ audit.Finder = (*Audit)(nil)

// FindAudit goes along a walk over the records of the tenant in scope.
func (s *Audit) FindAudit(ctx context.Context, walk audit.Walk, limit int) ([]audit.Record, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[auditRecordRow](auditWalk(s.along(db, walk), tenant, walk, max(limit, 0)))
	if err != nil {
		return nil, err
	}
	records := make([]audit.Record, len(rows))
	for i, row := range rows {
		records[i] = row.fromRow()
	}
	return records, nil
}

// along tells SQLite which index a walk goes along: without statistics it takes the range
// of numbers for the shorter one.
func (s *Audit) along(db *gorm.DB, walk audit.Walk) *gorm.DB {
	name := map[audit.By]string{
		audit.ByPerson: "audit_records_person_idx", audit.BySubject: "audit_records_subject_idx", audit.ByType: "audit_records_type_idx",
	}[walk.By]
	if name == "" || len(walk.Types) > 1 || s.db.Engine() != SQLite {
		return db
	}
	return db.Table("audit_records INDEXED BY " + name)
}

// auditWalk is one statement over one index, each of which is in the order of numbers.
func auditWalk(db *gorm.DB, tenant uid, walk audit.Walk, limit int) *gorm.DB {
	below, order := walk.Below, "number"
	if below == 0 {
		below = math.MaxInt64
	}
	if walk.Descending {
		order = "number DESC"
	}
	query := db.Where(of(tenant)).Where("number > ? AND number < ?", walk.Above, below)
	switch walk.By {
	case audit.ByPerson: // an event about nobody is not in the index, which the engines have to be told
		query = query.Where("person = ? AND person <> ''", walk.Text)
	case audit.BySubject:
		query = query.Where("subject = ?", walk.Text)
	case audit.ByActor:
		query = auditOfActor(db, query, tenant, walk, below, order, limit)
	case audit.ByType:
		query = auditOfTypes(db, query, tenant, walk, below, order, limit)
	case audit.ByNumber:
	}
	return query.Order(order).Limit(limit)
}

// auditOfActor has the numbers of what somebody did as themselves and of what they did in
// another's name, each from its own index.
func auditOfActor(db, query *gorm.DB, tenant uid, walk audit.Walk, below int64, order string, limit int) *gorm.DB {
	const one = "SELECT * FROM (SELECT number FROM audit_records WHERE tenant_id = ? AND "
	within := " AND number > ? AND number < ? ORDER BY " + order + " LIMIT ?) AS found"
	numbers := db.Raw(one+"actor_id = ? AND actor_id <> ''"+within+" UNION ALL "+one+"actor_by = ? AND actor_by IS NOT NULL"+within,
		tenant, walk.Text, walk.Above, below, limit, tenant, walk.Text, walk.Above, below, limit)
	return query.Where("number IN (?)", numbers)
}

// auditOfTypes has the numbers of each type from its own place in the index: of many
// types together the index is in no order.
func auditOfTypes(db, query *gorm.DB, tenant uid, walk audit.Walk, below int64, order string, limit int) *gorm.DB {
	if len(walk.Types) == 1 {
		return query.Where("type = ?", walk.Types[0])
	}
	const one = "SELECT * FROM (SELECT number FROM audit_records WHERE tenant_id = ? AND type = ? AND number > ? AND number < ? ORDER BY "
	var parts []string
	var values []any
	for _, name := range walk.Types {
		parts = append(parts, one+order+" LIMIT ?) AS found")
		values = append(values, tenant, name, walk.Above, below, limit)
	}
	return query.Where("number IN (?)", db.Raw(strings.Join(parts, " UNION ALL "), values...))
}

// AuditRecord is the record of a number; audit.ErrUnknown.
func (s *Audit) AuditRecord(ctx context.Context, number int64) (audit.Record, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return audit.Record{}, err
	}
	row, err := one[auditRecordRow](db.Where(of(tenant)).Where("number = ?", number), audit.ErrUnknown)
	if err != nil {
		return audit.Record{}, err
	}
	return row.fromRow(), nil
}

// AuditNumberBefore is the number of the latest record from before a time, or 0.
func (s *Audit) AuditNumberBefore(ctx context.Context, at time.Time) (int64, error) {
	return s.auditNumber(ctx, "SELECT number FROM audit_records WHERE tenant_id = ? AND time < ? ORDER BY time DESC, number DESC LIMIT 1", at)
}

// AuditNumberFrom is the number of the earliest record from a time on, or 0.
func (s *Audit) AuditNumberFrom(ctx context.Context, at time.Time) (int64, error) {
	return s.auditNumber(ctx, "SELECT number FROM audit_records WHERE tenant_id = ? AND time >= ? ORDER BY time, number LIMIT 1", at)
}

func (s *Audit) auditNumber(ctx context.Context, statement string, at time.Time) (number int64, err error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return 0, err
	}
	err = db.Raw(statement, tenant, storable(at)).Scan(&number).Error
	return number, err
}
