package storage

import (
	"context"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/role"
)

// Roles keeps the roles of a tenant's own, and who has which.
type Roles struct{ db *DB }

var (
	_ role.Store       = (*Roles)(nil)
	_ role.Assignments = (*Roles)(nil)
)

// NewRoles makes the store.
func NewRoles(db *DB) *Roles { return &Roles{db: db} }

type roleRow struct {
	TenantID    uid `gorm:"primaryKey"`
	ID          uid `gorm:"primaryKey"`
	Key         string
	Name        string
	Description string
	Permissions jsonList[role.Permission]
	Created     micros `gorm:"column:created_at"`
	Updated     micros `gorm:"column:updated_at"`
	Version     int64
}

// TableName names the table.
func (roleRow) TableName() string { return "roles" }

// InsertRole adds one; role.ErrKeyTaken.
func (s *Roles) InsertRole(ctx context.Context, added role.Role) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toRoleRow(tenant, added)
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "key")).Create(&row), role.ErrKeyTaken)
	})
}

// RoleByID finds one; role.ErrUnknown.
func (s *Roles) RoleByID(ctx context.Context, wanted role.ID) (role.Role, error) {
	return s.find(ctx, "id = ?", uidOf(wanted))
}

// RoleByKey finds one; role.ErrUnknown.
func (s *Roles) RoleByKey(ctx context.Context, key string) (role.Role, error) {
	return s.find(ctx, "key = ?", key)
}

func (s *Roles) find(ctx context.Context, condition string, value any) (role.Role, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return role.Role{}, err
	}
	row, err := one[roleRow](db.Where(of(tenant)).Where(condition, value), role.ErrUnknown)
	if err != nil {
		return role.Role{}, err
	}
	return row.fromRow(), nil
}

// RolesByID finds those that there are of some ids.
func (s *Roles) RolesByID(ctx context.Context, ids []role.ID) ([]role.Role, error) {
	wanted := make([]uid, len(ids))
	for i, id := range ids {
		wanted[i] = uidOf(id)
	}
	return s.list(ctx, func(db *gorm.DB) *gorm.DB { return db.Where("id IN ?", wanted) })
}

// Roles lists roles by id, after the one that is given (zero: from the start).
func (s *Roles) Roles(ctx context.Context, after role.ID, limit int) ([]role.Role, error) {
	return s.list(ctx, func(db *gorm.DB) *gorm.DB { return db.Where("id > ?", uidOf(after)).Order("id").Limit(limit) })
}

func (s *Roles) list(ctx context.Context, narrow func(db *gorm.DB) *gorm.DB) ([]role.Role, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[roleRow](narrow(db.Where(of(tenant))))
	if err != nil {
		return nil, err
	}
	roles := make([]role.Role, len(rows))
	for i, row := range rows {
		roles[i] = row.fromRow()
	}
	return roles, nil
}

// CountRoles tells how many there are, up to a bound.
func (s *Roles) CountRoles(ctx context.Context, bound int) (int, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return 0, err
	}
	var found []uid
	err = db.Model(&roleRow{}).Where(of(tenant)).Limit(bound).Pluck("id", &found).Error
	return len(found), err
}

// UpdateRole replaces name, description and permissions where the stored version is that
// of changed, and raises it; role.ErrChanged otherwise.
func (s *Roles) UpdateRole(ctx context.Context, changed role.Role) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toRoleRow(tenant, changed)
		result := tx.Model(&roleRow{}).Where(of(tenant)).Where("id = ? AND version = ?", row.ID, row.Version).
			UpdateColumns(map[string]any{
				"name": row.Name, "description": row.Description, "permissions": row.Permissions,
				"updated_at": row.Updated, "version": row.Version + 1,
			})
		return hitOne(result, role.ErrChanged)
	})
}

// DeleteRole removes a role and takes it from everybody where the stored version is that
// of gone; role.ErrChanged otherwise.
func (s *Roles) DeleteRole(ctx context.Context, gone role.Role) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Where(of(tenant)).Where("id = ? AND version = ?", uidOf(gone.ID), gone.Version).Delete(&roleRow{})
		if err := hitOne(result, role.ErrChanged); err != nil {
			return err
		}
		return tx.Where(of(tenant)).Where("role_id = ?", uidOf(gone.ID)).Delete(&roleAssignmentRow{}).Error
	})
}

func toRoleRow(tenant uid, from role.Role) roleRow {
	return roleRow{
		TenantID: tenant, ID: uidOf(from.ID), Key: from.Key, Name: from.Name, Description: from.Description, Permissions: from.Permissions,
		Created: microsOf(from.CreatedAt), Updated: microsOf(from.UpdatedAt), Version: from.Version,
	}
}

func (r roleRow) fromRow() role.Role {
	found := role.Role{
		Key: r.Key, Name: r.Name, Description: r.Description, Permissions: r.Permissions, BuiltIn: false,
		CreatedAt: r.Created.time(), UpdatedAt: r.Updated.time(), Version: r.Version,
	}
	into(&found.ID, r.ID)
	return found
}
