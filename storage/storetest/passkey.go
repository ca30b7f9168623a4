package storetest

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Passkeys is what the store of passkeys promises.
func Passkeys(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":  passkeysRoundTrip,
		"Scope":      passkeysScope,
		"Taken":      passkeysTaken,
		"List":       passkeysList,
		"Use":        passkeysUse,
		"Own":        passkeysOwn,
		"DeleteAll":  passkeysDeleteAll,
		"Handles":    passkeyHandles,
		"Erase":      passkeysErase,
		"InsertRace": passkeysInsertRace,
		"UseRace":    passkeysUseRace,
		"HandleRace": passkeyHandlesRace,
		"DeleteRace": passkeysDeleteRace,
	})
}

const relyingParty = "example.com"

func aPasskey(owner user.ID, credential string) passkey.Passkey {
	made := passkey.Passkey{
		UserID: owner, RelyingParty: relyingParty, Handle: []byte{0, 1, 0xff}, CredentialID: []byte(credential), PublicKey: []byte{0xa5, 0, 0xff},
		AAGUID: uuid.UUID{15: 7}, Attested: true, Format: "packed", Name: unicode, Transports: []string{"internal", "hybrid", unicode},
		Attachment: "platform", Discoverable: true, Eligible: true, BackedUp: true, Verified: true, SignCount: math.MaxUint32,
		CreatedAt: after(0), LastUsedAt: at(time.Hour),
	}
	fresh(&made.ID)
	return made
}

func passkeysOf(ctx context.Context, t *testing.T, db *storage.DB, owner user.ID) []passkey.Passkey {
	t.Helper()
	found, err := storage.NewPasskeys(db).PasskeysOf(ctx, owner)
	require.NoError(t, err)
	return found
}

func passkeysRoundTrip(t *testing.T, db *storage.DB) {
	passkeys, ctx := storage.NewPasskeys(db), Within(t.Context(), NewTenant())
	full, bare := aPasskey(newUserID(), "\x00full\xff"), passkey.Passkey{
		UserID: newUserID(), RelyingParty: relyingParty, Handle: []byte{1}, CredentialID: []byte("bare"), PublicKey: []byte{2}, CreatedAt: after(time.Second),
	}
	fresh(&bare.ID)
	empty := aPasskey(newUserID(), "empty")
	empty.Transports, empty.AAGUID = []string{}, uuid.Nil
	for _, want := range []passkey.Passkey{full, bare, empty} {
		_, err := passkeys.PasskeyByCredential(ctx, want.RelyingParty, want.CredentialID)
		require.ErrorIs(t, err, passkey.ErrUnknown)
		require.NoError(t, passkeys.InsertPasskey(ctx, want))
		found, err := passkeys.PasskeyByCredential(ctx, want.RelyingParty, want.CredentialID)
		require.NoError(t, err)
		require.Equal(t, want, found)
		require.Equal(t, []passkey.Passkey{want}, passkeysOf(ctx, t, db, want.UserID))
	}
	for _, elsewhere := range []string{"Example.com", "example.com.", "sub.example.com", ""} {
		_, err := passkeys.PasskeyByCredential(ctx, elsewhere, full.CredentialID)
		require.ErrorIs(t, err, passkey.ErrUnknown)
	}
	for _, wrong := range [][]byte{nil, {}, full.CredentialID[:5], append([]byte{0}, full.CredentialID...)} {
		_, err := passkeys.PasskeyByCredential(ctx, relyingParty, wrong)
		require.ErrorIs(t, err, passkey.ErrUnknown)
	}
}

func passkeysScope(t *testing.T, db *storage.DB) {
	passkeys, ctx := storage.NewPasskeys(db), Within(t.Context(), NewTenant())
	mine := aPasskey(newUserID(), "mine")
	require.NoError(t, passkeys.InsertPasskey(ctx, mine))
	_, err := passkeys.KeepHandle(ctx, mine.UserID, relyingParty, mine.Handle)
	require.NoError(t, err)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := passkeys.PasskeyByCredential(ctx, relyingParty, mine.CredentialID)
		return !found.ID.IsZero(), err
	}, passkey.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := passkeys.PasskeysOf(ctx, mine.UserID)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := passkeys.HandlesOf(ctx, mine.UserID)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := passkeys.UsePasskey(ctx, passkey.Use{ID: mine.ID, From: mine.SignCount, SignCount: 1, At: after(0)})
		return err == nil, err
	}, passkey.ErrMoved)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := passkeys.RenamePasskey(ctx, mine.UserID, mine.ID, "theirs")
		return err == nil, err
	}, passkey.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		err := passkeys.DeletePasskey(ctx, mine.UserID, mine.ID)
		return err == nil, err
	}, passkey.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		gone, err := passkeys.DeletePasskeys(ctx, mine.UserID)
		return len(gone) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		return false, passkeys.EraseUser(ctx, mine.UserID)
	}, nil)
	require.Equal(t, []passkey.Passkey{mine}, passkeysOf(ctx, t, db, mine.UserID))
	handles, err := passkeys.HandlesOf(ctx, mine.UserID)
	require.NoError(t, err)
	require.Equal(t, []passkey.Handle{{RelyingParty: relyingParty, Handle: mine.Handle}}, handles)
	require.ErrorIs(t, passkeys.InsertPasskey(t.Context(), aPasskey(newUserID(), "none")), reqctx.ErrNoTenant)
	_, err = passkeys.KeepHandle(t.Context(), newUserID(), relyingParty, []byte{1})
	require.ErrorIs(t, err, reqctx.ErrNoTenant)

	// What an authenticator calls a credential is told apart within a tenant only.
	elsewhere := Within(t.Context(), NewTenant())
	require.NoError(t, passkeys.InsertPasskey(elsewhere, mine))
	kept, err := passkeys.KeepHandle(elsewhere, mine.UserID, relyingParty, []byte{9})
	require.NoError(t, err)
	require.Equal(t, []byte{9}, kept)
}

func passkeysTaken(t *testing.T, db *storage.DB) {
	passkeys, ctx := storage.NewPasskeys(db), Within(t.Context(), NewTenant())
	mine := aPasskey(newUserID(), "taken")
	require.NoError(t, passkeys.InsertPasskey(ctx, mine))
	for _, owner := range []user.ID{mine.UserID, newUserID()} {
		swallowed(ctx, t, db, passkey.ErrTaken, func(ctx context.Context) error {
			return passkeys.InsertPasskey(ctx, aPasskey(owner, "taken"))
		})
	}
	other := aPasskey(newUserID(), "taken")
	other.RelyingParty = "other.example"
	require.NoError(t, passkeys.InsertPasskey(ctx, other), "at another relying party it is another one")
	found, err := passkeys.PasskeyByCredential(ctx, relyingParty, mine.CredentialID)
	require.NoError(t, err)
	require.Equal(t, mine, found)
	found, err = passkeys.PasskeyByCredential(ctx, other.RelyingParty, mine.CredentialID)
	require.NoError(t, err)
	require.Equal(t, other, found)
	twice := aPasskey(newUserID(), "another")
	twice.ID = mine.ID
	err = passkeys.InsertPasskey(ctx, twice)
	require.Error(t, err)
	require.NotErrorIs(t, err, passkey.ErrTaken, "an id of ours that is there is a mistake of ours")
}

func passkeysList(t *testing.T, db *storage.DB) {
	passkeys, ctx, owner := storage.NewPasskeys(db), Within(t.Context(), NewTenant()), newUserID()
	require.Empty(t, passkeysOf(ctx, t, db, owner))
	first, second, third := aPasskey(owner, "first"), aPasskey(owner, "second"), aPasskey(owner, "third")
	second.CreatedAt, third.CreatedAt = after(time.Microsecond), after(time.Hour)
	second.RelyingParty = "other.example"
	for _, one := range []passkey.Passkey{third, second, aPasskey(newUserID(), "bystander"), first} {
		require.NoError(t, passkeys.InsertPasskey(ctx, one))
	}
	require.Equal(t, []passkey.Passkey{first, second, third}, passkeysOf(ctx, t, db, owner))
}

// A count that has moved on since it was read is not written over.
func passkeysUse(t *testing.T, db *storage.DB) {
	passkeys, ctx := storage.NewPasskeys(db), Within(t.Context(), NewTenant())
	used, bystander := aPasskey(newUserID(), "used"), aPasskey(newUserID(), "bystander")
	used.SignCount, used.LastUsedAt, bystander.SignCount = 0, nil, 0
	require.NoError(t, passkeys.InsertPasskey(ctx, used))
	require.NoError(t, passkeys.InsertPasskey(ctx, bystander))
	for i, use := range []passkey.Use{
		{From: 0, SignCount: 0, BackedUp: false, At: after(time.Minute)}, // it counts nothing
		{From: 0, SignCount: math.MaxInt32 + 1, BackedUp: true, At: after(time.Hour)},
		{From: math.MaxInt32 + 1, SignCount: math.MaxUint32, BackedUp: true, At: after(2 * time.Hour)},
	} {
		use.ID = used.ID
		for _, wrong := range []passkey.Use{
			{ID: used.ID, From: use.From + 1, SignCount: 5, At: use.At},
			{ID: aPasskey(used.UserID, "none").ID, From: use.From, SignCount: 5, At: use.At},
		} {
			swallowed(ctx, t, db, passkey.ErrMoved, func(ctx context.Context) error { return passkeys.UsePasskey(ctx, wrong) })
		}
		require.NoError(t, passkeys.UsePasskey(ctx, use), i)
		used.SignCount, used.BackedUp, used.LastUsedAt = use.SignCount, use.BackedUp, &use.At
		require.Equal(t, []passkey.Passkey{used}, passkeysOf(ctx, t, db, used.UserID))
	}
	require.Equal(t, []passkey.Passkey{bystander}, passkeysOf(ctx, t, db, bystander.UserID))
}

func passkeysOwn(t *testing.T, db *storage.DB) {
	passkeys, ctx, owner := storage.NewPasskeys(db), Within(t.Context(), NewTenant()), newUserID()
	kept, gone, theirs := aPasskey(owner, "kept"), aPasskey(owner, "gone"), aPasskey(newUserID(), "theirs")
	gone.CreatedAt = after(time.Minute)
	for _, one := range []passkey.Passkey{kept, gone, theirs} {
		require.NoError(t, passkeys.InsertPasskey(ctx, one))
	}
	for _, wrong := range [][2]any{{owner, theirs.ID}, {theirs.UserID, gone.ID}, {owner, aPasskey(owner, "none").ID}} {
		person, which := wrong[0].(user.ID), wrong[1].(passkey.ID)
		require.ErrorIs(t, passkeys.RenamePasskey(ctx, person, which, "stolen"), passkey.ErrUnknown)
		require.ErrorIs(t, passkeys.DeletePasskey(ctx, person, which), passkey.ErrUnknown)
	}
	require.Equal(t, []passkey.Passkey{kept, gone}, passkeysOf(ctx, t, db, owner))
	require.NoError(t, passkeys.RenamePasskey(ctx, owner, kept.ID, "another "+unicode))
	kept.Name = "another " + unicode
	require.Equal(t, []passkey.Passkey{kept, gone}, passkeysOf(ctx, t, db, owner))
	require.NoError(t, passkeys.DeletePasskey(ctx, owner, gone.ID))
	require.ErrorIs(t, passkeys.DeletePasskey(ctx, owner, gone.ID), passkey.ErrUnknown)
	require.Equal(t, []passkey.Passkey{kept}, passkeysOf(ctx, t, db, owner))
	require.Equal(t, []passkey.Passkey{theirs}, passkeysOf(ctx, t, db, theirs.UserID))
	require.NoError(t, passkeys.InsertPasskey(ctx, gone), "what is gone may come back")
}

func passkeysDeleteAll(t *testing.T, db *storage.DB) {
	passkeys, ctx, owner := storage.NewPasskeys(db), Within(t.Context(), NewTenant()), newUserID()
	first, second, theirs := aPasskey(owner, "first"), aPasskey(owner, "second"), aPasskey(newUserID(), "theirs")
	second.CreatedAt, second.RelyingParty, second.Transports, second.LastUsedAt = after(time.Hour), "other.example", nil, nil
	for _, one := range []passkey.Passkey{second, first, theirs} {
		require.NoError(t, passkeys.InsertPasskey(ctx, one))
	}
	_, err := passkeys.KeepHandle(ctx, owner, relyingParty, first.Handle)
	require.NoError(t, err)
	gone, err := passkeys.DeletePasskeys(ctx, owner)
	require.NoError(t, err)
	require.Equal(t, []passkey.Passkey{first, second}, gone)
	gone, err = passkeys.DeletePasskeys(ctx, owner)
	require.NoError(t, err)
	require.Empty(t, gone)
	require.Empty(t, passkeysOf(ctx, t, db, owner))
	require.Equal(t, []passkey.Passkey{theirs}, passkeysOf(ctx, t, db, theirs.UserID))
	handle, err := handleOf(ctx, passkeys, owner, relyingParty)
	require.NoError(t, err, "the next passkey is of the same user")
	require.Equal(t, first.Handle, handle)
}

func passkeyHandles(t *testing.T, db *storage.DB) {
	passkeys, ctx, owner, other := storage.NewPasskeys(db), Within(t.Context(), NewTenant()), newUserID(), newUserID()
	_, err := handleOf(ctx, passkeys, owner, relyingParty)
	require.ErrorIs(t, err, passkey.ErrUnknown)
	for i, one := range []struct {
		owner      user.ID
		at         string
		given, had string
	}{
		{owner, relyingParty, "\x00one\xff", "\x00one\xff"},
		{owner, relyingParty, "two", "\x00one\xff"},
		{owner, "other.example", "three", "three"},
		{other, relyingParty, "four", "four"},
		{owner, relyingParty, "four", "\x00one\xff"},
	} {
		kept, err := passkeys.KeepHandle(ctx, one.owner, one.at, []byte(one.given))
		require.NoError(t, err, i)
		require.Equal(t, []byte(one.had), kept, i)
		found, err := handleOf(ctx, passkeys, one.owner, one.at)
		require.NoError(t, err, i)
		require.Equal(t, []byte(one.had), found, i)
	}
	_, err = passkeys.KeepHandle(ctx, other, "third.example", []byte("three"))
	require.Error(t, err, "a handle names one user")
	_, err = handleOf(ctx, passkeys, other, "third.example")
	require.ErrorIs(t, err, passkey.ErrUnknown)
}

func passkeysErase(t *testing.T, db *storage.DB) {
	passkeys, ctx, owner := storage.NewPasskeys(db), Within(t.Context(), NewTenant()), newUserID()
	mine, theirs := aPasskey(owner, "mine"), aPasskey(newUserID(), "theirs")
	for i, one := range []passkey.Passkey{mine, theirs} {
		require.NoError(t, passkeys.InsertPasskey(ctx, one))
		_, err := passkeys.KeepHandle(ctx, one.UserID, relyingParty, []byte{byte(i)})
		require.NoError(t, err)
	}
	require.NoError(t, passkeys.EraseUser(ctx, owner))
	require.NoError(t, passkeys.EraseUser(ctx, owner), "nothing is no error")
	require.Empty(t, passkeysOf(ctx, t, db, owner))
	_, err := handleOf(ctx, passkeys, owner, relyingParty)
	require.ErrorIs(t, err, passkey.ErrUnknown)
	require.Equal(t, []passkey.Passkey{theirs}, passkeysOf(ctx, t, db, theirs.UserID))
	handle, err := handleOf(ctx, passkeys, theirs.UserID, relyingParty)
	require.NoError(t, err)
	require.Equal(t, []byte{1}, handle)
}

// A credential is one user's, however many register it at once.
func passkeysInsertRace(t *testing.T, db *storage.DB) {
	passkeys, ctx := storage.NewPasskeys(db), Within(t.Context(), NewTenant())
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(passkeys.InsertPasskey(ctx, aPasskey(newUserID(), "wanted")), passkey.ErrTaken)
	}))
}

// Of a passkey and its copy that count on from one count at once, one is heard.
func passkeysUseRace(t *testing.T, db *storage.DB) {
	passkeys, ctx := storage.NewPasskeys(db), Within(t.Context(), NewTenant())
	used := aPasskey(newUserID(), "used")
	used.SignCount = 7
	require.NoError(t, passkeys.InsertPasskey(ctx, used))
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		return won(passkeys.UsePasskey(ctx, passkey.Use{ID: used.ID, From: 7, SignCount: 8 + uint32(racer), At: after(0)}), passkey.ErrMoved)
	}))
}

// All who make up a handle for a user at once are given the one that is kept.
func passkeyHandlesRace(t *testing.T, db *storage.DB) {
	passkeys, ctx, owner := storage.NewPasskeys(db), Within(t.Context(), NewTenant()), newUserID()
	var mu sync.Mutex
	given := map[string]int{}
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		mine := fmt.Sprint("handle", racer)
		kept, err := passkeys.KeepHandle(ctx, owner, relyingParty, []byte(mine))
		mu.Lock()
		defer mu.Unlock()
		given[string(kept)]++
		return string(kept) == mine, err
	}))
	handle, err := handleOf(ctx, passkeys, owner, relyingParty)
	require.NoError(t, err)
	require.Equal(t, map[string]int{string(handle): Racers}, given)
}

// What is removed is told of once.
func passkeysDeleteRace(t *testing.T, db *storage.DB) {
	passkeys, ctx, owner := storage.NewPasskeys(db), Within(t.Context(), NewTenant()), newUserID()
	mine := aPasskey(owner, "mine")
	require.NoError(t, passkeys.InsertPasskey(ctx, mine))
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		if racer%2 == 0 {
			return won(passkeys.DeletePasskey(ctx, owner, mine.ID), passkey.ErrUnknown)
		}
		gone, err := passkeys.DeletePasskeys(ctx, owner)
		return len(gone) == 1, err
	}))
}

// handleOf is the one that a user has at a relying party; passkey.ErrUnknown.
func handleOf(ctx context.Context, passkeys *storage.Passkeys, owner user.ID, relyingParty string) ([]byte, error) {
	handles, err := passkeys.HandlesOf(ctx, owner)
	for _, one := range handles {
		if one.RelyingParty == relyingParty {
			return one.Handle, nil
		}
	}
	if err == nil {
		err = passkey.ErrUnknown
	}
	return nil, err
}
