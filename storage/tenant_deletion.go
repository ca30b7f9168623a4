package storage

import (
	"context"
	"reflect"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/tenant"
)

const (
	selectTenantsAfter = selectTenants + ` WHERE tenants.id IN (SELECT page.id FROM tenants AS page WHERE page.id > ? ORDER BY page.id LIMIT ?)
		ORDER BY tenants.id, held.ordinal`
	selectTenantsDue = selectTenants + ` WHERE tenants.id IN
		(SELECT due.id FROM tenants AS due WHERE due.delete_at <= ? ORDER BY due.delete_at, due.id LIMIT ?)
		ORDER BY tenants.delete_at, tenants.id, held.ordinal`
)

// TenantsAfter lists tenants by id above the one that is given.
func (s *Tenants) TenantsAfter(ctx context.Context, after id.Tenant, limit int) ([]tenant.Tenant, error) {
	return s.list(ctx, selectTenantsAfter, uidOf(after), limit)
}

// TenantsDue lists the tenants that are to be destroyed at now, the longest due first.
func (s *Tenants) TenantsDue(ctx context.Context, now time.Time, limit int) ([]tenant.Tenant, error) {
	return s.list(ctx, selectTenantsDue, microsOf(now), limit)
}

// keptTables are those of what happened, which stays: no row of a log is taken away.
func keptTables() []string {
	return []string{eventRow{}.TableName(), auditRecordRow{}.TableName(), auditHeadRow{}.TableName(), auditRemovalRow{}.TableName()}
}

// tenantTables names the tables that hold what is a tenant's, those that refer to others
// before them. A new one is among them by being listed in tables.
func tenantTables() (names []string) {
	for _, row := range slices.Backward(tables()) {
		name := row.(interface{ TableName() string }).TableName() //nolint:forcetypeassert // tables are rows
		if _, owned := reflect.TypeOf(row).FieldByName("TenantID"); owned && !slices.Contains(keptTables(), name) {
			names = append(names, name)
		}
	}
	return names
}

// EmptyTenant destroys up to limit rows of what a tenant holds, all but the log of what
// happened, and tells whether that was all.
func (s *Tenants) EmptyTenant(ctx context.Context, which id.Tenant, limit int) (bool, error) {
	left := int64(limit)
	err := s.db.join(ctx, func(tx *gorm.DB) error {
		place := "ctid"
		if s.db.Engine() == SQLite {
			place = "rowid"
		}
		for _, table := range tenantTables() {
			result := across(tx).Exec("DELETE FROM "+table+" WHERE "+place+" IN (SELECT "+place+" FROM "+table+" WHERE tenant_id = ? LIMIT ?)", uidOf(which), left)
			if result.Error != nil {
				return result.Error
			}
			if left -= result.RowsAffected; left <= 0 {
				return nil
			}
		}
		return nil
	})
	return left > 0, err
}

// DeleteTenant removes an empty tenant with its hosts and its key, where the stored version
// is the given one; tenant.ErrChanged otherwise.
func (s *Tenants) DeleteTenant(ctx context.Context, which id.Tenant, version int64) error {
	return s.db.join(ctx, func(tx *gorm.DB) error {
		result := across(tx).Where("id = ? AND version = ?", uidOf(which), version).Delete(&tenantRow{})
		return hitOne(result, tenant.ErrChanged)
	})
}
