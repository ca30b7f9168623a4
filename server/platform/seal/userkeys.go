package seal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
)

const userKeyPurpose = "seal.user_key"

// UserKeyStore keeps one sealed key per user of the tenant in ctx.
type UserKeyStore interface {
	// UserKey is the sealed key; ErrNoUserKey when there never was one, ErrDestroyed
	// once it was destroyed.
	UserKey(ctx context.Context, user string) ([]byte, error)
	// InsertUserKey stores the key; ErrUserKeyExists when a key or its tombstone is
	// there already. It must not spoil the surrounding unit of work.
	InsertUserKey(ctx context.Context, user string, sealed []byte) error
	// DestroyUserKey replaces the key, or its absence, by a tombstone that stays, so
	// that no later event makes a new key for an erased user.
	DestroyUserKey(ctx context.Context, user string) error
}

// UserKeysDeps are what UserKeys needs from others.
type UserKeysDeps struct {
	Store UserKeyStore
	Clock clock.Clock
	// AfterCommit runs the hook once the unit of work in ctx is durable, never when
	// it is rolled back, and at once when there is none.
	AfterCommit func(ctx context.Context, hook func())
}

// UserKeysConfig bounds what is kept in memory.
type UserKeysConfig struct {
	// CacheSize is how many users' keys stay unsealed in memory.
	CacheSize int
	// CacheFor is how long one stays, which bounds how long another node can read
	// what a destroyed key sealed.
	CacheFor time.Duration
}

// DefaultUserKeysConfig fits a small server.
func DefaultUserKeysConfig() UserKeysConfig {
	return UserKeysConfig{CacheSize: 4096, CacheFor: time.Minute}
}

// Validate names the first bad field.
func (c UserKeysConfig) Validate() error {
	if c.CacheSize < 1 {
		return errors.New("cache_size: must be at least 1")
	}
	if c.CacheFor <= 0 {
		return errors.New("cache_for: must be positive")
	}
	return nil
}

// UserKeys gives each user a key of their own, so that destroying it erases
// everything personal that was sealed under it, wherever copies are.
type UserKeys struct {
	store       UserKeyStore
	clock       clock.Clock
	afterCommit func(context.Context, func())
	cache       *boxCache
}

// NewUserKeys checks its parts.
func NewUserKeys(deps UserKeysDeps, config UserKeysConfig) (*UserKeys, error) {
	if deps.Store == nil || deps.Clock == nil || deps.AfterCommit == nil {
		return nil, errors.New("seal: user keys: a dependency is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("seal: user keys: %w", err)
	}
	return &UserKeys{
		store: deps.Store, clock: deps.Clock, afterCommit: deps.AfterCommit,
		cache: newBoxCache(config.CacheSize, config.CacheFor),
	}, nil
}

// Box gets the user's key, making it on first use; ErrDestroyed after erasure.
// Use it to seal.
func (u *UserKeys) Box(ctx context.Context, tenant *Box, user string) (*Box, error) {
	box, err := u.Existing(ctx, tenant, user)
	if !errors.Is(err, ErrNoUserKey) {
		return box, err
	}
	box, sealed, err := NewSealedBox(tenant, userKeyPurpose, []byte(user))
	if err != nil {
		return nil, err
	}
	epoch := u.cache.now()
	switch err := u.store.InsertUserKey(ctx, user, sealed); {
	case errors.Is(err, ErrUserKeyExists): // the winner's key is the key
		return u.Existing(ctx, tenant, user)
	case err != nil:
		return nil, err
	}
	u.remember(ctx, tenant, user, box, epoch)
	return box, nil
}

// Existing gets the user's key and never makes one; ErrNoUserKey or ErrDestroyed
// when there is none to get. Use it to open.
func (u *UserKeys) Existing(ctx context.Context, tenant *Box, user string) (*Box, error) {
	if box, ok := u.cache.get(cacheKey{tenant: tenant.id, user: user}, u.clock.Now()); ok {
		return box, nil
	}
	epoch := u.cache.now()
	sealed, err := u.store.UserKey(ctx, user)
	if err != nil {
		return nil, err
	}
	box, err := OpenBox(tenant, userKeyPurpose, sealed, []byte(user))
	if err != nil {
		return nil, err
	}
	u.remember(ctx, tenant, user, box, epoch)
	return box, nil
}

// Destroy makes everything sealed under the user's key unreadable for ever.
func (u *UserKeys) Destroy(ctx context.Context, tenant *Box, user string) error {
	if err := u.store.DestroyUserKey(ctx, user); err != nil {
		return err
	}
	u.Forget(tenant, user)
	u.afterCommit(ctx, func() { u.Forget(tenant, user) })
	return nil
}

// Forget drops the key from memory, for a node that learns of an erasure elsewhere.
func (u *UserKeys) Forget(tenant *Box, user string) {
	u.cache.drop(cacheKey{tenant: tenant.id, user: user})
}

// remember waits for the commit: a key that was rolled back must not seal another
// event, which nobody could ever open.
func (u *UserKeys) remember(ctx context.Context, tenant *Box, user string, box *Box, epoch uint64) {
	u.afterCommit(ctx, func() {
		u.cache.put(cacheKey{tenant: tenant.id, user: user}, box, epoch, u.clock.Now())
	})
}
