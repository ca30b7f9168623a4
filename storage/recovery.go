package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/user"
)

// Recoveries keeps at most one recovery per user.
type Recoveries struct{ db *DB }

var _ recovery.Store = (*Recoveries)(nil)

// NewRecoveries makes the store.
func NewRecoveries(db *DB) *Recoveries { return &Recoveries{db: db} }

type recoveryRow struct {
	TenantID      uid `gorm:"primaryKey"`
	UserID        uid `gorm:"primaryKey"`
	ApplicationID uid
	Type          string `gorm:"column:identifier_type"`
	Recipient     []byte
	Address       []byte
	Token         []byte
	Status        string
	Created       micros `gorm:"column:created_at"`
	OpensAt       micros
	ExpiresAt     micros
	EndedAt       *micros
}

// TableName names the table.
func (recoveryRow) TableName() string { return "recoveries" }

// StartRecovery adds one in the place of one of the same user that is over at now;
// recovery.ErrRunning where one is not.
func (s *Recoveries) StartRecovery(ctx context.Context, started recovery.Recovery, now time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toRecoveryRow(tenant, started)
		err := tx.Where(of(tenant)).Where("user_id = ? AND (status <> ? OR expires_at <= ?)", row.UserID, string(recovery.Waiting), microsOf(now)).
			Delete(&recoveryRow{}).Error
		if err != nil {
			return err
		}
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "user_id")).Create(&row), recovery.ErrRunning)
	})
}

// RecoveryOf reads a user's; recovery.ErrUnknown.
func (s *Recoveries) RecoveryOf(ctx context.Context, owner user.ID) (recovery.Recovery, error) {
	return s.one(ctx, "user_id = ?", uidOf(owner))
}

// RecoveryByToken reads the one that a token stops; recovery.ErrUnknown.
func (s *Recoveries) RecoveryByToken(ctx context.Context, token secret.Digest) (recovery.Recovery, error) {
	return s.one(ctx, "token = ?", token[:])
}

func (s *Recoveries) one(ctx context.Context, where string, value any) (recovery.Recovery, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return recovery.Recovery{}, err
	}
	row, err := one[recoveryRow](db.Where(of(tenant)).Where(where, value), recovery.ErrUnknown)
	if err != nil {
		return recovery.Recovery{}, err
	}
	return row.fromRow(), nil
}

// RecoveriesTo reads up to limit that wait for an address and have not expired at now.
func (s *Recoveries) RecoveriesTo(ctx context.Context, address [32]byte, now time.Time, limit int) ([]recovery.Recovery, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[recoveryRow](db.Where(of(tenant)).
		Where("address = ? AND status = 'waiting' AND expires_at > ?", address[:], microsOf(now)).Order("user_id").Limit(max(limit, 0)))
	found := make([]recovery.Recovery, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow()
	}
	return found, err
}

// EndRecovery writes Status and EndedAt of ended where it is Waiting still, for the same
// address and with the same token; recovery.ErrUnknown otherwise.
func (s *Recoveries) EndRecovery(ctx context.Context, ended recovery.Recovery) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toRecoveryRow(tenant, ended)
		query := tx.Model(&recoveryRow{}).Where(of(tenant)).
			Where("user_id = ? AND status = ? AND address = ? AND token = ?", row.UserID, string(recovery.Waiting), row.Address, row.Token)
		return hitOne(query.UpdateColumns(map[string]any{"status": row.Status, "ended_at": row.EndedAt}), recovery.ErrUnknown)
	})
}

// EraseUser removes a user's recovery.
func (s *Recoveries) EraseUser(ctx context.Context, person user.ID) error {
	return eraseUser[recoveryRow](ctx, s.db, person)
}

func toRecoveryRow(tenant uid, from recovery.Recovery) recoveryRow {
	return recoveryRow{
		TenantID: tenant, UserID: uidOf(from.UserID), ApplicationID: uidOf(from.ApplicationID), Type: string(from.Type), Recipient: from.Recipient,
		Address: from.Address[:], Token: from.Token[:], Status: string(from.Status),
		Created: microsOf(from.CreatedAt), OpensAt: microsOf(from.OpensAt), ExpiresAt: microsOf(from.ExpiresAt), EndedAt: optionalMicros(from.EndedAt),
	}
}

func (r recoveryRow) fromRow() recovery.Recovery {
	found := recovery.Recovery{
		Type: user.IdentifierType(r.Type), Recipient: r.Recipient, Status: recovery.Status(r.Status),
		CreatedAt: r.Created.time(), OpensAt: r.OpensAt.time(), ExpiresAt: r.ExpiresAt.time(), EndedAt: optionalTime(r.EndedAt),
	}
	copy(found.Address[:], r.Address)
	copy(found.Token[:], r.Token)
	into(&found.UserID, r.UserID)
	into(&found.ApplicationID, r.ApplicationID)
	return found
}
