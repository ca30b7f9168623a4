package storage

import (
	"context"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/user"
)

// Users keeps users and their identifiers.
type Users struct{ db *DB }

var _ user.Store = (*Users)(nil)

// NewUsers makes the store.
func NewUsers(db *DB) *Users { return &Users{db: db} }

type userRow struct {
	TenantID      uid `gorm:"primaryKey"`
	ID            uid `gorm:"primaryKey"`
	Status        string
	Guest         bool
	Profile       string
	SchemaVersion int
	IndexedSchema int
	DeleteAt      *micros
	LastLoginAt   *micros

	PublicMetadata  *string
	PrivateMetadata *string

	Created micros `gorm:"column:created_at"`
	Updated micros `gorm:"column:updated_at"`
	Version int64
}

// TableName names the table.
func (userRow) TableName() string { return "users" }

const (
	selectUser     = "SELECT " + userColumns + " FROM users" + joinIdentifiers
	selectUserByID = selectUser + `
		WHERE users.tenant_id = ? AND users.id = ? ORDER BY held.ordinal`
	selectUserByIdentifier = selectUser + `
		JOIN user_identifiers AS found ON found.tenant_id = users.tenant_id AND found.user_id = users.id
		WHERE found.tenant_id = ? AND found.type = ? AND found.lookup = ? ORDER BY held.ordinal`
)

// InsertUser adds a user with identifiers; user.ErrIdentifierTaken when one of
// them finds somebody else, and then nothing of the user stays.
func (s *Users) InsertUser(ctx context.Context, added user.User) error {
	return s.db.Run(ctx, func(ctx context.Context) error {
		return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
			row := toUserRow(tenant, added)
			if err := tx.Create(&row).Error; err != nil {
				return err
			}
			return insertIdentifiers(tx, toIdentifierRows(tenant, added))
		})
	})
}

// UserByID finds a user of any status; user.ErrUnknown.
func (s *Users) UserByID(ctx context.Context, wanted user.ID) (user.User, error) {
	return s.find(ctx, selectUserByID, uidOf(wanted))
}

// UserByIdentifier finds the user an identifier belongs to; user.ErrUnknown.
func (s *Users) UserByIdentifier(ctx context.Context, kind user.IdentifierType, lookup string) (user.User, error) {
	return s.find(ctx, selectUserByIdentifier, string(kind), lookup)
}

func (s *Users) find(ctx context.Context, query string, keys ...any) (user.User, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return user.User{}, err
	}
	var found user.User
	err = eachUser(db, nil, func(row *userScan) {
		if found.ID.IsZero() {
			found = row.user()
		}
		if row.ordinal.Valid {
			found.Identifiers = append(found.Identifiers, row.identifier(found.ID))
		}
	}, query, append([]any{tenant}, keys...)...)
	if err == nil && found.ID.IsZero() {
		err = user.ErrUnknown
	}
	return found, err
}

// UpdateUser replaces status, guest, profile, metadata, schema versions and the time of
// deletion where the stored version is that of changed, and raises it; user.ErrChanged otherwise.
func (s *Users) UpdateUser(ctx context.Context, changed user.User) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toUserRow(tenant, changed)
		result := tx.Model(&userRow{}).Where(of(tenant)).Where("id = ? AND version = ?", row.ID, row.Version).
			UpdateColumns(map[string]any{
				"status": row.Status, "guest": row.Guest, "profile": row.Profile, "schema_version": row.SchemaVersion,
				"indexed_schema": row.IndexedSchema, "delete_at": row.DeleteAt,
				"public_metadata": row.PublicMetadata, "private_metadata": row.PrivateMetadata,
				"updated_at": row.Updated, "version": row.Version + 1,
			})
		return hitOne(result, user.ErrChanged)
	})
}

func toUserRow(tenant uid, from user.User) userRow {
	return userRow{
		TenantID: tenant, ID: uidOf(from.ID), Status: string(from.Status), Guest: from.Guest, Profile: string(from.Profile),
		SchemaVersion: from.SchemaVersion, IndexedSchema: from.IndexedSchema, DeleteAt: optionalMicros(from.DeleteAt),
		LastLoginAt: optionalMicros(from.LastLoginAt), PublicMetadata: optionalText(from.PublicMetadata), PrivateMetadata: optionalText(from.PrivateMetadata),
		Created: microsOf(from.CreatedAt), Updated: microsOf(from.UpdatedAt), Version: from.Version,
	}
}

// textUnless keeps an empty text as NULL, and textOr reads it.
func textUnless(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func textOr(stored *string) string {
	if stored == nil {
		return ""
	}
	return *stored
}

// optionalText keeps nothing as NULL.
func optionalText(from []byte) *string {
	if from == nil {
		return nil
	}
	text := string(from)
	return &text
}
