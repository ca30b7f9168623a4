package storage

import (
	"context"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/schema"
)

// Schemas keeps the versions of profile schemas.
type Schemas struct{ db *DB }

var _ schema.Store = (*Schemas)(nil)

// NewSchemas makes the store.
func NewSchemas(db *DB) *Schemas { return &Schemas{db: db} }

type schemaRow struct {
	TenantID uid `gorm:"primaryKey"`
	Number   int `gorm:"primaryKey;column:version;autoIncrement:false"`
	Document string
	Created  micros `gorm:"column:created_at"`
}

// TableName names the table.
func (schemaRow) TableName() string { return "schemas" }

// InsertVersion adds a version; schema.ErrChanged where the tenant has that number
// already.
func (s *Schemas) InsertVersion(ctx context.Context, added schema.Version) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := schemaRow{TenantID: tenant, Number: added.Number, Document: string(added.Document), Created: microsOf(added.CreatedAt)}
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "version")).Create(&row), schema.ErrChanged)
	})
}

// LatestVersion is the highest number of the tenant; 0 where there is none.
func (s *Schemas) LatestVersion(ctx context.Context) (int, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return 0, err
	}
	var latest int
	err = db.Model(&schemaRow{}).Where(of(tenant)).Select("COALESCE(MAX(version), 0)").Scan(&latest).Error
	return latest, err
}

// Versions lists all of the tenant's, oldest first.
func (s *Schemas) Versions(ctx context.Context) ([]schema.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[schemaRow](db.Where(of(tenant)).Order("version"))
	if err != nil {
		return nil, err
	}
	versions := make([]schema.Version, len(rows))
	for i, row := range rows {
		versions[i] = schema.Version{Number: row.Number, Document: []byte(row.Document), CreatedAt: row.Created.time()}
	}
	return versions, nil
}

// TenantsWithVersions lists, over all tenants, those that have any.
func (s *Schemas) TenantsWithVersions(ctx context.Context) ([]id.Tenant, error) {
	handle, err := s.db.readAcross(ctx)
	if err != nil {
		return nil, err
	}
	var found []uid
	err = handle.Model(&schemaRow{}).Distinct(tenantColumn).Order(tenantColumn).Pluck(tenantColumn, &found).Error
	if err != nil {
		return nil, err
	}
	tenants := make([]id.Tenant, len(found))
	for i, column := range found {
		into(&tenants[i], column)
	}
	return tenants, nil
}
