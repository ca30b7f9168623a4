package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/application"
)

// ApplicationSecrets keeps the digests of what applications prove themselves with.
type ApplicationSecrets struct{ db *DB }

var _ application.SecretStore = (*ApplicationSecrets)(nil)

// NewApplicationSecrets makes the store.
func NewApplicationSecrets(db *DB) *ApplicationSecrets { return &ApplicationSecrets{db: db} }

type applicationSecretRow struct {
	TenantID      uid `gorm:"primaryKey"`
	ApplicationID uid `gorm:"primaryKey"`
	ID            uid `gorm:"primaryKey"`
	Digest        []byte
	Created       micros `gorm:"column:created_at"`
	ExpiresAt     *micros
}

// TableName names the table.
func (applicationSecretRow) TableName() string { return "application_secrets" }

// HoldApplication keeps everybody else from changing an application's secrets until the
// unit of work ends; application.ErrUnknown.
func (s *ApplicationSecrets) HoldApplication(ctx context.Context, held application.ID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Model(&applicationRow{}).Where(of(tenant)).Where("id = ?", uidOf(held)).
			UpdateColumn("version", gorm.Expr("version"))
		return hitOne(result, application.ErrUnknown)
	})
}

// InsertSecret adds one.
func (s *ApplicationSecrets) InsertSecret(ctx context.Context, added application.Secret) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Create(&applicationSecretRow{
			TenantID: tenant, ApplicationID: uidOf(added.Application), ID: uidOf(added.ID), Digest: added.Digest[:],
			Created: microsOf(added.CreatedAt), ExpiresAt: optionalMicros(added.ExpiresAt),
		}).Error
	})
}

// Secrets lists those of an application by id, after the one that is given.
func (s *ApplicationSecrets) Secrets(ctx context.Context, owner application.ID, after application.SecretID, limit int) ([]application.Secret, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[applicationSecretRow](db.Where(of(tenant)).
		Where("application_id = ? AND id > ?", uidOf(owner), uidOf(after)).Order("id").Limit(limit))
	if err != nil {
		return nil, err
	}
	found := make([]application.Secret, len(rows))
	for i, row := range rows {
		found[i] = application.Secret{CreatedAt: row.Created.time(), ExpiresAt: optionalTime(row.ExpiresAt)}
		into(&found[i].ID, row.ID)
		into(&found[i].Application, row.ApplicationID)
		copy(found[i].Digest[:], row.Digest)
	}
	return found, nil
}

// EndSecrets lets those of an application end at a time that do not end before.
func (s *ApplicationSecrets) EndSecrets(ctx context.Context, owner application.ID, at time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		end := microsOf(at)
		return tx.Model(&applicationSecretRow{}).Where(of(tenant)).
			Where("application_id = ? AND (expires_at IS NULL OR expires_at > ?)", uidOf(owner), end).
			UpdateColumns(map[string]any{"expires_at": end}).Error
	})
}

// DropSecrets removes those of an application that have ended by a time.
func (s *ApplicationSecrets) DropSecrets(ctx context.Context, owner application.ID, ended time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Where(of(tenant)).Where("application_id = ? AND expires_at <= ?", uidOf(owner), microsOf(ended)).
			Delete(&applicationSecretRow{}).Error
	})
}

// DeleteSecret removes one; application.ErrSecretUnknown.
func (s *ApplicationSecrets) DeleteSecret(ctx context.Context, owner application.ID, gone application.SecretID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Where(of(tenant)).Where("application_id = ? AND id = ?", uidOf(owner), uidOf(gone)).Delete(&applicationSecretRow{})
		return hitOne(result, application.ErrSecretUnknown)
	})
}
