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

	ManagedBy string
	Created   micros `gorm:"column:created_at"`
}

// TableName names the table.
func (schemaRow) TableName() string { return "schemas" }

// InsertVersion adds a version; schema.ErrChanged where the tenant has that number
// already.
func (s *Schemas) InsertVersion(ctx context.Context, added schema.Version) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := schemaRow{
			TenantID: tenant, Number: added.Number, Document: string(added.Document), ManagedBy: string(added.ManagedBy), Created: microsOf(added.CreatedAt),
		}
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "version")).Create(&row), schema.ErrChanged)
	})
}

// HandVersion says who manages a version from now on; schema.ErrChanged where it is not
// managed by from.
func (s *Schemas) HandVersion(ctx context.Context, number int, from, to schema.ManagedBy) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		handed := tx.Model(&schemaRow{}).Where(of(tenant)).Where("version = ? AND managed_by = ?", number, string(from))
		return hitOne(handed.UpdateColumn("managed_by", string(to)), schema.ErrChanged)
	})
}

// LatestVersion is the newest of the tenant without its document; its number is 0 where
// there is none.
func (s *Schemas) LatestVersion(ctx context.Context) (schema.Version, error) {
	found, err := s.VersionsBefore(ctx, 0, 1)
	if err != nil || len(found) == 0 {
		return schema.Version{}, err
	}
	return found[0], nil
}

// VersionByNumber finds one; schema.ErrUnknown.
func (s *Schemas) VersionByNumber(ctx context.Context, number int) (schema.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return schema.Version{}, err
	}
	row, err := one[schemaRow](db.Where(of(tenant)).Where("version = ?", number), schema.ErrUnknown)
	if err != nil {
		return schema.Version{}, err
	}
	return row.fromRow(), nil
}

// VersionsBefore lists those below a number (0: all) without their documents, the newest
// first.
func (s *Schemas) VersionsBefore(ctx context.Context, before, limit int) ([]schema.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := db.Omit("document").Where(of(tenant)).Order("version DESC").Limit(max(limit, 0))
	if before > 0 {
		query = query.Where("version < ?", before)
	}
	return versionsOf(query)
}

// Versions lists all of the tenant's, oldest first.
func (s *Schemas) Versions(ctx context.Context) ([]schema.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	return versionsOf(db.Where(of(tenant)).Order("version"))
}

func versionsOf(query *gorm.DB) ([]schema.Version, error) {
	rows, err := many[schemaRow](query)
	if err != nil {
		return nil, err
	}
	versions := make([]schema.Version, len(rows))
	for i, row := range rows {
		versions[i] = row.fromRow()
	}
	return versions, nil
}

func (r schemaRow) fromRow() schema.Version {
	found := schema.Version{Number: r.Number, Document: nil, ManagedBy: schema.ManagedBy(r.ManagedBy), CreatedAt: r.Created.time()}
	if r.Document != "" {
		found.Document = []byte(r.Document)
	}
	return found
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
