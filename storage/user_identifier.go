package storage

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/user"
)

type userIdentifierRow struct {
	TenantID  uid `gorm:"primaryKey"`
	UserID    uid `gorm:"primaryKey"`
	Ordinal   int `gorm:"primaryKey"`
	ID        *uid
	Type      string
	Value     string
	Lookup    string
	IsPrimary bool
	Verified  *micros `gorm:"column:verified_at"`
	Created   micros  `gorm:"column:created_at"`
}

// TableName names the table.
func (userIdentifierRow) TableName() string { return "user_identifiers" }

// insertIdentifiers adds rows in one order everywhere, so that two users cannot
// wait for each other.
func insertIdentifiers(tx *gorm.DB, rows []userIdentifierRow) error {
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b userIdentifierRow) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Lookup, b.Lookup))
	})
	result := tx.Clauses(unlessTaken("tenant_id", "type", "lookup")).Create(&rows)
	if result.Error == nil && result.RowsAffected != int64(len(rows)) {
		return user.ErrIdentifierTaken
	}
	return result.Error
}

// InsertIdentifier adds one after those that the user has; user.ErrIdentifierTaken.
func (s *Users) InsertIdentifier(ctx context.Context, owner user.ID, added user.Identifier) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		var next int
		err := tx.Model(&userIdentifierRow{}).Where(of(tenant)).Where("user_id = ?", uidOf(owner)).
			Select("COALESCE(MAX(ordinal), -1) + 1").Scan(&next).Error
		if err != nil {
			return err
		}
		row := toIdentifierRow(tenant, owner, next, added)
		return insertIdentifiers(tx, []userIdentifierRow{row})
	})
}

// DeleteIdentifier frees one of the user's; user.ErrIdentifierUnknown.
func (s *Users) DeleteIdentifier(ctx context.Context, owner user.ID, removed user.Identifier) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Where(of(tenant)).
			Where("user_id = ? AND type = ? AND lookup = ?", uidOf(owner), string(removed.Type), removed.Lookup).
			Delete(&userIdentifierRow{})
		return hitOne(result, user.ErrIdentifierUnknown)
	})
}

// UpdateIdentifier replaces VerifiedAt and Primary of one of the user's; a primary one
// takes the place of any other of its type. user.ErrIdentifierUnknown, and then all stays
// as it was.
func (s *Users) UpdateIdentifier(ctx context.Context, owner user.ID, changed user.Identifier) error {
	return s.db.Run(ctx, func(ctx context.Context) error {
		return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
			ofType := func() *gorm.DB {
				return tx.Model(&userIdentifierRow{}).Where(of(tenant)).
					Where("user_id = ? AND type = ?", uidOf(owner), string(changed.Type))
			}
			if changed.Primary { // the index lets nobody have two, not even for a moment
				if err := ofType().Where("is_primary").UpdateColumn("is_primary", false).Error; err != nil {
					return err
				}
			}
			return hitOne(ofType().Where("lookup = ?", changed.Lookup).UpdateColumns(map[string]any{
				"is_primary": changed.Primary, "verified_at": optionalMicros(changed.VerifiedAt),
			}), user.ErrIdentifierUnknown)
		})
	})
}

func toIdentifierRows(tenant uid, from user.User) []userIdentifierRow {
	rows := make([]userIdentifierRow, len(from.Identifiers))
	for i, held := range from.Identifiers {
		rows[i] = toIdentifierRow(tenant, from.ID, i, held)
	}
	return rows
}

func toIdentifierRow(tenant uid, owner user.ID, ordinal int, from user.Identifier) userIdentifierRow {
	row := userIdentifierRow{
		TenantID: tenant, UserID: uidOf(owner), Ordinal: ordinal, Type: string(from.Type), Value: from.Value,
		Lookup: from.Lookup, IsPrimary: from.Primary, Verified: optionalMicros(from.VerifiedAt),
		Created: microsOf(from.CreatedAt),
	}
	if !from.ID.IsZero() {
		named := uidOf(from.ID)
		row.ID = &named
	}
	return row
}
