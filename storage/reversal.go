package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/reversal"
	"github.com/lintel-id/lintel/server/user"
)

// Reversals keeps ways back from changes of accounts.
type Reversals struct{ db *DB }

var _ reversal.Store = (*Reversals)(nil)

// NewReversals makes the store.
func NewReversals(db *DB) *Reversals { return &Reversals{db: db} }

type reversalRow struct {
	TenantID      uid `gorm:"primaryKey"`
	ID            uid `gorm:"primaryKey"`
	UserID        uid
	ApplicationID uid
	Digest        []byte
	Content       []byte
	Created       micros `gorm:"column:created_at"`
	ExpiresAt     micros
}

// TableName names the table.
func (reversalRow) TableName() string { return "reversals" }

// InsertReversal adds one.
func (s *Reversals) InsertReversal(ctx context.Context, added reversal.Reversal) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Create(&reversalRow{
			TenantID: tenant, ID: uidOf(added.ID), UserID: uidOf(added.UserID), ApplicationID: uidOf(added.ApplicationID),
			Digest: added.Digest[:], Content: present(added.Content), Created: microsOf(added.CreatedAt), ExpiresAt: microsOf(added.ExpiresAt),
		}).Error
	})
}

// ReversalByDigest finds one by what its link brings; reversal.ErrInvalid.
func (s *Reversals) ReversalByDigest(ctx context.Context, digest secret.Digest) (reversal.Reversal, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return reversal.Reversal{}, err
	}
	row, err := one[reversalRow](db.Where(of(tenant)).Where("digest = ?", digest[:]), reversal.ErrInvalid)
	if err != nil {
		return reversal.Reversal{}, err
	}
	return row.fromRow(), nil
}

// ReversalsOfUser lists a user's, the oldest first, expired ones too.
func (s *Reversals) ReversalsOfUser(ctx context.Context, owner user.ID) (found []reversal.Reversal, err error) {
	err = eachOfUser(ctx, s.db, owner, "id", func(row reversalRow) any { return row.ID }, func(row reversalRow) error {
		found = append(found, row.fromRow())
		return nil
	})
	return found, err
}

// DeleteReversal removes one, and tells whether it was there.
func (s *Reversals) DeleteReversal(ctx context.Context, wanted reversal.ID) (deleted bool, err error) {
	err = s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		gone := tx.Where(of(tenant)).Where("id = ?", uidOf(wanted)).Delete(&reversalRow{})
		deleted = gone.RowsAffected == 1
		return gone.Error
	})
	return deleted, err
}

// DeleteReversals removes up to limit that expired before a time, over all tenants, and tells
// how many.
func (s *Reversals) DeleteReversals(ctx context.Context, before time.Time, limit int) (count int, err error) {
	err = s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		gone := tx.Exec(`DELETE FROM reversals WHERE (tenant_id, id) IN (
			SELECT tenant_id, id FROM reversals WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`, microsOf(before), max(limit, 0))
		count = int(gone.RowsAffected)
		return gone.Error
	})
	return count, err
}

// EraseUser deletes the user's ways back.
func (s *Reversals) EraseUser(ctx context.Context, person user.ID) error {
	return eraseUser[reversalRow](ctx, s.db, person)
}

func (r reversalRow) fromRow() reversal.Reversal {
	found := reversal.Reversal{Content: present(r.Content), CreatedAt: r.Created.time(), ExpiresAt: r.ExpiresAt.time()}
	copy(found.Digest[:], r.Digest)
	into(&found.ID, r.ID)
	into(&found.UserID, r.UserID)
	into(&found.ApplicationID, r.ApplicationID)
	return found
}
