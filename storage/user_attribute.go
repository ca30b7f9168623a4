package storage

import (
	"context"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/filler"
)

type userAttributeRow struct {
	TenantID uid    `gorm:"primaryKey"`
	UserID   uid    `gorm:"primaryKey"`
	Name     string `gorm:"primaryKey"`
	Value    string
}

// TableName names the table.
func (userAttributeRow) TableName() string { return "user_attributes" }

// ReplaceAttributes puts what a user can be found by in the place of what there was.
func (s *Users) ReplaceAttributes(ctx context.Context, owner user.ID, attributes []schema.Attribute) error {
	return s.db.Run(ctx, func(ctx context.Context) error {
		if err := eraseUser[userAttributeRow](ctx, s.db, owner); err != nil || len(attributes) == 0 {
			return err
		}
		return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
			rows := make([]userAttributeRow, len(attributes))
			for i, one := range attributes {
				rows[i] = userAttributeRow{TenantID: tenant, UserID: uidOf(owner), Name: one.Name, Value: one.Value}
			}
			return tx.Create(&rows).Error
		})
	})
}

// UsersByAttribute lists who has an attribute, by id, after the one that is given
// (zero: from the start).
func (s *Users) UsersByAttribute(ctx context.Context, wanted schema.Attribute, after user.ID, limit int) ([]user.ID, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	var found []uid
	err = db.Model(&userAttributeRow{}).Where(of(tenant)).
		Where("name = ? AND value = ? AND user_id > ?", wanted.Name, wanted.Value, uidOf(after)).
		Order("user_id").Limit(max(limit, 0)).Pluck("user_id", &found).Error
	if err != nil {
		return nil, err
	}
	owners := make([]user.ID, len(found))
	for i, column := range found {
		into(&owners[i], column)
	}
	return owners, nil
}

const selectUsersBehind = `SELECT id, indexed_schema FROM users
	WHERE tenant_id = ? AND indexed_schema < ? AND (indexed_schema, id) > (?, ?)
	ORDER BY indexed_schema, id LIMIT ?`

// UsersBehind lists users whose attributes follow an earlier version of the schema than
// the given one, after the one that is given (zero: from the start).
func (s *Users) UsersBehind(ctx context.Context, version int, after filler.Behind, limit int) ([]filler.Behind, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID            uid
		IndexedSchema int
	}
	err = db.Raw(selectUsersBehind, tenant, version, after.IndexedSchema, uidOf(after.ID), max(limit, 0)).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	behind := make([]filler.Behind, len(rows))
	for i, row := range rows {
		behind[i].IndexedSchema = row.IndexedSchema
		into(&behind[i].ID, row.ID)
	}
	return behind, nil
}

const selectUsersRewritten = `SELECT id FROM users
	WHERE tenant_id = ? AND schema_version < indexed_schema AND id > ? ORDER BY id LIMIT ?`

// UsersRewritten lists users whose profile follows an earlier version of the schema than
// their attributes, after the one that is given (zero: from the start).
func (s *Users) UsersRewritten(ctx context.Context, after user.ID, limit int) ([]user.ID, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	var found []uid
	if err := db.Raw(selectUsersRewritten, tenant, uidOf(after), max(limit, 0)).Scan(&found).Error; err != nil {
		return nil, err
	}
	rewritten := make([]user.ID, len(found))
	for i, column := range found {
		into(&rewritten[i], column)
	}
	return rewritten, nil
}

// MarkIndexed notes which version of the schema the user's profile and attributes
// follow, where the stored version of the user is that of indexed; user.ErrChanged
// otherwise.
func (s *Users) MarkIndexed(ctx context.Context, indexed user.User) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Model(&userRow{}).Where(of(tenant)).Where("id = ? AND version = ?", uidOf(indexed.ID), indexed.Version).
			UpdateColumns(map[string]any{"schema_version": indexed.SchemaVersion, "indexed_schema": indexed.IndexedSchema})
		return hitOne(result, user.ErrChanged)
	})
}
