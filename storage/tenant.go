package storage

import (
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/tenant"
)

// Tenants keeps tenants. It is the one store without a tenant in scope, since it
// is what finds the tenant.
type Tenants struct{ db *DB }

var _ tenant.Store = (*Tenants)(nil)

// NewTenants makes the store.
func NewTenants(db *DB) *Tenants { return &Tenants{db: db} }

type tenantRow struct {
	ID        uid `gorm:"primaryKey"`
	Name      string
	BaseURL   string `gorm:"column:base_url"`
	Status    string
	SealedKey []byte
	Settings  tenantSettings
	Chosen    tenantSettings
	Revision  int64
	Created   micros `gorm:"column:created_at"`
	Updated   micros `gorm:"column:updated_at"`
	Version   int64
}

// TableName names the table.
func (tenantRow) TableName() string { return "tenants" }

// tenantSettings is a tenant's settings as JSON text.
type tenantSettings tenant.Settings

// Value writes the settings.
func (s tenantSettings) Value() (driver.Value, error) {
	text, err := json.Marshal(tenant.Settings(s))
	return string(text), err
}

// Scan reads the settings; what a newer node has added stays unknown here.
func (s *tenantSettings) Scan(stored any) error {
	switch text := stored.(type) {
	case string:
		return json.Unmarshal([]byte(text), (*tenant.Settings)(s))
	case []byte:
		return json.Unmarshal(text, (*tenant.Settings)(s))
	default:
		return fmt.Errorf("storage: %T is not settings", stored)
	}
}

// GormDataType names the column for gorm and on both engines.
func (tenantSettings) GormDataType() string { return "text" }

type tenantHostRow struct {
	Host     string `gorm:"primaryKey"`
	TenantID uid
	Ordinal  int
}

// TableName names the table.
func (tenantHostRow) TableName() string { return "tenant_hosts" }

// tenantAndHost is a tenant beside one of its hosts, or beside none.
type tenantAndHost struct {
	Tenant tenantRow `gorm:"embedded"`
	Host   *string
}

const (
	selectTenants = `SELECT tenants.id, tenants.name, tenants.base_url, tenants.status, tenants.sealed_key, tenants.settings,
		tenants.chosen, tenants.revision,
		tenants.created_at, tenants.updated_at, tenants.version, held.host
		FROM tenants LEFT JOIN tenant_hosts AS held ON held.tenant_id = tenants.id`
	selectTenantsOldestFirst = selectTenants + ` ORDER BY tenants.created_at, tenants.id, held.ordinal`
	selectTenantByID         = selectTenants + ` WHERE tenants.id = ? ORDER BY held.ordinal`
	selectTenantByHost       = selectTenants + ` JOIN tenant_hosts AS found ON found.tenant_id = tenants.id
		WHERE found.host = ? ORDER BY held.ordinal`
)

// InsertTenant adds a tenant; tenant.ErrHostTaken when one of its hosts is another's.
func (s *Tenants) InsertTenant(ctx context.Context, added tenant.Tenant) error {
	return s.db.Run(ctx, func(ctx context.Context) error {
		tx, row := across(s.db.read(ctx)), toTenantRow(added)
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return insertHosts(tx, added)
	})
}

// UpdateTenant replaces what may change where the stored version is that of
// changed, and raises it; tenant.ErrChanged otherwise.
func (s *Tenants) UpdateTenant(ctx context.Context, changed tenant.Tenant) error {
	return s.db.Run(ctx, func(ctx context.Context) error {
		tx, row := across(s.db.read(ctx)), toTenantRow(changed)
		result := tx.Model(&tenantRow{}).Where("id = ? AND version = ?", row.ID, row.Version).
			UpdateColumns(map[string]any{
				"name": row.Name, "base_url": row.BaseURL, "status": row.Status, "sealed_key": row.SealedKey,
				"settings": row.Settings, "chosen": row.Chosen, "revision": row.Revision,
				"updated_at": row.Updated, "version": row.Version + 1,
			})
		if err := hitOne(result, tenant.ErrChanged); err != nil {
			return err
		}
		if err := tx.Where(of(row.ID)).Delete(&tenantHostRow{}).Error; err != nil {
			return err
		}
		return insertHosts(tx, changed)
	})
}

// insertHosts adds a tenant's hosts, in one order everywhere so that two tenants
// cannot wait for each other.
func insertHosts(tx *gorm.DB, owner tenant.Tenant) error {
	if len(owner.Hosts) == 0 {
		return nil
	}
	rows := make([]tenantHostRow, len(owner.Hosts))
	for i, host := range owner.Hosts {
		rows[i] = tenantHostRow{Host: host, TenantID: uidOf(owner.ID), Ordinal: i}
	}
	slices.SortFunc(rows, func(a, b tenantHostRow) int { return cmp.Compare(a.Host, b.Host) })
	result := tx.Clauses(unlessTaken("host")).Create(&rows)
	if result.Error == nil && result.RowsAffected != int64(len(rows)) {
		return tenant.ErrHostTaken
	}
	return result.Error
}

// Tenants lists all, oldest first.
func (s *Tenants) Tenants(ctx context.Context) ([]tenant.Tenant, error) {
	return s.list(ctx, selectTenantsOldestFirst)
}

// TenantByID finds by id; tenant.ErrUnknown.
func (s *Tenants) TenantByID(ctx context.Context, wanted id.Tenant) (tenant.Tenant, error) {
	return s.find(ctx, tenant.ErrUnknown, selectTenantByID, uidOf(wanted))
}

// TenantByHost finds by exact host; tenant.ErrUnknownHost.
func (s *Tenants) TenantByHost(ctx context.Context, host string) (tenant.Tenant, error) {
	return s.find(ctx, tenant.ErrUnknownHost, selectTenantByHost, host)
}

func (s *Tenants) find(ctx context.Context, none error, query string, key any) (tenant.Tenant, error) {
	found, err := s.list(ctx, query, key)
	if err == nil && len(found) == 0 {
		err = none
	}
	if err != nil {
		return tenant.Tenant{}, err
	}
	return found[0], nil
}

// list gathers each tenant's hosts; the rows of one tenant stand together.
func (s *Tenants) list(ctx context.Context, query string, keys ...any) ([]tenant.Tenant, error) {
	rows, err := many[tenantAndHost](across(s.db.read(ctx)).Raw(query, keys...))
	if err != nil {
		return nil, err
	}
	var (
		all  []tenant.Tenant
		last uid
	)
	for _, row := range rows {
		if len(all) == 0 || last != row.Tenant.ID {
			all, last = append(all, row.Tenant.fromRow()), row.Tenant.ID
		}
		if row.Host != nil {
			current := &all[len(all)-1]
			current.Hosts = append(current.Hosts, *row.Host)
		}
	}
	return all, nil
}

func toTenantRow(from tenant.Tenant) tenantRow {
	return tenantRow{
		ID: uidOf(from.ID), Name: from.Name, BaseURL: from.BaseURL, Status: string(from.Status),
		SealedKey: present(from.Key), Settings: tenantSettings(from.Settings), Chosen: tenantSettings(from.Chosen), Revision: from.Revision, Created: microsOf(from.CreatedAt), Updated: microsOf(from.UpdatedAt),
		Version: from.Version,
	}
}

func (r tenantRow) fromRow() tenant.Tenant {
	found := tenant.Tenant{
		Name: r.Name, BaseURL: r.BaseURL, Status: tenant.Status(r.Status), Key: present(r.SealedKey), Settings: tenant.Settings(r.Settings),
		Chosen: tenant.Settings(r.Chosen), Revision: r.Revision,
		CreatedAt: r.Created.time(), UpdatedAt: r.Updated.time(), Version: r.Version,
	}
	into(&found.ID, r.ID)
	return found
}
