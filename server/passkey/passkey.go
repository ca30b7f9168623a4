package passkey

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/user"
)

type idKind struct{}

func (idKind) Prefix() string { return "psk" }

// ID names a passkey; the credential id is what its authenticator calls it.
type ID = id.Of[idKind]

// Passkey is a public key credential of a user.
type Passkey struct {
	ID           ID
	UserID       user.ID
	RelyingParty string
	Handle       []byte // of the user at the relying party, as the authenticator keeps it
	CredentialID []byte
	PublicKey    []byte // COSE_Key
	AAGUID       uuid.UUID
	Attested     bool   // whether the AAGUID is proven
	Format       string // of the attestation statement
	Name         string
	Transports   []string
	Attachment   string
	Discoverable bool
	Eligible     bool // for backup
	BackedUp     bool
	Verified     bool // whether it was made by somebody whom the authenticator verified
	SignCount    uint32
	CreatedAt    time.Time
	LastUsedAt   *time.Time
}

// Handle is what authenticators call a user at one relying party.
type Handle struct {
	RelyingParty string
	Handle       []byte
}

// Use is what a proof changes of a passkey.
type Use struct {
	ID        ID
	From      uint32 // the sign count it was read with
	SignCount uint32
	BackedUp  bool
	At        time.Time
}

// Store keeps passkeys.
type Store interface {
	// InsertPasskey adds one; ErrTaken where the tenant has its credential id at the relying
	// party, whoever's it is.
	InsertPasskey(ctx context.Context, added Passkey) error
	// PasskeyByCredential finds one; ErrUnknown.
	PasskeyByCredential(ctx context.Context, relyingParty string, credentialID []byte) (Passkey, error)
	// PasskeysOf lists a user's of every relying party, oldest first.
	PasskeysOf(ctx context.Context, owner user.ID) ([]Passkey, error)
	// UsePasskey notes a use where the stored sign count is use.From; ErrMoved otherwise, and
	// where there is none.
	UsePasskey(ctx context.Context, use Use) error
	// RenamePasskey names one of a user's; ErrUnknown.
	RenamePasskey(ctx context.Context, owner user.ID, which ID, name string) error
	// DeletePasskey removes one of a user's; ErrUnknown.
	DeletePasskey(ctx context.Context, owner user.ID, which ID) error
	// DeletePasskeys removes all of a user's, and gives them, oldest first.
	DeletePasskeys(ctx context.Context, owner user.ID) ([]Passkey, error)
	// HandlesOf lists a user's handles, by relying party.
	HandlesOf(ctx context.Context, owner user.ID) ([]Handle, error)
	// KeepHandle keeps one for a user who has none there yet, and gives the one they have.
	KeepHandle(ctx context.Context, owner user.ID, relyingParty string, handle []byte) ([]byte, error)
}
