package jwks

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/jose"
)

type idKind struct{}

func (idKind) Prefix() string { return "key" }

// ID names a signing key inside Lintel; tokens name it by its kid.
type ID = id.Of[idKind]

// Key is one signing key of a tenant. It is published from the start, signs from
// ActivatesAt until RetiresAt and is published until ExpiresAt.
type Key struct {
	ID          ID
	KeyID       string // the kid, its thumbprint
	Algorithm   jose.Algorithm
	Public      []byte // its JWK
	Private     []byte // its JWK with the private part, sealed by the tenant's key
	CreatedAt   time.Time
	ActivatesAt time.Time
	RetiresAt   *time.Time // nil for the latest key, which nothing follows yet
	ExpiresAt   *time.Time // nil beside a nil RetiresAt
	Version     int64
}

// State is what a key is for at some moment.
type State string

// The states in the order of a key's life.
const (
	Waiting State = "waiting" // published, and not used yet
	Signing State = "signing"
	Retired State = "retired" // published for what it has signed
	Expired State = "expired" // published no longer
)

// State tells what the key is for at the given time.
func (k Key) State(now time.Time) State {
	switch {
	case k.ExpiresAt != nil && !now.Before(*k.ExpiresAt):
		return Expired
	case k.RetiresAt != nil && !now.Before(*k.RetiresAt):
		return Retired
	case now.Before(k.ActivatesAt):
		return Waiting
	default:
		return Signing
	}
}

// signer is the place of the key that signs: the last one to have begun. On a node
// whose clock is behind the maker's, the first key has not, and signs all the same.
func signer(keys []Key, now time.Time) int {
	for i := len(keys) - 1; i > 0; i-- {
		if !now.Before(keys[i].ActivatesAt) {
			return i
		}
	}
	return 0
}

// Store keeps signing keys.
type Store interface {
	// InsertKey adds the latest key; ErrChanged while the tenant has another that
	// nothing follows.
	InsertKey(ctx context.Context, key Key) error
	// Keys lists all of the tenant's in the order in which they follow each other.
	Keys(ctx context.Context) ([]Key, error)
	// UpdateKey replaces ActivatesAt, RetiresAt and ExpiresAt where the stored version
	// is key.Version, and raises it; ErrChanged otherwise.
	UpdateKey(ctx context.Context, key Key) error
	// DeleteKey removes the key where the stored version is key.Version; ErrChanged
	// otherwise.
	DeleteKey(ctx context.Context, key Key) error
	// TenantsDue lists, over all tenants, those whose latest key began to sign by one
	// time or that have a key which expired by the other.
	TenantsDue(ctx context.Context, begun, expired time.Time) ([]id.Tenant, error)
}
