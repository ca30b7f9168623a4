package passkey_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/user"
)

// A name is what people see of a passkey: it shows all that is in it, and there is something
// to see.
func TestPromise_PasskeyLifecycle_NamesAreVisible(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	kept := h.enrol(t, owner, newDevice(t), usual())
	for text, want := range map[string]string{
		"  Phone ": "Phone", "my 2nd key": "my 2nd key", "👩‍💻 laptop": "👩‍💻 laptop", "🏳️‍🌈": "🏳️‍🌈", "🇩🇪": "🇩🇪", "مفتاح": "مفتاح", "キー": "キー",
		"e\u0301": "\u00e9", strings.Repeat("a", 64): strings.Repeat("a", 64), strings.Repeat("👩", 64): strings.Repeat("👩", 64), "<b>": "<b>",
	} {
		renamed, err := h.Rename(h.ctx, owner, kept.ID, text)
		require.NoError(t, err, "%q", text)
		require.Equal(t, want, renamed.Name)
		stored, err := h.List(h.ctx, owner)
		require.NoError(t, err)
		require.Equal(t, []passkey.Passkey{renamed}, stored)
	}
	names, data := h.told.take()
	require.Len(t, names, 11)
	_, err := h.Rename(h.ctx, owner, kept.ID, "Phone")
	require.NoError(t, err)
	h.told.take()
	_, err = h.Rename(h.ctx, owner, kept.ID, " Phone")
	require.NoError(t, err)
	names, _ = h.told.take()
	require.Empty(t, names, "a name that it has already is no event")
	require.Equal(t, passkey.RenamedData{UserID: owner.String()}, data[0])
	before := h.held(t, owner)
	d := newDevice(t)
	c := toMake(usual())
	for _, text := range []string{
		"", " ", "\t\n", "\u00a0", "\u200d", "\u200d\u200d", strings.Repeat("a", 65), "a\x00b", "a\nb", "a\tb", "a\x1bb", "a\u0085b", "a\u202eb", "a\u2066b", "a\u200eb", "a\u061cb",
		"a\u2028b", "a\u2029b", "a\u200bb", "a\ufeffb", "a\ue000b", "a\xffb", "\xff",
	} {
		_, err := h.Rename(h.ctx, owner, kept.ID, text)
		require.ErrorIs(t, err, passkey.ErrNameInvalid, "%q", text)
		if text != "" {
			_, err = h.Check(h.ctx, c, passkey.Made{Credential: d.create(c.Challenge), Name: text, Handle: kept.Handle})
			require.ErrorIs(t, err, passkey.ErrNameInvalid, "%q", text)
		}
	}
	require.Equal(t, before, h.held(t, owner))
	names, _ = h.told.take()
	require.Empty(t, names)
}

// Class object-level: another user's passkey, and another tenant's, is not there.
func TestClass_ObjectLevel_AnothersPasskeyIsNotThereToChange(t *testing.T) {
	h := build(t)
	owner, other := h.person(t, "ada@example.com"), h.person(t, "bob@example.com")
	kept := h.enrol(t, owner, newDevice(t), usual())
	before := h.held(t, owner)
	elsewhere := h.elsewhere(t)
	for _, ask := range []func() error{
		func() error { _, err := h.Rename(h.ctx, other, kept.ID, "mine"); return err },
		func() error { _, err := h.Remove(h.ctx, other, kept.ID, passkey.Removal{LastWayIn: true}); return err },
		func() error { _, err := elsewhere.Rename(elsewhere.ctx, owner, kept.ID, "mine"); return err },
		func() error { _, err := h.Rename(h.ctx, owner, passkey.ID{}, "mine"); return err },
		func() error {
			_, err := h.Remove(h.ctx, owner, passkey.ID{}, passkey.Removal{LastWayIn: true})
			return err
		},
	} {
		require.ErrorIs(t, ask(), passkey.ErrUnknown)
	}
	_, err := elsewhere.Remove(elsewhere.ctx, owner, kept.ID, passkey.Removal{LastWayIn: true})
	require.ErrorIs(t, err, user.ErrUnknown)
	require.NoError(t, elsewhere.db.Run(elsewhere.ctx, func(ctx context.Context) error { return h.RemoveAll(ctx, owner, passkey.ByOperator) }))
	require.Equal(t, before, h.held(t, owner))
	names, _ := h.told.take()
	require.Empty(t, names)
}

// Promise 16: a passkey goes when its owner wants it, never as the last way in without their
// saying so, and platforms are told to offer it no more.
func TestPromise_PasskeyLifecycle_TheLastWayInGoesOnlyIfThatIsMeant(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	first, second := h.enrol(t, owner, newDevice(t), usual()), h.enrol(t, owner, newDevice(t), usual())
	told, err := h.Remove(h.ctx, owner, first.ID, passkey.Removal{Reason: passkey.ByUser})
	require.NoError(t, err, "there is another one")
	require.Equal(t, passkey.Signals{
		Accepted: []passkey.AcceptedCredentials{{RelyingParty: site, Handle: second.Handle, CredentialIDs: [][]byte{second.CredentialID}}},
		Details:  []passkey.UserDetails{{RelyingParty: site, Handle: second.Handle, Name: "ada@example.com", DisplayName: "ada@example.com"}},
	}, told)
	names, data := h.told.take()
	require.Equal(t, []string{"passkey.removed"}, names)
	require.Equal(t, passkey.RemovedData{UserID: owner.String(), RelyingParty: site, Reason: passkey.ByUser}, data[0])
	before := h.held(t, owner)
	_, err = h.Remove(h.ctx, owner, second.ID, passkey.Removal{Reason: passkey.ByUser, Application: "app"})
	require.ErrorIs(t, err, passkey.ErrLastWayIn)
	require.Equal(t, before, h.held(t, owner))
	names, _ = h.told.take()
	require.Empty(t, names)
	told, err = h.Remove(h.ctx, owner, second.ID, passkey.Removal{Reason: passkey.ByUser, LastWayIn: true})
	require.NoError(t, err)
	require.Equal(t, passkey.Signals{
		Accepted: []passkey.AcceptedCredentials{{RelyingParty: site, Handle: second.Handle, CredentialIDs: [][]byte{}}}, Details: []passkey.UserDetails{},
	}, told, "of none that are left a platform is told too")
	require.Empty(t, h.held(t, owner)[0])

	other := h.person(t, "bob@example.com")
	h.ways[other] = true
	only := h.enrol(t, other, newDevice(t), usual())
	_, err = h.Remove(h.ctx, other, only.ID, passkey.Removal{Reason: passkey.ByOperator})
	require.NoError(t, err, "there is another way in")
	_, err = h.Remove(h.ctx, other, only.ID, passkey.Removal{Reason: passkey.ByOperator})
	require.ErrorIs(t, err, passkey.ErrUnknown)
}

// Promise 16: who has a passkey taken off in an application is told of it, by its name.
func TestPromise_PasskeyLifecycle_RemovingOneIsToldToItsOwner(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	quiet, loud := h.enrol(t, owner, newDevice(t), usual()), h.enrol(t, owner, newDevice(t), usual())
	inbox := func() []message.Readable {
		require.NoError(t, h.messages.SendAll(h.ctx))
		found, err := h.messages.Inbox(h.ctx, "ada@example.com", message.ID{}, 0)
		require.NoError(t, err)
		return found
	}
	_, err := h.Remove(h.ctx, owner, quiet.ID, passkey.Removal{Reason: passkey.ByOperator})
	require.NoError(t, err)
	require.Empty(t, inbox())
	_, err = h.Rename(h.ctx, owner, loud.ID, "Blue key")
	require.NoError(t, err)
	_, err = h.Remove(h.ctx, owner, loud.ID, passkey.Removal{Reason: passkey.ByUser, LastWayIn: true, Application: "app_1"})
	require.NoError(t, err)
	found := inbox()
	require.Len(t, found, 1)
	require.Equal(t, message.PasskeyRemoved, found[0].Kind)
	require.Equal(t, "Blue key", found[0].Values["passkey"])
}

// What takes back an account takes its passkeys: all, or those that came since.
func TestPromise_PasskeyLifecycle_TakingAnAccountBackTakesItsPasskeys(t *testing.T) {
	h := build(t)
	owner, other := h.person(t, "ada@example.com"), h.person(t, "bob@example.com")
	old, theirs := h.enrol(t, owner, newDevice(t), usual()), h.enrol(t, other, newDevice(t), usual())
	since := h.clock.Now()
	recent := h.enrol(t, owner, newDevice(t), usual())
	require.Equal(t, since, recent.CreatedAt)
	h.clock.Advance(time.Hour)
	later := h.enrol(t, owner, newDevice(t), usual())
	within := func(act func(ctx context.Context) error) { require.NoError(t, h.db.Run(h.ctx, act)) }
	within(func(ctx context.Context) error { return h.RemoveSince(ctx, owner, since, passkey.ByReversal) })
	left, err := h.List(h.ctx, owner)
	require.NoError(t, err)
	require.Equal(t, []passkey.Passkey{old}, left)
	gone := func(reason string) passkey.RemovedData {
		return passkey.RemovedData{UserID: owner.String(), RelyingParty: site, Reason: reason}
	}
	names, data := h.told.take()
	require.Equal(t, []string{"passkey.removed", "passkey.removed"}, names)
	require.Equal(t, []any{gone(passkey.ByReversal), gone(passkey.ByReversal)}, data)
	within(func(ctx context.Context) error { return h.RemoveAll(ctx, owner, passkey.ByRecovery) })
	within(func(ctx context.Context) error { return h.RemoveAll(ctx, owner, passkey.ByRecovery) })
	names, data = h.told.take()
	require.Equal(t, []string{"passkey.removed"}, names)
	require.Equal(t, []any{gone(passkey.ByRecovery)}, data)
	left, err = h.List(h.ctx, owner)
	require.NoError(t, err)
	require.Empty(t, left)
	left, err = h.Of(h.ctx, other, site)
	require.NoError(t, err)
	require.Equal(t, []passkey.Passkey{theirs}, left)
	require.NotEqual(t, later.ID, recent.ID)
}

// Promise 16: platforms are told what they may offer, at each relying party what is there.
func TestPromise_PasskeyLifecycle_SignalsSayWhatThereIs(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	found, err := h.users.ByID(h.ctx, owner)
	require.NoError(t, err)
	told, err := h.Signals(h.ctx, owner)
	require.NoError(t, err)
	require.Equal(t, passkey.Signals{Accepted: []passkey.AcceptedCredentials{}, Details: []passkey.UserDetails{}}, told)
	at, err := h.SignalsAt(h.ctx, found, site)
	require.NoError(t, err)
	require.Nil(t, at)
	first, second := h.enrol(t, owner, newDevice(t), usual()), h.enrol(t, owner, newDevice(t), usual())
	accepted := passkey.AcceptedCredentials{RelyingParty: site, Handle: first.Handle, CredentialIDs: [][]byte{first.CredentialID, second.CredentialID}}
	details := passkey.UserDetails{RelyingParty: site, Handle: first.Handle, Name: "ada@example.com", DisplayName: "ada@example.com"}
	want := passkey.Signals{Accepted: []passkey.AcceptedCredentials{accepted}, Details: []passkey.UserDetails{details}}
	told, err = h.Signals(h.ctx, owner)
	require.NoError(t, err)
	require.Equal(t, want, told)
	at, err = h.SignalsAt(h.ctx, found, site)
	require.NoError(t, err)
	require.Equal(t, &want, at)
	at, err = h.SignalsAt(h.ctx, found, "example.org")
	require.NoError(t, err)
	require.Nil(t, at)
}
