package password

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/user"
)

// Credential is a user's stored password.
type Credential struct {
	UserID  user.ID
	Hash    string // PHC string format
	Scheme  string // the hash's scheme and cost without salt and digest, e.g. "argon2id,m=19456,t=2,p=1"
	SetAt   time.Time
	Version int64
	// ExpiredAt is since when it proves its user only as far as choosing another; nil: it
	// is good.
	ExpiredAt *time.Time
}

// Store keeps one password per user.
type Store interface {
	// PasswordOf reads a user's credential; ErrNone when there is none.
	PasswordOf(ctx context.Context, user user.ID) (Credential, error)
	// InsertPassword adds the first credential; ErrChanged when there is one.
	InsertPassword(ctx context.Context, credential Credential) error
	// UpdatePassword replaces hash, scheme, SetAt and ExpiredAt where the stored version is
	// credential.Version, and raises it; ErrChanged otherwise.
	UpdatePassword(ctx context.Context, credential Credential) error
	// DeletePassword removes a user's credential, and tells whether there was one.
	DeletePassword(ctx context.Context, user user.ID) (bool, error)
	// PasswordSchemes counts the tenant's credentials by scheme.
	PasswordSchemes(ctx context.Context) (map[string]int64, error)
}
