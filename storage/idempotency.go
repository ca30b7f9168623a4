package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/idempotency"
)

// Claims keeps requests that were begun, and their answers.
type Claims struct{ db *DB }

var _ idempotency.Store = (*Claims)(nil)

// NewClaims makes the store.
func NewClaims(db *DB) *Claims { return &Claims{db: db} }

type claimRow struct {
	TenantID    uid    `gorm:"primaryKey"`
	ClaimKey    []byte `gorm:"primaryKey"`
	Fingerprint []byte
	Sealed      []byte
	ExpiresAt   micros
}

// TableName names the table.
func (claimRow) TableName() string { return "idempotency_claims" }

const deleteClaims = `DELETE FROM idempotency_claims WHERE expires_at < ? AND (tenant_id, claim_key) IN (
	SELECT tenant_id, claim_key FROM idempotency_claims WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`

// InsertClaim adds a row, in the place of one that has expired at now;
// idempotency.ErrBusy when there is a live one.
func (s *Claims) InsertClaim(ctx context.Context, added idempotency.Row, now time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		expired := tx.Where(of(tenant)).Where("claim_key = ? AND expires_at <= ?", added.Key[:], microsOf(now)).Delete(&claimRow{})
		if expired.Error != nil {
			return expired.Error
		}
		row := claimRow{
			TenantID: tenant, ClaimKey: added.Key[:], Fingerprint: added.Fingerprint[:],
			Sealed: present(added.Sealed), ExpiresAt: microsOf(added.ExpiresAt),
		}
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "claim_key")).Create(&row), idempotency.ErrBusy)
	})
}

// ClaimByKey reads a row that has not expired at now; idempotency.ErrNone.
func (s *Claims) ClaimByKey(ctx context.Context, key [32]byte, now time.Time) (idempotency.Row, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return idempotency.Row{}, err
	}
	row, err := one[claimRow](db.Where(of(tenant)).Where("claim_key = ? AND expires_at > ?", key[:], microsOf(now)), idempotency.ErrNone)
	if err != nil {
		return idempotency.Row{}, err
	}
	found := idempotency.Row{Key: key, Sealed: present(row.Sealed), ExpiresAt: row.ExpiresAt.time()}
	copy(found.Fingerprint[:], row.Fingerprint)
	return found, nil
}

// AnswerClaim puts answer and expiry of a row in the place of what there is.
func (s *Claims) AnswerClaim(ctx context.Context, answered idempotency.Row) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Model(&claimRow{}).Where(of(tenant)).Where("claim_key = ? AND fingerprint = ?", answered.Key[:], answered.Fingerprint[:]).
			UpdateColumns(map[string]any{"sealed": present(answered.Sealed), "expires_at": microsOf(answered.ExpiresAt)}).Error
	})
}

// DeleteClaim removes a row that has no answer.
func (s *Claims) DeleteClaim(ctx context.Context, key [32]byte) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Where(of(tenant)).Where("claim_key = ? AND length(sealed) = 0", key[:]).Delete(&claimRow{}).Error
	})
}

// DeleteClaims removes up to limit rows that expired before a time, over all tenants, and
// tells how many.
func (s *Claims) DeleteClaims(ctx context.Context, before time.Time, limit int) (int, error) {
	deleted := 0
	err := s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		at := microsOf(before)
		result := tx.Exec(deleteClaims, at, at, limit)
		deleted = int(result.RowsAffected)
		return result.Error
	})
	return deleted, err
}
