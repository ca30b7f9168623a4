package storage

import (
	"context"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/user"
)

type roleAssignmentRow struct {
	TenantID       uid `gorm:"primaryKey"`
	UserID         uid `gorm:"primaryKey"`
	RoleID         uid `gorm:"primaryKey"`
	OrganizationID uid `gorm:"primaryKey"` // zero: the whole tenant
	AssignedAt     micros
}

// TableName names the table.
func (roleAssignmentRow) TableName() string { return "role_assignments" }

// wholeTenant keeps what is given within an organization out.
const wholeTenant = "organization_id = ?"

// HoldUser keeps erasures of a user out until the unit of work ends; user.ErrUnknown where
// one was first.
func (s *Roles) HoldUser(ctx context.Context, held user.ID) error {
	return NewUsers(s.db).HoldUser(ctx, held)
}

// HoldRole keeps changes of a stored role out until the unit of work ends, likewise;
// role.ErrUnknown where it is gone.
func (s *Roles) HoldRole(ctx context.Context, held role.ID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Model(&roleRow{}).Where(of(tenant)).Where("id = ?", uidOf(held)).
			UpdateColumns(map[string]any{"version": gorm.Expr("version")})
		return hitOne(result, role.ErrUnknown)
	})
}

// InsertAssignment adds one and tells whether it was missing.
func (s *Roles) InsertAssignment(ctx context.Context, added role.Assignment) (made bool, err error) {
	err = s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toRoleAssignmentRow(tenant, added)
		result := tx.Clauses(unlessTaken("tenant_id", "user_id", "role_id", "organization_id")).Create(&row)
		made = result.RowsAffected == 1
		return result.Error
	})
	return made && err == nil, err
}

// DeleteAssignment removes one and tells whether it was there.
func (s *Roles) DeleteAssignment(ctx context.Context, person user.ID, taken role.ID) (gone bool, err error) {
	err = s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Where(of(tenant)).Where("user_id = ? AND role_id = ?", uidOf(person), uidOf(taken)).
			Where(wholeTenant, uid{}).Delete(&roleAssignmentRow{})
		gone = result.RowsAffected == 1
		return result.Error
	})
	return gone && err == nil, err
}

// AssignmentOf finds one; role.ErrUnknown.
func (s *Roles) AssignmentOf(ctx context.Context, person user.ID, given role.ID) (role.Assignment, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return role.Assignment{}, err
	}
	query := db.Where(of(tenant)).Where("user_id = ? AND role_id = ?", uidOf(person), uidOf(given)).Where(wholeTenant, uid{})
	row, err := one[roleAssignmentRow](query, role.ErrUnknown)
	if err != nil {
		return role.Assignment{}, err
	}
	return row.fromRow(), nil
}

// AssignmentsOfUser lists a user's by role, after the one that is given (zero: from the
// start).
func (s *Roles) AssignmentsOfUser(ctx context.Context, person user.ID, after role.ID, limit int) ([]role.Assignment, error) {
	return s.assignments(ctx, func(db *gorm.DB) *gorm.DB {
		return db.Where("user_id = ? AND role_id > ?", uidOf(person), uidOf(after)).Order("role_id").Limit(limit)
	})
}

// AssignmentsOfRole lists a role's by user, after the one that is given (zero: from the
// start).
func (s *Roles) AssignmentsOfRole(ctx context.Context, given role.ID, after user.ID, limit int) ([]role.Assignment, error) {
	return s.assignments(ctx, func(db *gorm.DB) *gorm.DB {
		return db.Where("role_id = ? AND user_id > ?", uidOf(given), uidOf(after)).Order("user_id").Limit(limit)
	})
}

func (s *Roles) assignments(ctx context.Context, narrow func(db *gorm.DB) *gorm.DB) ([]role.Assignment, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[roleAssignmentRow](narrow(db.Where(of(tenant)).Where(wholeTenant, uid{})))
	if err != nil {
		return nil, err
	}
	found := make([]role.Assignment, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow()
	}
	return found, nil
}

// EraseUser takes every role from the user.
func (s *Roles) EraseUser(ctx context.Context, person user.ID) error {
	return eraseUser[roleAssignmentRow](ctx, s.db, person)
}

func toRoleAssignmentRow(tenant uid, from role.Assignment) roleAssignmentRow {
	return roleAssignmentRow{
		TenantID: tenant, UserID: uidOf(from.UserID), RoleID: uidOf(from.RoleID), OrganizationID: uid{}, AssignedAt: microsOf(from.AssignedAt),
	}
}

func (r roleAssignmentRow) fromRow() role.Assignment {
	found := role.Assignment{AssignedAt: r.AssignedAt.time()}
	into(&found.UserID, r.UserID)
	into(&found.RoleID, r.RoleID)
	return found
}
