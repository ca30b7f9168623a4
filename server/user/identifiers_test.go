package user_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/own"
	"github.com/lintel-id/lintel/storage/storetest"
)

// patient lets everybody ask, or nobody.
type patient struct{ refusal error }

func (p patient) Submission(context.Context) error { return p.refusal }

// anywhere takes every address.
type anywhere struct{}

func (anywhere) Check(context.Context, string) error { return nil }

// untold tells nobody.
type untold struct{}

func (untold) IdentifierChanged(context.Context, own.Change) error { return nil }

func (h *house) identifiers() *own.Identifiers {
	return own.New(own.Deps{Users: h.Service, Tx: h.db, Limiter: patient{}, Mailboxes: anywhere{}, Notices: untold{}})
}

func wanting(value string) own.Added {
	return own.Added{Value: value, Allowed: []user.IdentifierType{user.Email, user.Phone, user.Username}}
}

func (h *house) values(ctx context.Context, t *testing.T, owner user.ID) (shown []string) {
	t.Helper()
	found, err := h.ByID(ctx, owner)
	require.NoError(t, err)
	for _, held := range found.Identifiers {
		mark := ""
		if held.Primary {
			mark = "*"
		}
		shown = append(shown, held.Value+mark)
	}
	return shown
}

func TestAddPreferAndRemove(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	mine := h.identifiers()
	h.clock.Advance(time.Minute)

	phone, err := mine.Add(ctx, made.ID, wanting("+44 20 7946 0018"))
	require.NoError(t, err)
	require.Equal(t, user.Phone, phone.Type)
	require.True(t, phone.Primary, "the first of its type")
	require.Nil(t, phone.VerifiedAt)
	third, err := mine.Add(ctx, made.ID, wanting("third@example.com"))
	require.NoError(t, err)
	require.False(t, third.Primary)
	again, err := mine.Add(ctx, made.ID, wanting("THIRD@example.com"))
	require.NoError(t, err)
	require.Equal(t, third.ID, again.ID)
	require.Equal(t, []string{"Ada@example.com*", "ada*", "second@example.com", "+442079460018*", "third@example.com"}, h.values(ctx, t, made.ID))

	chosen, err := mine.MakePrimary(ctx, made.ID, third.ID)
	require.NoError(t, err)
	require.True(t, chosen.Primary)
	_, err = mine.MakePrimary(ctx, made.ID, third.ID)
	require.NoError(t, err)
	require.NoError(t, mine.Remove(ctx, made.ID, third.ID, own.From{}))
	require.ErrorIs(t, mine.Remove(ctx, made.ID, third.ID, own.From{}), user.ErrIdentifierUnknown)
	require.Equal(t, []string{"Ada@example.com*", "ada*", "second@example.com", "+442079460018*"}, h.values(ctx, t, made.ID), "the oldest takes its place")
	require.NoError(t, mine.Remove(ctx, made.ID, phone.ID, own.From{}))
	require.Equal(t, []string{
		"user.created", "user.identifier_added", "user.identifier_added", "user.identifier_primary_changed",
		"user.identifier_removed", "user.identifier_primary_changed", "user.identifier_removed",
	}, h.told(ctx, t))

	found, err := h.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, made.Version+5, found.Version, "whoever holds an older version is told")
	require.Equal(t, h.clock.Now(), found.UpdatedAt)
	other, err := h.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Email, Value: "third@example.com"}}})
	require.NoError(t, err, "what was given up is free")
	require.ErrorIs(t, mine.Remove(ctx, other.ID, made.Identifiers[0].ID, own.From{}), user.ErrIdentifierUnknown)
	_, err = mine.MakePrimary(ctx, other.ID, made.Identifiers[0].ID)
	require.ErrorIs(t, err, user.ErrIdentifierUnknown)
	require.ErrorIs(t, mine.Remove(ctx, other.ID, other.Identifiers[0].ID, own.From{}), user.ErrIdentifierLast)
}

// What an identifier's events tell in the open is its name and type; the value is
// under the person's key.
func TestClass_Secrets_AnIdentifiersValueIsSealed(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	added, err := h.identifiers().Add(ctx, made.ID, wanting("third@example.com"))
	require.NoError(t, err)
	require.NoError(t, h.identifiers().Remove(ctx, made.ID, added.ID, own.From{}))
	for _, told := range h.events(ctx, t)[1:] {
		require.Equal(t, made.ID.String(), told.Subject)
		require.Equal(t, made.ID.String(), told.Person)
		require.JSONEq(t, `{"identifier_id":"`+added.ID.String()+`","identifier_type":"email"}`, string(told.Data))
		box, err := h.keys.Existing(ctx, h.box, told.Person)
		require.NoError(t, err)
		plain, err := box.Open("event", told.Personal, []byte(told.ID.String()))
		require.NoError(t, err)
		require.JSONEq(t, `{"value":"third@example.com"}`, string(plain))
	}
}

func TestAddRefuses(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	other, err := h.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: "other"}}})
	require.NoError(t, err)
	mine := h.identifiers()
	for name, c := range map[string]struct {
		wanted own.Added
		want   error
	}{
		"taken":            {wanting("ada@example.com"), user.ErrIdentifierTaken},
		"invalid":          {wanting("ada@"), user.ErrIdentifierInvalid},
		"of another type":  {own.Added{Type: user.Phone, Value: "ada@example.com", Allowed: []user.IdentifierType{user.Phone}}, user.ErrIdentifierInvalid},
		"unprovable":       {own.Added{Value: "free@example.com", Allowed: []user.IdentifierType{user.Username}}, user.ErrIdentifierUnprovable},
		"unprovable taken": {own.Added{Value: "ada@example.com", Allowed: []user.IdentifierType{user.Username}}, user.ErrIdentifierUnprovable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mine.Add(ctx, other.ID, c.wanted)
			require.ErrorIs(t, err, c.want)
			for _, field := range fault.As(err).Fields {
				require.Equal(t, "/value", field.Pointer)
			}
		})
	}
	tired := errors.New("tired")
	_, err = own.New(own.Deps{Users: h.Service, Tx: h.db, Limiter: patient{refusal: tired}, Mailboxes: anywhere{}, Notices: untold{}}).Add(ctx, other.ID, wanting("free@example.com"))
	require.ErrorIs(t, err, tired)
	for i := range 17 {
		_, err := mine.Add(ctx, made.ID, wanting(fmt.Sprintf("name%d", i)))
		require.NoError(t, err)
	}
	_, err = mine.Add(ctx, made.ID, wanting("one-too-many"))
	require.ErrorIs(t, err, user.ErrIdentifierLimit)
	_, err = mine.Add(ctx, made.ID, wanting("name3"))
	require.NoError(t, err, "what one has already is no more")
	require.Equal(t, []string{"other*"}, h.values(ctx, t, other.ID))
}

func TestListIdentifiersInPages(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	all, err := h.ListIdentifiers(ctx, made.ID, user.IdentifierID{}, 10)
	require.NoError(t, err)
	require.Len(t, all.Items, 3)
	require.True(t, all.Next.IsZero())
	var paged []user.Identifier
	for after := (user.IdentifierID{}); ; {
		page, err := h.ListIdentifiers(ctx, made.ID, after, 1)
		require.NoError(t, err)
		paged = append(paged, page.Items...)
		if after = page.Next; after.IsZero() {
			break
		}
	}
	require.Equal(t, all.Items, paged)
	_, err = h.ListIdentifiers(storetest.Within(t.Context(), storetest.NewTenant()), made.ID, user.IdentifierID{}, 10)
	require.ErrorIs(t, err, user.ErrUnknown)
}

// One identifier finds one user, however many want it at once.
func TestClass_SingleUse_OneIdentifierOneUser(t *testing.T) {
	h, ctx := open(t)
	owners := make([]user.ID, storetest.Racers)
	for i := range owners {
		made, err := h.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: fmt.Sprintf("racer%d", i)}}})
		require.NoError(t, err)
		owners[i] = made.ID
	}
	require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
		_, err := h.identifiers().Add(ctx, owners[racer], wanting("wanted@example.com"))
		if errors.Is(err, user.ErrIdentifierTaken) {
			return false, nil
		}
		return err == nil, err
	}))
	_, err := h.ByIdentifier(ctx, user.Email, "wanted@example.com")
	require.NoError(t, err)
}

// Removing all there are at once leaves one, which is primary.
func TestTheLastIdentifierStays(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: "one"}, {Type: user.Username, Value: "two"}}})
	require.NoError(t, err)
	require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
		err := h.identifiers().Remove(ctx, made.ID, made.Identifiers[racer%2].ID, own.From{})
		if errors.Is(err, user.ErrIdentifierLast) || errors.Is(err, user.ErrIdentifierUnknown) {
			return false, nil
		}
		return err == nil, err
	}))
	found, err := h.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.Len(t, found.Identifiers, 1)
	require.True(t, found.Identifiers[0].Primary)
}

// A user that an older node has written as JSON has the ids here that its rows have.
func TestPromise_BoringUpgrades_IdentifiersOfAnOlderNode(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	require.Equal(t, made, made.WithIdentifierIDs(), "an id never changes")
	for i := range made.Identifiers {
		made.Identifiers[i].ID = user.IdentifierID{}
	}
	written, err := json.Marshal(made)
	require.NoError(t, err)
	written = bytes.ReplaceAll(written, []byte(`"ID":"`+user.IdentifierID{}.String()+`",`), nil)
	require.NotContains(t, string(written), "idn_")
	var read user.User
	require.NoError(t, json.Unmarshal(written, &read))
	for i, held := range read.WithIdentifierIDs().Identifiers {
		require.Equal(t, user.EarlierIdentifierID(made.ID, i, h.clock.Now()), held.ID)
	}
	require.True(t, read.Identifiers[0].ID.IsZero(), "the user that was given stays as it was")
}
