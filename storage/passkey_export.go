package storage

import (
	"context"
	"encoding/base64"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/export"
)

var (
	_ export.Holder = (*Passkeys)(nil)
	_ export.Holder = (*PasskeyHandles)(nil)
)

// Held names passkeys.
func (s *Passkeys) Held() export.Held {
	return export.Held{Section: "passkeys", Tables: []string{"passkeys"}, Operators: false}
}

type exportedPasskey struct {
	ID           string     `json:"id"`
	RelyingParty string     `json:"rp_id"`
	Name         string     `json:"name"`
	AAGUID       string     `json:"aaguid"`
	Transports   []string   `json:"transports"`
	Attachment   string     `json:"attachment"`
	Discoverable bool       `json:"discoverable"`
	BackedUp     bool       `json:"backed_up"`
	CreatedAt    time.Time  `json:"created_at"`
	LastUsedAt   *time.Time `json:"last_used_at"`
}

type passkeyInternal struct {
	UserID    string `json:"user_id"`
	Attested  bool   `json:"attested"`
	Format    string `json:"format"`
	Eligible  bool   `json:"backup_eligible"`
	Verified  bool   `json:"verified"`
	SignCount uint32 `json:"sign_count"`
}

// ExportUser gives the passkeys that the user has, and nothing that one is verified with.
func (s *Passkeys) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	if _, _, err := s.db.scoped(ctx); err != nil {
		return err
	}
	return eachOf(func() *gorm.DB {
		handle, tenant, _ := s.db.scoped(ctx) // it has just been asked
		return handle.Where(of(tenant)).Where("user_id = ?", uidOf(about.User.ID)).Order("created_at, id")
	}, func(query *gorm.DB, last passkeyRow) *gorm.DB {
		return query.Where("(created_at, id) > (?, ?)", last.Created, last.ID)
	}, func(row passkeyRow) error {
		of := row.fromRow()
		transports := of.Transports
		if transports == nil {
			transports = []string{}
		}
		return give(exportedPasskey{
			ID: of.ID.String(), RelyingParty: of.RelyingParty, Name: of.Name, AAGUID: of.AAGUID.String(), Transports: transports, Attachment: of.Attachment,
			Discoverable: of.Discoverable, BackedUp: of.BackedUp, CreatedAt: of.CreatedAt, LastUsedAt: of.LastUsedAt,
		}, passkeyInternal{
			UserID: of.UserID.String(), Attested: of.Attested, Format: of.Format, Eligible: of.Eligible, Verified: of.Verified, SignCount: of.SignCount,
		})
	})
}

// PasskeyHandles tells what authenticators call a user, who may have no passkey any more.
type PasskeyHandles struct{ db *DB }

// NewPasskeyHandles makes the holder; Passkeys erases what it tells.
func NewPasskeyHandles(db *DB) *PasskeyHandles { return &PasskeyHandles{db: db} }

// Held names the handles.
func (s *PasskeyHandles) Held() export.Held {
	return export.Held{Section: "passkey_handles", Tables: []string{"passkey_handles"}, Operators: false}
}

type exportedHandle struct {
	RelyingParty string `json:"rp_id"`
	Handle       string `json:"user_handle"`
}

type handleInternal struct {
	UserID string `json:"user_id"`
}

// ExportUser gives the user's handles, by relying party.
func (s *PasskeyHandles) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	return eachOfUser(ctx, s.db, about.User.ID, "rp_id", func(row passkeyHandleRow) any { return row.RelyingParty }, func(row passkeyHandleRow) error {
		return give(exportedHandle{RelyingParty: row.RelyingParty, Handle: base64.RawURLEncoding.EncodeToString(row.Handle)},
			handleInternal{UserID: about.User.ID.String()})
	})
}
