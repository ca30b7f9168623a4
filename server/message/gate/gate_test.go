package gate_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gate"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// plain stands where the sealer of personal members does.
type plain struct{}

func (plain) SealPersonal(_ context.Context, _ string, plaintext, _ []byte) ([]byte, error) {
	return plaintext, nil
}

// holding does something before a user is held.
type holding struct {
	gate.Holder
	before func()
	fails  error
}

func (h *holding) HoldUser(ctx context.Context, person user.ID) error {
	if h.before != nil {
		h.before()
	}
	if h.fails != nil {
		return h.fails
	}
	return h.Holder.HoldUser(ctx, person)
}

// opening is the account that every address opens, if any.
type opening struct {
	whose user.ID
	fails error
}

func (o *opening) Opens(context.Context, user.Identifier) (user.ID, bool, error) {
	return o.whose, !o.whose.IsZero(), o.fails
}

func TestHolder(t *testing.T) {
	now := clock.NewFake(storetest.Start())
	db := storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: now, Logger: slog.New(slog.DiscardHandler)})
	events := event.New(event.Deps{Store: storage.NewEvents(db), Sealer: plain{}, Clock: now, Wake: func() {}})
	users, err := user.New(user.Deps{
		Store: storage.NewUsers(db), Tx: db, Events: events, Clock: now, Schemas: storetest.ProfileSchemas(t, db, events, now),
	}, user.Default())
	require.NoError(t, err)
	opened := &opening{}
	held := &holding{Holder: storage.NewUsers(db)}
	made, err := gate.New(gate.Deps{Users: users, Holder: held, Recoveries: opened, Clock: now})
	require.NoError(t, err)
	ctx := storetest.Within(t.Context(), storetest.NewTenant())
	ada, err := users.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{
		{Type: user.Email, Value: "Ada@Example.com"}, {Type: user.Phone, Value: "+442079460000"}, {Type: user.Username, Value: "ada"},
	}, Profile: []byte(`{"locale":"fr-CA"}`)})
	require.NoError(t, err)
	whose := func(ctx context.Context, channel message.Channel, address string) string {
		t.Helper()
		reader, found, err := made.Holder(ctx, channel, address)
		require.NoError(t, err)
		require.Equal(t, found, reader.Reads == "fr-CA" && reader.Person != "")
		return reader.Person
	}
	const mail = "ada@example.com"
	require.Equal(t, ada.ID.String(), whose(ctx, message.Email, mail))
	require.Equal(t, ada.ID.String(), whose(ctx, message.SMS, "+44 20 7946 0000"))
	for channel, address := range map[message.Channel]string{message.Email: "eve@example.com", message.SMS: mail} {
		require.Empty(t, whose(ctx, channel, address))
	}
	require.Empty(t, whose(ctx, message.Email, "ada"), "a username is no address")
	require.Empty(t, whose(storetest.Within(t.Context(), storetest.NewTenant()), message.Email, mail))

	opened.whose = ada.ID
	require.Equal(t, ada.ID.String(), whose(ctx, message.Email, "new@example.com"), "the account opens to it")
	opened.whose = user.ID{}

	_, err = users.Suspend(ctx, ada.ID)
	require.NoError(t, err)
	require.Empty(t, whose(ctx, message.Email, mail), "who is suspended cannot sign in")
	_, err = users.Reactivate(ctx, ada.ID)
	require.NoError(t, err)
	_, err = users.ScheduleDeletion(ctx, ada.ID, time.Hour)
	require.NoError(t, err)
	require.Equal(t, ada.ID.String(), whose(ctx, message.Email, mail), "they may still think better of it")
	now.Advance(time.Hour)
	require.Empty(t, whose(ctx, message.Email, mail))

	held.before = func() { // between the look and the hold
		erased, err := users.Erase(ctx, ada.ID)
		require.NoError(t, err)
		require.True(t, erased)
	}
	require.Empty(t, whose(ctx, message.Email, mail))
	_, err = users.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Email, Value: "bob@example.com"}}})
	require.NoError(t, err)
	held.before, held.fails = nil, errors.New("away")
	_, _, err = made.Holder(ctx, message.Email, "bob@example.com")
	require.ErrorIs(t, err, held.fails)
	_, err = gate.New(gate.Deps{})
	require.Error(t, err)
}
