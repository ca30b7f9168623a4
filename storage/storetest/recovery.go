package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Recoveries is what the store of recoveries promises.
func Recoveries(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip": recoveriesRoundTrip,
		"Start":     recoveriesStart,
		"End":       recoveriesEnd,
		"EndRace":   recoveriesEndRace,
		"Erase":     recoveriesErase,
	})
}

func aRecovery() recovery.Recovery {
	started := recovery.Recovery{
		ApplicationID: anApplication("web-shop").ID, Type: user.Email, Recipient: []byte{1, 2}, Address: [32]byte{3}, Token: secret.Digest{4},
		Status: recovery.Waiting, CreatedAt: after(0), OpensAt: after(time.Hour), ExpiresAt: after(2 * time.Hour),
	}
	copyID(&started.UserID)
	return started
}

func recoveriesRoundTrip(t *testing.T, db *storage.DB) {
	recoveries, started := storage.NewRecoveries(db), aRecovery()
	ctx := Within(t.Context(), NewTenant())
	require.NoError(t, recoveries.StartRecovery(ctx, started, after(0)))
	for _, find := range []func(ctx context.Context) (recovery.Recovery, error){
		func(ctx context.Context) (recovery.Recovery, error) {
			return recoveries.RecoveryOf(ctx, started.UserID)
		},
		func(ctx context.Context) (recovery.Recovery, error) {
			return recoveries.RecoveryByToken(ctx, started.Token)
		},
	} {
		found, err := find(ctx)
		require.NoError(t, err)
		require.Equal(t, started, found)
		strangers(t, func(ctx context.Context) (bool, error) {
			found, err := find(ctx)
			return found.Status != "", err
		}, recovery.ErrUnknown)
	}
	found, err := recoveries.RecoveriesTo(ctx, started.Address, after(2*time.Hour-1), 5)
	require.NoError(t, err)
	require.Equal(t, []recovery.Recovery{started}, found)
	found, err = recoveries.RecoveriesTo(ctx, started.Address, after(2*time.Hour), 5)
	require.NoError(t, err)
	require.Empty(t, found, "it has expired")
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := recoveries.RecoveriesTo(ctx, started.Address, after(0), 5)
		return len(found) > 0, err
	}, nil)
}

func recoveriesStart(t *testing.T, db *storage.DB) {
	recoveries, started := storage.NewRecoveries(db), aRecovery()
	ctx := Within(t.Context(), NewTenant())
	require.NoError(t, recoveries.StartRecovery(ctx, started, after(0)))
	again := started
	again.Token = secret.Digest{5}
	require.ErrorIs(t, recoveries.StartRecovery(ctx, again, after(2*time.Hour-1)), recovery.ErrRunning)
	require.NoError(t, recoveries.StartRecovery(ctx, again, after(2*time.Hour)), "the one before is over")
	found, err := recoveries.RecoveryOf(ctx, started.UserID)
	require.NoError(t, err)
	require.Equal(t, again, found)
	ended := again
	ended.Status = recovery.Stopped
	require.NoError(t, recoveries.EndRecovery(ctx, ended))
	require.NoError(t, recoveries.StartRecovery(ctx, started, after(0)))
}

func recoveriesEnd(t *testing.T, db *storage.DB) {
	recoveries, started := storage.NewRecoveries(db), aRecovery()
	ctx := Within(t.Context(), NewTenant())
	require.NoError(t, recoveries.StartRecovery(ctx, started, after(0)))
	at := after(time.Minute)
	ended := started
	ended.Status, ended.EndedAt = recovery.Completed, &at
	for _, wrong := range []func(*recovery.Recovery){
		func(r *recovery.Recovery) { r.Address[0]++ },
		func(r *recovery.Recovery) { r.Token[0]++ },
		func(r *recovery.Recovery) { copyID(&r.UserID) },
	} {
		other := ended
		wrong(&other)
		require.ErrorIs(t, recoveries.EndRecovery(ctx, other), recovery.ErrUnknown)
	}
	require.ErrorIs(t, recoveries.EndRecovery(Within(t.Context(), NewTenant()), ended), recovery.ErrUnknown)
	require.NoError(t, recoveries.EndRecovery(ctx, ended))
	found, err := recoveries.RecoveryOf(ctx, started.UserID)
	require.NoError(t, err)
	require.Equal(t, ended, found)
	require.ErrorIs(t, recoveries.EndRecovery(ctx, ended), recovery.ErrUnknown, "once")
	to, err := recoveries.RecoveriesTo(ctx, started.Address, after(0), 5)
	require.NoError(t, err)
	require.Empty(t, to)
}

// It is completed or stopped, and either once.
func recoveriesEndRace(t *testing.T, db *storage.DB) {
	recoveries, started := storage.NewRecoveries(db), aRecovery()
	ctx := Within(t.Context(), NewTenant())
	require.NoError(t, recoveries.StartRecovery(ctx, started, after(0)))
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		ended := started
		ended.Status = recovery.Completed
		if racer%2 == 0 {
			ended.Status = recovery.Stopped
		}
		err := recoveries.EndRecovery(ctx, ended)
		if errors.Is(err, recovery.ErrUnknown) {
			return false, nil
		}
		return err == nil, err
	}))
}

func recoveriesErase(t *testing.T, db *storage.DB) {
	recoveries, started := storage.NewRecoveries(db), aRecovery()
	ctx := Within(t.Context(), NewTenant())
	require.NoError(t, recoveries.StartRecovery(ctx, started, after(0)))
	require.NoError(t, recoveries.EraseUser(Within(t.Context(), NewTenant()), started.UserID))
	_, err := recoveries.RecoveryOf(ctx, started.UserID)
	require.NoError(t, err)
	require.NoError(t, recoveries.EraseUser(ctx, started.UserID))
	_, err = recoveries.RecoveryOf(ctx, started.UserID)
	require.ErrorIs(t, err, recovery.ErrUnknown)
}
