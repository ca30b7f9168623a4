package password_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// onSQLite is the house on a real engine and a real log, with one user.
func onSQLite(t *testing.T) (house, user.ID, *storage.DB) {
	t.Helper()
	var db *storage.DB
	h := build(t, func(deps *password.Deps, _ *password.Config) {
		var err error
		db, err = storage.Open(t.Context(), storage.Config{DataDir: t.TempDir(), Clock: deps.Clock, Logger: deps.Logger})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		require.NoError(t, db.Migrate(t.Context()))
		deps.Store, deps.Tx = storage.NewPasswords(db), db
		deps.Events = event.New(event.Deps{Store: storage.NewEvents(db), Sealer: nil, Clock: deps.Clock, Wake: func() {}})
	})
	userID := fresh(user.ID{})
	require.NoError(t, storage.NewUsers(db).InsertUser(h.ctx, user.User{
		ID: userID, Status: user.Active, Profile: json.RawMessage("{}"), SchemaVersion: 1, CreatedAt: noon, UpdatedAt: noon, Version: 1,
	}))
	return h, userID, db
}

func TestSQLiteSetVerifyChange(t *testing.T) {
	h, userID, db := onSQLite(t)
	_, err := h.Verify(h.ctx, userID, good)
	require.ErrorIs(t, err, password.ErrWrong)
	first, err := h.Prepare(h.ctx, good, nil)
	require.NoError(t, err)
	require.NoError(t, h.Set(h.ctx, userID, first))
	verified, err := h.Verify(h.ctx, userID, good)
	require.NoError(t, err)
	require.NoError(t, h.Confirm(h.ctx, userID, verified))
	require.ErrorIs(t, h.VerifyAbsent(h.ctx, "nobody", good), password.ErrWrong)

	second, err := h.Prepare(h.ctx, other, nil)
	require.NoError(t, err)
	require.NoError(t, h.Set(h.ctx, userID, second))
	require.ErrorIs(t, h.Confirm(h.ctx, userID, verified), password.ErrWrong)
	loose, err := storage.NewEvents(db).UnsequencedEvents(h.ctx, nil, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"password.set", "password.changed"}, []string{loose[0].Type, loose[1].Type})
	require.Len(t, loose, 2)
}

// A first password is set once, however many set it at the same time.
func TestClass_SingleUse_TheFirstPasswordIsSetOnce(t *testing.T) {
	h, userID, db := onSQLite(t)
	prepared, err := h.Prepare(h.ctx, good, nil)
	require.NoError(t, err)
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() { _ = h.Set(h.ctx, userID, prepared) })
	}
	wait.Wait()
	loose, err := storage.NewEvents(db).UnsequencedEvents(h.ctx, []string{"password.set"}, 20)
	require.NoError(t, err)
	require.Len(t, loose, 1)
}

func TestSQLiteASetThatIsRolledBackIsNone(t *testing.T) {
	h, userID, db := onSQLite(t)
	prepared, err := h.Prepare(h.ctx, good, nil)
	require.NoError(t, err)
	err = db.Run(h.ctx, func(ctx context.Context) error {
		require.NoError(t, h.Set(ctx, userID, prepared))
		return context.Canceled
	})
	require.ErrorIs(t, err, context.Canceled)
	_, err = h.SetAt(h.ctx, userID)
	require.ErrorIs(t, err, password.ErrNone)
}
