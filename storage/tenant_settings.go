package storage

import (
	"context"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
)

// TenantSettings keeps the history of tenants' settings.
type TenantSettings struct{ db *DB }

var _ tenant.SettingsStore = (*TenantSettings)(nil)

// NewTenantSettings makes the store.
func NewTenantSettings(db *DB) *TenantSettings { return &TenantSettings{db: db} }

type tenantRevisionRow struct {
	TenantID  uid   `gorm:"primaryKey"`
	Number    int64 `gorm:"primaryKey;autoIncrement:false"`
	Chosen    tenantSettings
	Before    tenantSettings `gorm:"column:chosen_before"`
	ChangedAt micros
	ActorKind string
	ActorID   string
}

// TableName names the table.
func (tenantRevisionRow) TableName() string { return "tenant_revisions" }

// InsertRevision adds one; tenant.ErrChanged where the tenant has that number already.
func (s *TenantSettings) InsertRevision(ctx context.Context, added tenant.Revision) error {
	return s.db.write(ctx, func(tx *gorm.DB, scope uid) error {
		row := tenantRevisionRow{
			TenantID: scope, Number: added.Number, Chosen: tenantSettings(added.Chosen), Before: tenantSettings(added.Before),
			ChangedAt: microsOf(added.At), ActorKind: string(added.By.Kind), ActorID: added.By.ID,
		}
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "number")).Create(&row), tenant.ErrChanged)
	})
}

// DropRevisions removes those up to a number.
func (s *TenantSettings) DropRevisions(ctx context.Context, upTo int64) error {
	return s.db.write(ctx, func(tx *gorm.DB, scope uid) error {
		return tx.Where(of(scope)).Where("number <= ?", upTo).Delete(&tenantRevisionRow{}).Error
	})
}

// RevisionsBefore lists those below a number (0: all), the newest first.
func (s *TenantSettings) RevisionsBefore(ctx context.Context, before int64, limit int) ([]tenant.Revision, error) {
	db, scope, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := db.Where(of(scope))
	if before > 0 {
		query = query.Where("number < ?", before)
	}
	rows, err := many[tenantRevisionRow](query.Order("number DESC").Limit(limit))
	if err != nil {
		return nil, err
	}
	found := make([]tenant.Revision, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow()
	}
	return found, nil
}

// RevisionByNumber finds one; tenant.ErrRevisionUnknown.
func (s *TenantSettings) RevisionByNumber(ctx context.Context, number int64) (tenant.Revision, error) {
	db, scope, err := s.db.scoped(ctx)
	if err != nil {
		return tenant.Revision{}, err
	}
	row, err := one[tenantRevisionRow](db.Where(of(scope)).Where("number = ?", number), tenant.ErrRevisionUnknown)
	if err != nil {
		return tenant.Revision{}, err
	}
	return row.fromRow(), nil
}

func (r tenantRevisionRow) fromRow() tenant.Revision {
	return tenant.Revision{
		Number: r.Number, Chosen: tenant.Settings(r.Chosen), Before: tenant.Settings(r.Before), At: r.ChangedAt.time(),
		By: reqctx.Actor{Kind: reqctx.ActorKind(r.ActorKind), ID: r.ActorID},
	}
}
