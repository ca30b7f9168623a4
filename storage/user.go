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

// userAndIdentifier is a user beside one identifier, or beside none.
type userAndIdentifier struct {
	User           userRow `gorm:"embedded"`
	HeldOrdinal    *int
	HeldID         *uid
	HeldType       *string
	HeldValue      *string
	HeldLookup     *string
	HeldIsPrimary  *bool
	HeldVerifiedAt *micros
	HeldCreatedAt  *micros
}

// A user and the identifiers are read by one statement, so that they fit each other.
const (
	selectUser = `SELECT users.tenant_id, users.id, users.status, users.profile, users.schema_version, users.indexed_schema, users.delete_at,
		users.last_login_at, users.public_metadata, users.private_metadata, users.created_at, users.updated_at, users.version,
		held.ordinal AS held_ordinal, held.id AS held_id, held.type AS held_type, held.value AS held_value, held.lookup AS held_lookup,
		held.is_primary AS held_is_primary, held.verified_at AS held_verified_at,
		held.created_at AS held_created_at
		FROM users LEFT JOIN user_identifiers AS held
			ON held.tenant_id = users.tenant_id AND held.user_id = users.id`
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
	rows, err := many[userAndIdentifier](db.Raw(query, append([]any{tenant}, keys...)...))
	if err != nil {
		return user.User{}, err
	}
	if len(rows) == 0 {
		return user.User{}, user.ErrUnknown
	}
	found := rows[0].User.fromRow()
	for _, row := range rows {
		if row.HeldOrdinal != nil {
			found.Identifiers = append(found.Identifiers, row.identifier(found.ID))
		}
	}
	return found, nil
}

// UpdateUser replaces status, profile, metadata, schema versions and the time of
// deletion where the stored version is that of changed, and raises it; user.ErrChanged otherwise.
func (s *Users) UpdateUser(ctx context.Context, changed user.User) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toUserRow(tenant, changed)
		result := tx.Model(&userRow{}).Where(of(tenant)).Where("id = ? AND version = ?", row.ID, row.Version).
			UpdateColumns(map[string]any{
				"status": row.Status, "profile": row.Profile, "schema_version": row.SchemaVersion,
				"indexed_schema": row.IndexedSchema, "delete_at": row.DeleteAt,
				"public_metadata": row.PublicMetadata, "private_metadata": row.PrivateMetadata,
				"updated_at": row.Updated, "version": row.Version + 1,
			})
		return hitOne(result, user.ErrChanged)
	})
}

func toUserRow(tenant uid, from user.User) userRow {
	return userRow{
		TenantID: tenant, ID: uidOf(from.ID), Status: string(from.Status), Profile: string(from.Profile),
		SchemaVersion: from.SchemaVersion, IndexedSchema: from.IndexedSchema, DeleteAt: optionalMicros(from.DeleteAt),
		LastLoginAt: optionalMicros(from.LastLoginAt), PublicMetadata: optionalText(from.PublicMetadata), PrivateMetadata: optionalText(from.PrivateMetadata),
		Created: microsOf(from.CreatedAt), Updated: microsOf(from.UpdatedAt), Version: from.Version,
	}
}

func (r userRow) fromRow() user.User {
	found := user.User{
		Status: user.Status(r.Status), SchemaVersion: r.SchemaVersion, IndexedSchema: r.IndexedSchema, DeleteAt: optionalTime(r.DeleteAt),
		LastLoginAt: optionalTime(r.LastLoginAt), CreatedAt: r.Created.time(), UpdatedAt: r.Updated.time(), Version: r.Version,
	}
	if r.Profile != "" {
		found.Profile = []byte(r.Profile)
	}
	if r.PublicMetadata != nil {
		found.PublicMetadata = []byte(*r.PublicMetadata)
	}
	if r.PrivateMetadata != nil {
		found.PrivateMetadata = []byte(*r.PrivateMetadata)
	}
	into(&found.ID, r.ID)
	return found
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
