package storage

import (
	"context"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/user"
)

// Passwords keeps one password per user.
type Passwords struct{ db *DB }

var _ password.Store = (*Passwords)(nil)

// NewPasswords makes the store.
func NewPasswords(db *DB) *Passwords { return &Passwords{db: db} }

type passwordRow struct {
	TenantID  uid `gorm:"primaryKey"`
	UserID    uid `gorm:"primaryKey"`
	Hash      string
	Scheme    string
	SetAt     micros
	Version   int64
	ExpiredAt *micros
}

// TableName names the table.
func (passwordRow) TableName() string { return "passwords" }

// PasswordOf reads a user's credential; password.ErrNone when there is none.
func (s *Passwords) PasswordOf(ctx context.Context, owner user.ID) (password.Credential, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return password.Credential{}, err
	}
	row, err := one[passwordRow](db.Where(of(tenant)).Where("user_id = ?", uidOf(owner)), password.ErrNone)
	if err != nil {
		return password.Credential{}, err
	}
	return row.fromRow(), nil
}

// InsertPassword adds the first credential; password.ErrChanged when there is one.
func (s *Passwords) InsertPassword(ctx context.Context, added password.Credential) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toPasswordRow(tenant, added)
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "user_id")).Create(&row), password.ErrChanged)
	})
}

// UpdatePassword replaces hash, scheme, SetAt and ExpiredAt where the stored version is
// that of changed, and raises it; password.ErrChanged otherwise.
func (s *Passwords) UpdatePassword(ctx context.Context, changed password.Credential) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toPasswordRow(tenant, changed)
		result := tx.Model(&passwordRow{}).Where(of(tenant)).
			Where("user_id = ? AND version = ?", row.UserID, row.Version).
			UpdateColumns(map[string]any{
				"hash": row.Hash, "scheme": row.Scheme, "set_at": row.SetAt, "expired_at": row.ExpiredAt, "version": row.Version + 1,
			})
		return hitOne(result, password.ErrChanged)
	})
}

// DeletePassword removes a user's credential, and tells whether there was one.
func (s *Passwords) DeletePassword(ctx context.Context, owner user.ID) (bool, error) {
	found := false
	err := s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Where(of(tenant)).Where("user_id = ?", uidOf(owner)).Delete(&passwordRow{})
		found = result.RowsAffected > 0
		return result.Error
	})
	return found && err == nil, err
}

// PasswordSchemes counts the tenant's credentials by scheme.
func (s *Passwords) PasswordSchemes(ctx context.Context) (map[string]int64, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Scheme string
		Held   int64
	}
	err = db.Model(&passwordRow{}).Select("scheme, COUNT(*) AS held").Where(of(tenant)).Group("scheme").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	counts := make(map[string]int64, len(rows))
	for _, row := range rows {
		counts[row.Scheme] = row.Held
	}
	return counts, nil
}

func toPasswordRow(tenant uid, from password.Credential) passwordRow {
	return passwordRow{
		TenantID: tenant, UserID: uidOf(from.UserID), Hash: from.Hash, Scheme: from.Scheme,
		SetAt: microsOf(from.SetAt), Version: from.Version, ExpiredAt: optionalMicros(from.ExpiredAt),
	}
}

func (r passwordRow) fromRow() password.Credential {
	found := password.Credential{Hash: r.Hash, Scheme: r.Scheme, SetAt: r.SetAt.time(), Version: r.Version, ExpiredAt: optionalTime(r.ExpiredAt)}
	into(&found.UserID, r.UserID)
	return found
}
