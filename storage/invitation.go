package storage

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// Invitations keeps who was invited.
type Invitations struct{ db *DB }

var _ invitation.Store = (*Invitations)(nil)

// NewInvitations makes the store.
func NewInvitations(db *DB) *Invitations { return &Invitations{db: db} }

type invitationRow struct {
	TenantID        uid `gorm:"primaryKey"`
	ID              uid `gorm:"primaryKey"`
	ApplicationID   uid
	Address         []byte
	Content         []byte
	Locale          string
	Delivery        string
	Status          string
	ActorKind       string
	ActorID         string
	InviterID       *uid
	UserID          *uid
	Digest          []byte
	LifetimeSeconds int64
	Created         micros `gorm:"column:created_at"`
	SentAt          micros
	ExpiresAt       micros
	AcceptedAt      *micros
	RevokedAt       *micros
}

// TableName names the table.
func (invitationRow) TableName() string { return "invitations" }

const (
	invitationSame    = "application_id = ? AND address = ? AND status = 'pending'"
	invitationOwn     = "inviter_id = ?"
	invitationNobodys = "inviter_id IS NULL"
	invitationPending = "id = ? AND digest = ? AND status = 'pending' AND expires_at > ?"
	invitationOpen    = "id = ? AND status IN ('pending', 'expired')"
)

// InsertInvitation adds one, once those of the inviter for the address at the application that
// have run out are noted as expired; invitation.ErrExists where another one is pending.
func (s *Invitations) InsertInvitation(ctx context.Context, made invitation.Invitation) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toInvitationRow(tenant, made)
		if err := runOutInvitations(tx, row); err != nil {
			return err
		}
		return hitOne(tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row), invitation.ErrExists)
	})
}

// runOutInvitations notes as expired those that stand in the way of a row and have run out when
// its token was made.
func runOutInvitations(tx *gorm.DB, row invitationRow) error {
	return sameInvitations(tx.Model(&invitationRow{}), row).
		Where("id <> ? AND expires_at <= ?", row.ID, row.SentAt).UpdateColumn("status", string(invitation.Expired)).Error
}

// sameInvitations picks the pending ones of a row's inviter for its address at its application.
func sameInvitations(query *gorm.DB, row invitationRow) *gorm.DB {
	query = query.Where(of(row.TenantID)).Where(invitationSame, row.ApplicationID, row.Address)
	if row.InviterID == nil {
		return query.Where(invitationNobodys)
	}
	return query.Where(invitationOwn, *row.InviterID)
}

// InvitationByID finds one; invitation.ErrUnknown.
func (s *Invitations) InvitationByID(ctx context.Context, wanted invitation.ID) (invitation.Invitation, error) {
	return s.one(ctx, "id = ?", uidOf(wanted))
}

// InvitationByDigest finds the one with a token; invitation.ErrUnknown.
func (s *Invitations) InvitationByDigest(ctx context.Context, digest secret.Digest) (invitation.Invitation, error) {
	return s.one(ctx, "digest = ?", digest[:])
}

func (s *Invitations) one(ctx context.Context, condition string, value any) (invitation.Invitation, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return invitation.Invitation{}, err
	}
	row, err := one[invitationRow](db.Where(of(tenant)).Where(condition, value), invitation.ErrUnknown)
	if err != nil {
		return invitation.Invitation{}, err
	}
	return row.fromRow(), nil
}

// Invitations lists the newest first, before the one that is given (zero: from the newest).
func (s *Invitations) Invitations(ctx context.Context, filter invitation.Filter, before invitation.ID, limit int) ([]invitation.Invitation, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := db.Where(of(tenant)).Order("id DESC").Limit(max(limit, 0))
	if !before.IsZero() {
		query = query.Where("id < ?", uidOf(before))
	}
	if filter.Address != nil {
		query = query.Where("address = ?", filter.Address[:])
	}
	if !filter.Inviter.IsZero() {
		query = query.Where(invitationOwn, uidOf(filter.Inviter))
	}
	if !filter.Application.IsZero() {
		query = query.Where("application_id = ?", uidOf(filter.Application))
	}
	switch filter.Status {
	case invitation.Pending:
		query = query.Where("status = 'pending' AND expires_at > ?", microsOf(filter.Now))
	case invitation.Expired:
		query = query.Where("status IN ('pending', 'expired') AND expires_at <= ?", microsOf(filter.Now))
	case invitation.Accepted, invitation.Revoked:
		query = query.Where("status = ?", string(filter.Status))
	}
	rows, err := many[invitationRow](query)
	if err != nil {
		return nil, err
	}
	found := make([]invitation.Invitation, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow()
	}
	return found, nil
}

// RenewInvitation writes the token and times of one that has the digest was and is neither
// accepted nor revoked, and has it pending; invitation.ErrClosed, and invitation.ErrExists
// where another one is pending.
func (s *Invitations) RenewInvitation(ctx context.Context, again invitation.Invitation, was secret.Digest) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toInvitationRow(tenant, again)
		if err := runOutInvitations(tx, row); err != nil {
			return err
		}
		others, err := many[invitationRow](sameInvitations(tx, row).Where("id <> ?", row.ID).Limit(1))
		if err != nil {
			return err
		}
		if len(others) > 0 {
			return invitation.ErrExists
		}
		return unlessUnique(tx, invitation.ErrExists, func() error { // another one may be pending since
			return hitOne(tx.Model(&invitationRow{}).Where(of(tenant)).Where(invitationOpen, row.ID).Where("digest = ?", was[:]).UpdateColumns(map[string]any{
				"digest": row.Digest, "status": string(invitation.Pending), "sent_at": row.SentAt, "expires_at": row.ExpiresAt,
			}), invitation.ErrClosed)
		})
	})
}

// AcceptInvitation notes who accepted a pending one that has the digest and has not run out at
// now; invitation.ErrInvalid.
func (s *Invitations) AcceptInvitation(ctx context.Context, wanted invitation.ID, digest secret.Digest, by user.ID, now time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		query := tx.Model(&invitationRow{}).Where(of(tenant)).Where(invitationPending, uidOf(wanted), digest[:], microsOf(now))
		return hitOne(query.UpdateColumns(map[string]any{
			"status": string(invitation.Accepted), "user_id": uidOf(by), "accepted_at": microsOf(now),
		}), invitation.ErrInvalid)
	})
}

// RevokeInvitation notes that one is revoked that was not accepted or revoked;
// invitation.ErrClosed.
func (s *Invitations) RevokeInvitation(ctx context.Context, wanted invitation.ID, now time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		query := tx.Model(&invitationRow{}).Where(of(tenant)).Where(invitationOpen, uidOf(wanted))
		return hitOne(query.UpdateColumns(map[string]any{"status": string(invitation.Revoked), "revoked_at": microsOf(now)}), invitation.ErrClosed)
	})
}

// MoveInvitations makes another user's what a user has accepted and whom they have invited.
// Where both have one pending for an address at an application only the other's stays.
func (s *Invitations) MoveInvitations(ctx context.Context, from, to user.ID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		twice := tx.Exec(`DELETE FROM invitations WHERE tenant_id = ? AND inviter_id = ? AND status = 'pending' AND EXISTS (
			SELECT 1 FROM invitations AS kept WHERE kept.tenant_id = invitations.tenant_id AND kept.inviter_id = ? AND kept.status = 'pending'
				AND kept.application_id = invitations.application_id AND kept.address = invitations.address)`, tenant, uidOf(from), uidOf(to))
		if twice.Error != nil {
			return twice.Error
		}
		all := func() *gorm.DB { return tx.Model(&invitationRow{}).Where(of(tenant)) }
		if err := all().Where("user_id = ?", uidOf(from)).UpdateColumn("user_id", uidOf(to)).Error; err != nil {
			return err
		}
		return all().Where(invitationOwn, uidOf(from)).UpdateColumns(map[string]any{"inviter_id": uidOf(to), "actor_id": to.String()}).Error
	})
}

// DeleteInvitations removes up to limit that ran out before a time, over all tenants, and tells
// how many.
func (s *Invitations) DeleteInvitations(ctx context.Context, before time.Time, limit int) (count int, err error) {
	err = s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		gone := tx.Exec(`DELETE FROM invitations WHERE (tenant_id, id) IN (
			SELECT tenant_id, id FROM invitations WHERE expires_at <= ? ORDER BY expires_at, tenant_id, id LIMIT ?)`, microsOf(before), max(limit, 0))
		count = int(gone.RowsAffected)
		return gone.Error
	})
	return count, err
}

// EraseUser deletes the invitations that the user has accepted or asked for.
func (s *Invitations) EraseUser(ctx context.Context, person user.ID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		for _, condition := range []string{"user_id = ?", invitationOwn} {
			if err := tx.Where(of(tenant)).Where(condition, uidOf(person)).Delete(&invitationRow{}).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// InvitationsOf gives those that a person has accepted, the oldest first, and then those that
// they have asked for.
func (s *Invitations) InvitationsOf(ctx context.Context, person user.ID, give func(found invitation.Invitation) error) error {
	key := func(row invitationRow) any { return row.ID }
	if err := eachOfUser(ctx, s.db, person, "id", key, func(row invitationRow) error { return give(row.fromRow()) }); err != nil {
		return err
	}
	return eachOfPerson(ctx, s.db, "inviter_id", person, "id", key, func(row invitationRow) error {
		if row.UserID != nil && *row.UserID == uidOf(person) {
			return nil // it was given above
		}
		return give(row.fromRow())
	})
}

func toInvitationRow(tenant uid, from invitation.Invitation) invitationRow {
	row := invitationRow{
		TenantID: tenant, ID: uidOf(from.ID), ApplicationID: uidOf(from.Application), Address: from.Address[:], Content: present(from.Content), Locale: from.Locale,
		Delivery: string(from.Delivery), Status: string(from.Status), ActorKind: string(from.By.Kind), ActorID: from.By.ID, InviterID: nil, UserID: nil,
		Digest: from.Digest[:], LifetimeSeconds: int64(from.Lifetime / time.Second), Created: microsOf(from.CreatedAt), SentAt: microsOf(from.SentAt),
		ExpiresAt: microsOf(from.ExpiresAt), AcceptedAt: optionalMicros(from.AcceptedAt), RevokedAt: optionalMicros(from.RevokedAt),
	}
	if !from.User.IsZero() {
		row.UserID = new(uidOf(from.User))
	}
	if !from.Inviter.IsZero() {
		row.InviterID = new(uidOf(from.Inviter))
	}
	return row
}

func (r invitationRow) fromRow() invitation.Invitation {
	found := invitation.Invitation{
		Content: present(r.Content), Locale: r.Locale, Delivery: invitation.Delivery(r.Delivery), Status: invitation.Status(r.Status),
		By: reqctx.Actor{Kind: reqctx.ActorKind(r.ActorKind), ID: r.ActorID}, Lifetime: time.Duration(r.LifetimeSeconds) * time.Second,
		CreatedAt: r.Created.time(), SentAt: r.SentAt.time(), ExpiresAt: r.ExpiresAt.time(), AcceptedAt: optionalTime(r.AcceptedAt), RevokedAt: optionalTime(r.RevokedAt),
	}
	copy(found.Address[:], r.Address)
	copy(found.Digest[:], r.Digest)
	into(&found.ID, r.ID)
	into(&found.Application, r.ApplicationID)
	if r.UserID != nil {
		into(&found.User, *r.UserID)
	}
	if r.InviterID != nil {
		into(&found.Inviter, *r.InviterID)
	}
	return found
}
