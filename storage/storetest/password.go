package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// Passwords is what the password store promises.
func Passwords(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":  passwordsRoundTrip,
		"Scope":      passwordsScope,
		"Update":     passwordsUpdate,
		"Delete":     passwordsDelete,
		"Schemes":    passwordsSchemes,
		"InsertRace": passwordsInsertRace,
		"UpdateRace": passwordsUpdateRace,
	})
}

func aCredential() password.Credential {
	return password.Credential{
		UserID: newUserID(), Hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$ZGlnZXN0" + unicode,
		Scheme: "argon2id,m=19456,t=2,p=1", SetAt: after(0), Version: 2, ExpiredAt: at(time.Minute),
	}
}

func passwordsRoundTrip(t *testing.T, db *storage.DB) {
	passwords, ctx := storage.NewPasswords(db), Within(t.Context(), NewTenant())
	for _, want := range []password.Credential{aCredential(), {UserID: newUserID()}} {
		_, err := passwords.PasswordOf(ctx, want.UserID)
		require.ErrorIs(t, err, password.ErrNone)
		require.NoError(t, passwords.InsertPassword(ctx, want))
		found, err := passwords.PasswordOf(ctx, want.UserID)
		require.NoError(t, err)
		require.Equal(t, want, found)

		second := aCredential()
		second.UserID = want.UserID
		swallowed(ctx, t, db, password.ErrChanged, func(ctx context.Context) error {
			return passwords.InsertPassword(ctx, second)
		})
		found, err = passwords.PasswordOf(ctx, want.UserID)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
}

func passwordsScope(t *testing.T, db *storage.DB) {
	passwords, ctx := storage.NewPasswords(db), Within(t.Context(), NewTenant())
	mine := aCredential()
	require.NoError(t, passwords.InsertPassword(ctx, mine))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := passwords.PasswordOf(ctx, mine.UserID)
		return found.Hash != "", err
	}, password.ErrNone)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := passwords.PasswordSchemes(ctx)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := passwords.UpdatePassword(ctx, mine)
		return err == nil, err
	}, password.ErrChanged)
	require.ErrorIs(t, passwords.InsertPassword(t.Context(), aCredential()), reqctx.ErrNoTenant)
}

func passwordsDelete(t *testing.T, db *storage.DB) {
	passwords, ctx := storage.NewPasswords(db), Within(t.Context(), NewTenant())
	mine, bystander := aCredential(), aCredential()
	require.NoError(t, passwords.InsertPassword(ctx, mine))
	require.NoError(t, passwords.InsertPassword(ctx, bystander))
	strangers(t, func(ctx context.Context) (bool, error) { return passwords.DeletePassword(ctx, mine.UserID) }, nil)
	for _, want := range []bool{true, false} {
		deleted, err := passwords.DeletePassword(ctx, mine.UserID)
		require.NoError(t, err)
		require.Equal(t, want, deleted)
	}
	_, err := passwords.PasswordOf(ctx, mine.UserID)
	require.ErrorIs(t, err, password.ErrNone)
	_, err = passwords.PasswordOf(ctx, bystander.UserID)
	require.NoError(t, err)
}

func passwordsUpdate(t *testing.T, db *storage.DB) {
	passwords, ctx := storage.NewPasswords(db), Within(t.Context(), NewTenant())
	before, bystander := aCredential(), aCredential()
	require.NoError(t, passwords.InsertPassword(ctx, before))
	require.NoError(t, passwords.InsertPassword(ctx, bystander))
	changed := password.Credential{UserID: before.UserID, Hash: "new", SetAt: after(time.Hour), Version: before.Version}
	require.NoError(t, passwords.UpdatePassword(ctx, changed))
	require.ErrorIs(t, passwords.UpdatePassword(ctx, changed), password.ErrChanged)
	changed.Version++
	for _, want := range []password.Credential{changed, bystander} {
		found, err := passwords.PasswordOf(ctx, want.UserID)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
	require.ErrorIs(t, passwords.UpdatePassword(ctx, aCredential()), password.ErrChanged)
}

func passwordsSchemes(t *testing.T, db *storage.DB) {
	passwords, mine, theirs := storage.NewPasswords(db), Within(t.Context(), NewTenant()), Within(t.Context(), NewTenant())
	counts, err := passwords.PasswordSchemes(mine)
	require.NoError(t, err)
	require.Empty(t, counts)
	for i, ctx := range []context.Context{mine, mine, mine, theirs, mine} {
		one := aCredential()
		one.Scheme = fmt.Sprint("scheme", i%2)
		require.NoError(t, passwords.InsertPassword(ctx, one))
	}
	counts, err = passwords.PasswordSchemes(mine)
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"scheme0": 3, "scheme1": 1}, counts)
	counts, err = passwords.PasswordSchemes(theirs)
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"scheme1": 1}, counts)
}

func passwordsInsertRace(t *testing.T, db *storage.DB) {
	passwords, ctx := storage.NewPasswords(db), Within(t.Context(), NewTenant())
	one := aCredential()
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(passwords.InsertPassword(ctx, one), password.ErrChanged)
	}))
}

func passwordsUpdateRace(t *testing.T, db *storage.DB) {
	passwords, ctx := storage.NewPasswords(db), Within(t.Context(), NewTenant())
	before := aCredential()
	require.NoError(t, passwords.InsertPassword(ctx, before))
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		changed := before
		changed.Hash = fmt.Sprint("racer", racer)
		return won(passwords.UpdatePassword(ctx, changed), password.ErrChanged)
	}))
	found, err := passwords.PasswordOf(ctx, before.UserID)
	require.NoError(t, err)
	require.Equal(t, before.Version+1, found.Version)
}
