package apikey

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
)

type idKind struct{}

func (idKind) Prefix() string { return "key" }

// ID names a key; it is no secret.
type ID = id.Of[idKind]

// Prefix begins every secret, so that scanners of source code find it.
const Prefix = "lk"

// Key is what a program may do to the tenant, and until when.
type Key struct {
	ID         ID
	Name       string
	Scopes     []Scope
	CreatedAt  time.Time
	UpdatedAt  time.Time
	ExpiresAt  *time.Time // nil: never
	LastUsedAt *time.Time // to the minute; nil: never
	Version    int64
}

// Expired tells whether the key is over at a time.
func (k Key) Expired(now time.Time) bool { return k.ExpiresAt != nil && !now.Before(*k.ExpiresAt) }

// Secret is one of the texts that prove a key; only its digest is kept.
type Secret struct {
	Digest    secret.Digest
	ExpiresAt *time.Time // set when another one has taken its place
}

// Store keeps keys and the digests of their secrets.
type Store interface {
	// InsertKey adds a key with its first secret.
	InsertKey(ctx context.Context, key Key, first Secret) error
	// KeyBySecret finds the key that a digest proves, whatever the state of either;
	// ErrInvalid.
	KeyBySecret(ctx context.Context, digest secret.Digest) (Key, Secret, error)
	// KeyByID finds one; ErrUnknown.
	KeyByID(ctx context.Context, id ID) (Key, error)
	// Keys lists keys by id, after the one that is given (zero: from the start).
	Keys(ctx context.Context, after ID, limit int) ([]Key, error)
	// CountKeys tells how many there are, up to a bound.
	CountKeys(ctx context.Context, bound int) (int, error)
	// UpdateKey replaces name, scopes and expiry where the stored version is key.Version,
	// and raises it; ErrChanged otherwise.
	UpdateKey(ctx context.Context, key Key) error
	// ReplaceSecrets adds a secret, lets those that have no end yet, or a later one, end
	// at a time, removes those that are over at now, and tells how many there are then. It
	// follows an UpdateKey in the same unit of work.
	ReplaceSecrets(ctx context.Context, id ID, next Secret, now, oldEnd time.Time) (int, error)
	// MarkUsed notes a use where the last one noted is before a time.
	MarkUsed(ctx context.Context, id ID, at, unlessAfter time.Time) error
	// DeleteKey removes a key with its secrets where the stored version is that of key;
	// ErrChanged otherwise.
	DeleteKey(ctx context.Context, key Key) error
}
