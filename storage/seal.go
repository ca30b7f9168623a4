package storage

import (
	"context"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lintel-id/lintel/server/platform/seal"
)

// UserKeys keeps one sealed key per person, or the tombstone of one.
type UserKeys struct{ db *DB }

var _ seal.UserKeyStore = (*UserKeys)(nil)

// NewUserKeys makes the store.
func NewUserKeys(db *DB) *UserKeys { return &UserKeys{db: db} }

var errEmptyKey = errors.New("storage: a sealed key is empty")

// userKeyRow has no sealed key once it was destroyed.
type userKeyRow struct {
	TenantID uid    `gorm:"primaryKey"`
	Person   string `gorm:"primaryKey"`
	Sealed   []byte
}

// TableName names the table.
func (userKeyRow) TableName() string { return "seal_user_keys" }

// UserKey is the sealed key; seal.ErrNoUserKey when there never was one,
// seal.ErrDestroyed once it was destroyed.
func (s *UserKeys) UserKey(ctx context.Context, person string) ([]byte, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	row, err := one[userKeyRow](db.Where(of(tenant)).Where("person = ?", person), seal.ErrNoUserKey)
	if err != nil {
		return nil, err
	}
	if len(row.Sealed) == 0 {
		return nil, seal.ErrDestroyed
	}
	return row.Sealed, nil
}

// InsertUserKey stores the key; seal.ErrUserKeyExists when a key or its tombstone
// is there already, and the unit of work can go on.
func (s *UserKeys) InsertUserKey(ctx context.Context, person string, sealed []byte) error {
	if len(sealed) == 0 {
		return errEmptyKey
	}
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := userKeyRow{TenantID: tenant, Person: person, Sealed: sealed}
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "person")).Create(&row), seal.ErrUserKeyExists)
	})
}

// DestroyUserKey replaces the key, or its absence, by a tombstone that stays.
func (s *UserKeys) DestroyUserKey(ctx context.Context, person string) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		tombstone := clause.OnConflict{
			Columns:   []clause.Column{{Name: "tenant_id"}, {Name: "person"}},
			DoUpdates: clause.Assignments(map[string]any{"sealed": nil}),
		}
		return tx.Clauses(tombstone).Create(&userKeyRow{TenantID: tenant, Person: person}).Error
	})
}
