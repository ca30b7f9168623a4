package storage

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/user"
)

// Passkeys keeps passkeys, and what authenticators call the users who have them.
type Passkeys struct{ db *DB }

var _ passkey.Store = (*Passkeys)(nil)

// NewPasskeys makes the store.
func NewPasskeys(db *DB) *Passkeys { return &Passkeys{db: db} }

type passkeyRow struct {
	TenantID     uid `gorm:"primaryKey"`
	ID           uid `gorm:"primaryKey"`
	UserID       uid
	RelyingParty string `gorm:"column:rp_id"`
	Handle       []byte
	CredentialID []byte
	PublicKey    []byte
	AAGUID       uid `gorm:"column:aaguid"`
	Attested     bool
	Format       string
	Name         string
	Transports   jsonList[string]
	Attachment   string
	Discoverable bool
	Eligible     bool `gorm:"column:backup_eligible"`
	BackedUp     bool
	Verified     bool
	SignCount    int64
	Created      micros `gorm:"column:created_at"`
	LastUsedAt   *micros
}

// TableName names the table.
func (passkeyRow) TableName() string { return "passkeys" }

type passkeyHandleRow struct {
	TenantID     uid    `gorm:"primaryKey"`
	UserID       uid    `gorm:"primaryKey"`
	RelyingParty string `gorm:"primaryKey;column:rp_id"`
	Handle       []byte
}

// TableName names the table.
func (passkeyHandleRow) TableName() string { return "passkey_handles" }

// InsertPasskey adds one; passkey.ErrTaken where the tenant has its credential id at the
// relying party, whoever's it is.
func (s *Passkeys) InsertPasskey(ctx context.Context, added passkey.Passkey) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toPasskeyRow(tenant, added)
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "rp_id", "credential_id")).Create(&row), passkey.ErrTaken)
	})
}

// PasskeyByCredential finds one; passkey.ErrUnknown.
func (s *Passkeys) PasskeyByCredential(ctx context.Context, relyingParty string, credentialID []byte) (passkey.Passkey, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return passkey.Passkey{}, err
	}
	row, err := one[passkeyRow](db.Where(of(tenant)).Where("rp_id = ? AND credential_id = ?", relyingParty, present(credentialID)), passkey.ErrUnknown)
	if err != nil {
		return passkey.Passkey{}, err
	}
	return row.fromRow(), nil
}

// PasskeysOf lists a user's of every relying party, oldest first.
func (s *Passkeys) PasskeysOf(ctx context.Context, owner user.ID) ([]passkey.Passkey, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[passkeyRow](db.Where(of(tenant)).Where("user_id = ?", uidOf(owner)).Order("created_at, id"))
	return fromPasskeyRows(rows), err
}

// UsePasskey notes a use where the stored sign count is use.From; passkey.ErrMoved otherwise,
// and where there is none.
func (s *Passkeys) UsePasskey(ctx context.Context, use passkey.Use) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		used := tx.Model(&passkeyRow{}).Where(of(tenant)).Where("id = ? AND sign_count = ?", uidOf(use.ID), int64(use.From)).
			UpdateColumns(map[string]any{"sign_count": int64(use.SignCount), "backed_up": use.BackedUp, "last_used_at": microsOf(use.At)})
		return hitOne(used, passkey.ErrMoved)
	})
}

// RenamePasskey names one of a user's; passkey.ErrUnknown.
func (s *Passkeys) RenamePasskey(ctx context.Context, owner user.ID, which passkey.ID, name string) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		named := tx.Model(&passkeyRow{}).Where(of(tenant)).Where(passkeyOwn, uidOf(which), uidOf(owner)).UpdateColumn("name", name)
		return hitOne(named, passkey.ErrUnknown)
	})
}

const passkeyOwn = "id = ? AND user_id = ?" //nolint:gosec // it is a condition

// DeletePasskey removes one of a user's; passkey.ErrUnknown.
func (s *Passkeys) DeletePasskey(ctx context.Context, owner user.ID, which passkey.ID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return hitOne(tx.Where(of(tenant)).Where(passkeyOwn, uidOf(which), uidOf(owner)).Delete(&passkeyRow{}), passkey.ErrUnknown)
	})
}

// The columns are named for the reason that many names them.
const deletePasskeys = `DELETE FROM passkeys WHERE tenant_id = ? AND user_id = ?
	RETURNING tenant_id, id, user_id, rp_id, handle, credential_id, public_key, aaguid, attested, format, name, transports, attachment,
		discoverable, backup_eligible, backed_up, verified, sign_count, created_at, last_used_at`

// DeletePasskeys removes all of a user's, and gives them, oldest first.
func (s *Passkeys) DeletePasskeys(ctx context.Context, owner user.ID) (gone []passkey.Passkey, err error) {
	err = s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		var rows []passkeyRow
		if err := tx.Raw(deletePasskeys, tenant, uidOf(owner)).Scan(&rows).Error; err != nil {
			return err
		}
		slices.SortFunc(rows, func(a, b passkeyRow) int {
			return cmp.Or(a.Created.time().Compare(b.Created.time()), bytes.Compare(a.ID[:], b.ID[:]))
		})
		gone = fromPasskeyRows(rows)
		return nil
	})
	return gone, err
}

// HandlesOf lists a user's handles, by relying party.
func (s *Passkeys) HandlesOf(ctx context.Context, owner user.ID) ([]passkey.Handle, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[passkeyHandleRow](db.Where(of(tenant)).Where("user_id = ?", uidOf(owner)).Order("rp_id"))
	handles := make([]passkey.Handle, len(rows))
	for i, row := range rows {
		handles[i] = passkey.Handle{RelyingParty: row.RelyingParty, Handle: row.Handle}
	}
	return handles, err
}

// keepHandle writes what there is over itself, so that it is given in the same statement:
// whoever comes second waits for the first, and gets what that one has kept.
const keepHandle = `INSERT INTO passkey_handles (tenant_id, user_id, rp_id, handle) VALUES (?, ?, ?, ?)
	ON CONFLICT (tenant_id, user_id, rp_id) DO UPDATE SET handle = passkey_handles.handle
	RETURNING handle`

// KeepHandle keeps one for a user who has none there yet, and gives the one they have.
func (s *Passkeys) KeepHandle(ctx context.Context, owner user.ID, relyingParty string, handle []byte) (kept []byte, err error) {
	err = s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		var row struct{ Handle []byte }
		err := tx.Raw(keepHandle, tenant, uidOf(owner), relyingParty, handle).Scan(&row).Error
		kept = row.Handle
		return err
	})
	return kept, err
}

// EraseUser deletes the user's passkeys and what authenticators call the user.
func (s *Passkeys) EraseUser(ctx context.Context, person user.ID) error {
	return s.db.Run(ctx, func(ctx context.Context) error {
		if err := eraseUser[passkeyRow](ctx, s.db, person); err != nil {
			return err
		}
		return eraseUser[passkeyHandleRow](ctx, s.db, person)
	})
}

func toPasskeyRow(tenant uid, from passkey.Passkey) passkeyRow {
	return passkeyRow{
		TenantID: tenant, ID: uidOf(from.ID), UserID: uidOf(from.UserID), RelyingParty: from.RelyingParty, Handle: from.Handle,
		CredentialID: from.CredentialID, PublicKey: from.PublicKey, AAGUID: uid(from.AAGUID), Attested: from.Attested, Format: from.Format,
		Name: from.Name, Transports: from.Transports, Attachment: from.Attachment, Discoverable: from.Discoverable, Eligible: from.Eligible,
		BackedUp: from.BackedUp, Verified: from.Verified, SignCount: int64(from.SignCount),
		Created: microsOf(from.CreatedAt), LastUsedAt: optionalMicros(from.LastUsedAt),
	}
}

func (r passkeyRow) fromRow() passkey.Passkey {
	found := passkey.Passkey{
		RelyingParty: r.RelyingParty, Handle: r.Handle, CredentialID: r.CredentialID, PublicKey: r.PublicKey, AAGUID: uuid.UUID(r.AAGUID),
		Attested: r.Attested, Format: r.Format, Name: r.Name, Transports: r.Transports, Attachment: r.Attachment, Discoverable: r.Discoverable,
		Eligible: r.Eligible, BackedUp: r.BackedUp, Verified: r.Verified, SignCount: uint32(r.SignCount),
		CreatedAt: r.Created.time(), LastUsedAt: optionalTime(r.LastUsedAt),
	}
	into(&found.ID, r.ID)
	into(&found.UserID, r.UserID)
	return found
}

func fromPasskeyRows(rows []passkeyRow) []passkey.Passkey {
	all := make([]passkey.Passkey, len(rows))
	for i, row := range rows {
		all[i] = row.fromRow()
	}
	return all
}
