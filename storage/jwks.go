package storage

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/jose"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// SigningKeys keeps what tenants sign with.
type SigningKeys struct{ db *DB }

var _ jwks.Store = (*SigningKeys)(nil)

// NewSigningKeys makes the store.
func NewSigningKeys(db *DB) *SigningKeys { return &SigningKeys{db: db} }

type signingKeyRow struct {
	TenantID      uid    `gorm:"primaryKey"`
	ID            uid    `gorm:"primaryKey"`
	KeyID         string `gorm:"column:kid"`
	Algorithm     string
	Public        []byte `gorm:"column:public_jwk"`
	SealedPrivate []byte
	Created       micros `gorm:"column:created_at"`
	ActivatesAt   micros
	RetiresAt     *micros
	ExpiresAt     *micros
	Version       int64
}

// TableName names the table.
func (signingKeyRow) TableName() string { return "jwks_keys" }

// InsertKey adds the latest key; jwks.ErrChanged while the tenant has another that
// nothing follows.
func (s *SigningKeys) InsertKey(ctx context.Context, added jwks.Key) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toSigningKeyRow(tenant, added)
		return hitOne(tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row), jwks.ErrChanged)
	})
}

// Keys lists all of the tenant's in the order in which they follow each other: each
// retires when the next one begins.
func (s *SigningKeys) Keys(ctx context.Context) ([]jwks.Key, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[signingKeyRow](db.Where(of(tenant)).Order("retires_at IS NULL, retires_at, created_at, id"))
	if err != nil {
		return nil, err
	}
	keys := make([]jwks.Key, len(rows))
	for i, row := range rows {
		keys[i] = row.fromRow()
	}
	return keys, nil
}

// UpdateKey replaces the times at which a key begins and ends where the stored
// version is that of changed, and raises it; jwks.ErrChanged otherwise.
func (s *SigningKeys) UpdateKey(ctx context.Context, changed jwks.Key) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toSigningKeyRow(tenant, changed)
		result := tx.Model(&signingKeyRow{}).Where(of(tenant)).Where("id = ? AND version = ?", row.ID, row.Version).
			UpdateColumns(map[string]any{
				"activates_at": row.ActivatesAt, "retires_at": row.RetiresAt, "expires_at": row.ExpiresAt,
				"version": row.Version + 1,
			})
		return hitOne(result, jwks.ErrChanged)
	})
}

// DeleteKey removes the key where the stored version is that of removed;
// jwks.ErrChanged otherwise.
func (s *SigningKeys) DeleteKey(ctx context.Context, removed jwks.Key) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Where(of(tenant)).Where("id = ? AND version = ?", uidOf(removed.ID), removed.Version).
			Delete(&signingKeyRow{})
		return hitOne(result, jwks.ErrChanged)
	})
}

// TenantsDue lists, over all tenants, those whose latest key began to sign by one
// time or that have a key which expired by the other.
func (s *SigningKeys) TenantsDue(ctx context.Context, begun, expired time.Time) ([]id.Tenant, error) {
	if !reqctx.EveryTenant(ctx) {
		return nil, reqctx.ErrNoTenant
	}
	var found []uid
	err := across(s.db.read(ctx)).Model(&signingKeyRow{}).Distinct(tenantColumn).
		Where("retires_at IS NULL AND activates_at <= ? OR expires_at <= ?", microsOf(begun), microsOf(expired)).
		Order(tenantColumn).Pluck(tenantColumn, &found).Error
	if err != nil {
		return nil, err
	}
	tenants := make([]id.Tenant, len(found))
	for i, column := range found {
		into(&tenants[i], column)
	}
	return tenants, nil
}

func toSigningKeyRow(tenant uid, from jwks.Key) signingKeyRow {
	return signingKeyRow{
		TenantID: tenant, ID: uidOf(from.ID), KeyID: from.KeyID, Algorithm: string(from.Algorithm),
		Public: present(from.Public), SealedPrivate: present(from.Private),
		Created: microsOf(from.CreatedAt), ActivatesAt: microsOf(from.ActivatesAt),
		RetiresAt: optionalMicros(from.RetiresAt), ExpiresAt: optionalMicros(from.ExpiresAt), Version: from.Version,
	}
}

func (r signingKeyRow) fromRow() jwks.Key {
	found := jwks.Key{
		KeyID: r.KeyID, Algorithm: jose.Algorithm(r.Algorithm), Public: present(r.Public), Private: present(r.SealedPrivate),
		CreatedAt: r.Created.time(), ActivatesAt: r.ActivatesAt.time(),
		RetiresAt: optionalTime(r.RetiresAt), ExpiresAt: optionalTime(r.ExpiresAt), Version: r.Version,
	}
	into(&found.ID, r.ID)
	return found
}
