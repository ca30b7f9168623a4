package storage

import (
	"context"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/user"
)

// Consents keeps consents.
type Consents struct{ db *DB }

var _ consent.Store = (*Consents)(nil)

// NewConsents makes the store.
func NewConsents(db *DB) *Consents { return &Consents{db: db} }

type consentRow struct {
	TenantID      uid `gorm:"primaryKey"`
	ID            uid `gorm:"primaryKey"`
	UserID        uid
	ApplicationID uid
	Subject       string
	Version       string
	GivenAt       micros
}

// TableName names the table.
func (consentRow) TableName() string { return "consents" }

// InsertConsent adds one; giving the same again is no error and changes nothing.
func (s *Consents) InsertConsent(ctx context.Context, given consent.Consent) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toConsentRow(tenant, given)
		same := unlessTaken("tenant_id", "user_id", "application_id", "subject", "version")
		return tx.Clauses(same).Create(&row).Error
	})
}

// Consents lists a user's, oldest first.
func (s *Consents) Consents(ctx context.Context, giver user.ID) ([]consent.Consent, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[consentRow](db.Where(of(tenant)).Where("user_id = ?", uidOf(giver)).Order("given_at, id"))
	if err != nil {
		return nil, err
	}
	given := make([]consent.Consent, len(rows))
	for i, row := range rows {
		given[i] = row.fromRow()
	}
	return given, nil
}

// MoveConsents gives those of one user to another who has not agreed to the same.
func (s *Consents) MoveConsents(ctx context.Context, from, to user.ID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Model(&consentRow{}).Where(of(tenant)).Where("user_id = ?", uidOf(from)).
			Where(`NOT EXISTS (SELECT 1 FROM consents AS own WHERE own.tenant_id = ? AND own.user_id = ?
				AND own.application_id = consents.application_id AND own.subject = consents.subject AND own.version = consents.version)`,
				tenant, uidOf(to)).
			UpdateColumn("user_id", uidOf(to)).Error
	})
}

func toConsentRow(tenant uid, from consent.Consent) consentRow {
	return consentRow{
		TenantID: tenant, ID: uidOf(from.ID), UserID: uidOf(from.UserID), ApplicationID: uidOf(from.ApplicationID),
		Subject: string(from.Subject), Version: from.Version, GivenAt: microsOf(from.GivenAt),
	}
}

func (r consentRow) fromRow() consent.Consent {
	found := consent.Consent{Subject: consent.Subject(r.Subject), Version: r.Version, GivenAt: r.GivenAt.time()}
	into(&found.ID, r.ID)
	into(&found.UserID, r.UserID)
	into(&found.ApplicationID, r.ApplicationID)
	return found
}
