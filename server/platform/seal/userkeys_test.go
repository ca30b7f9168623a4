package seal_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// memoryKeys keeps user keys as a table would; a nil key is the tombstone.
type memoryKeys struct {
	mu      sync.Mutex
	keys    map[string][]byte
	reads   atomic.Int64
	inserts atomic.Int64
	onRead  func()
}

func (m *memoryKeys) UserKey(_ context.Context, user string) ([]byte, error) {
	m.reads.Add(1)
	m.mu.Lock()
	sealed, ok := m.keys[user]
	m.mu.Unlock()
	if m.onRead != nil {
		m.onRead()
	}
	switch {
	case !ok:
		return nil, seal.ErrNoUserKey
	case sealed == nil:
		return nil, seal.ErrDestroyed
	}
	return sealed, nil
}

func (m *memoryKeys) InsertUserKey(_ context.Context, user string, sealed []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.keys[user]; ok {
		return seal.ErrUserKeyExists
	}
	m.inserts.Add(1)
	m.keys[user] = sealed
	return nil
}

func (m *memoryKeys) DestroyUserKey(_ context.Context, user string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[user] = nil
	return nil
}

type userKeysFixture struct {
	*seal.UserKeys
	store *memoryKeys
	clock *clock.Fake
}

func newUserKeys(t *testing.T, config seal.UserKeysConfig) userKeysFixture {
	t.Helper()
	store := &memoryKeys{keys: map[string][]byte{}}
	fake := clock.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	keys, err := seal.NewUserKeys(seal.UserKeysDeps{Store: store, Clock: fake, AfterCommit: tx.AfterCommit}, config)
	require.NoError(t, err)
	return userKeysFixture{UserKeys: keys, store: store, clock: fake}
}

func TestUserKeyIsMadeOnceAndCached(t *testing.T) {
	f, tenant, ctx := newUserKeys(t, seal.DefaultUserKeysConfig()), newBox(t), t.Context()
	_, err := f.Existing(ctx, tenant, "ada")
	require.ErrorIs(t, err, seal.ErrNoUserKey)
	box, err := f.Box(ctx, tenant, "ada")
	require.NoError(t, err)
	blob, err := box.Seal("p", []byte("v"), nil)
	require.NoError(t, err)
	reads := f.store.reads.Load()
	for range 10 {
		again, err := f.Existing(ctx, tenant, "ada")
		require.NoError(t, err)
		require.Same(t, box, again)
	}
	require.Equal(t, reads, f.store.reads.Load())

	f.clock.Advance(time.Minute)
	again, err := f.Box(ctx, tenant, "ada")
	require.NoError(t, err)
	require.NotSame(t, box, again)
	require.Equal(t, reads+1, f.store.reads.Load())
	got, err := again.Open("p", blob, nil)
	require.NoError(t, err)
	require.Equal(t, "v", string(got))
}

// A user's sealed key is of no use under another user or another tenant.
func TestUserKeyCannotBeMoved(t *testing.T) {
	f, tenant, ctx := newUserKeys(t, seal.DefaultUserKeysConfig()), newBox(t), t.Context()
	_, err := f.Box(ctx, tenant, "ada")
	require.NoError(t, err)
	f.store.keys["eve"] = f.store.keys["ada"]
	_, err = f.Box(ctx, tenant, "eve")
	require.ErrorIs(t, err, seal.ErrUnreadable)
	_, err = f.Box(ctx, newBox(t), "ada")
	require.ErrorIs(t, err, seal.ErrUnknownKey)
}

// Single use: of 16 that need a new user's key at once, one makes it and all get it.
func TestClass_SingleUseUserKeyRace(t *testing.T) {
	f, tenant := newUserKeys(t, seal.DefaultUserKeysConfig()), newBox(t)
	const n = 16
	var arrived sync.WaitGroup
	arrived.Add(n)
	turn := make(chan struct{}, n)
	for range n {
		turn <- struct{}{}
	}
	f.store.onRead = func() { // all have seen that there is no key before any inserts one
		select {
		case <-turn:
			arrived.Done()
			arrived.Wait()
		default:
		}
	}
	blobs := make([][]byte, n)
	var done sync.WaitGroup
	for i := range n {
		done.Go(func() {
			box, err := f.Box(t.Context(), tenant, "ada")
			if err == nil {
				blobs[i], _ = box.Seal("p", []byte("v"), nil)
			}
		})
	}
	done.Wait()
	require.Equal(t, int64(1), f.store.inserts.Load())
	box, err := f.Existing(t.Context(), tenant, "ada")
	require.NoError(t, err)
	for _, blob := range blobs {
		_, err := box.Open("p", blob, nil)
		require.NoError(t, err)
	}
}

// Erasure destroys the key and nothing brings it back, not even a later event.
func TestUserKeyDestroyed(t *testing.T) {
	f, tenant, ctx := newUserKeys(t, seal.DefaultUserKeysConfig()), newBox(t), t.Context()
	_, err := f.Box(ctx, tenant, "ada")
	require.NoError(t, err)
	for _, user := range []string{"ada", "never had a key"} {
		require.NoError(t, f.Destroy(ctx, tenant, user))
		_, err = f.Box(ctx, tenant, user)
		require.ErrorIs(t, err, seal.ErrDestroyed)
		_, err = f.Existing(ctx, tenant, user)
		require.ErrorIs(t, err, seal.ErrDestroyed)
	}
}

// A key read just before its destruction is not cached just after it.
func TestUserKeyReadDuringDestruction(t *testing.T) {
	f, tenant, ctx := newUserKeys(t, seal.DefaultUserKeysConfig()), newBox(t), t.Context()
	_, err := f.Box(ctx, tenant, "ada")
	require.NoError(t, err)
	f.Forget(tenant, "ada")
	f.store.onRead = func() {
		f.store.onRead = nil
		require.NoError(t, f.Destroy(ctx, tenant, "ada"))
	}
	_, err = f.Existing(ctx, tenant, "ada")
	require.NoError(t, err, "this reader came first")
	_, err = f.Existing(ctx, tenant, "ada")
	require.ErrorIs(t, err, seal.ErrDestroyed)
}

// A key made in a unit of work that is rolled back must never seal anything again:
// what it sealed could not be opened by anybody.
func TestUserKeyRolledBackIsForgotten(t *testing.T) {
	f, tenant := newUserKeys(t, seal.DefaultUserKeysConfig()), newBox(t)
	ctx, _ := tx.Open(t.Context())
	lost, err := f.Box(ctx, tenant, "ada")
	require.NoError(t, err)
	_, err = f.Existing(ctx, tenant, "ada")
	require.NoError(t, err)
	delete(f.store.keys, "ada") // the rollback

	ctx, unit := tx.Open(t.Context())
	kept, err := f.Box(ctx, tenant, "ada")
	require.NoError(t, err)
	require.NotSame(t, lost, kept)
	unit.Committed()
	got, err := f.Existing(t.Context(), tenant, "ada")
	require.NoError(t, err)
	require.Same(t, kept, got)
}

func TestUserKeyCacheIsBounded(t *testing.T) {
	f, tenant, ctx := newUserKeys(t, seal.UserKeysConfig{CacheSize: 2, CacheFor: time.Hour}), newBox(t), t.Context()
	for i := range 3 {
		_, err := f.Box(ctx, tenant, fmt.Sprint(i))
		require.NoError(t, err)
	}
	reads := f.store.reads.Load()
	for _, user := range []string{"1", "2", "0"} {
		_, err := f.Existing(ctx, tenant, user)
		require.NoError(t, err)
	}
	require.Equal(t, reads+1, f.store.reads.Load(), "only the oldest was evicted")
}

func TestNewUserKeysRefuses(t *testing.T) {
	good := seal.UserKeysDeps{Store: &memoryKeys{}, Clock: clock.NewFake(time.Time{}), AfterCommit: tx.AfterCommit}
	_, err := seal.NewUserKeys(seal.UserKeysDeps{}, seal.DefaultUserKeysConfig())
	require.Error(t, err)
	_, err = seal.NewUserKeys(good, seal.UserKeysConfig{CacheSize: 0, CacheFor: time.Minute})
	require.ErrorContains(t, err, "cache_size")
	_, err = seal.NewUserKeys(good, seal.UserKeysConfig{CacheSize: 1, CacheFor: 0})
	require.ErrorContains(t, err, "cache_for")
}
