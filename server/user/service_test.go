package user_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// house is a user service on a real database.
type house struct {
	*user.Service
	db    *storage.DB
	clock *clock.Fake

	schemas *schema.Service
	keys    *seal.UserKeys
	box     *seal.Box
}

// SealPersonal seals as the server does: under the person's own key.
func (h *house) SealPersonal(ctx context.Context, person string, plain, associated []byte) ([]byte, error) {
	box, err := h.keys.Box(ctx, h.box, person)
	if err != nil {
		return nil, err
	}
	return box.Seal("event", plain, associated)
}

func build(t *testing.T, wrap func(user.Store) user.Store) *house {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	h.db = storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: slog.New(slog.DiscardHandler)})
	var err error
	h.box, err = seal.NewBox(seal.NewDataKey())
	require.NoError(t, err)
	h.keys, err = seal.NewUserKeys(seal.UserKeysDeps{
		Store: storage.NewUserKeys(h.db), Clock: h.clock, AfterCommit: tx.AfterCommit,
	}, seal.DefaultUserKeysConfig())
	require.NoError(t, err)
	log := event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: h, Clock: h.clock, Wake: func() {}})
	h.schemas = storetest.ProfileSchemas(t, h.db, log, h.clock)
	h.Service, err = user.New(user.Deps{
		Store: wrap(storage.NewUsers(h.db)), Tx: h.db, Events: log, Clock: h.clock, Schemas: h.schemas,
	}, user.Default())
	require.NoError(t, err)
	return h
}

func open(t *testing.T) (*house, context.Context) {
	t.Helper()
	return build(t, func(s user.Store) user.Store { return s }), storetest.Within(t.Context(), storetest.NewTenant())
}

func (h *house) events(ctx context.Context, t *testing.T) []event.Envelope {
	t.Helper()
	events, err := storage.NewEvents(h.db).UnsequencedEvents(ctx, nil, 100)
	require.NoError(t, err)
	return events
}

func (h *house) told(ctx context.Context, t *testing.T) []string {
	t.Helper()
	names := []string{}
	for _, e := range h.events(ctx, t) {
		names = append(names, e.Type)
	}
	return names
}

func ada() user.NewUser {
	return user.NewUser{
		Identifiers: []user.IdentifierInput{
			{Type: user.Email, Value: "Ada@Example.com"}, {Type: user.Username, Value: "Ada"}, {Type: user.Email, Value: "second@example.com"},
		},
		Profile: json.RawMessage(`{"name":"Ada Lovelace"}`),
	}
}

func TestCreateAndFind(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	require.Equal(t, user.Active, made.Status)
	require.Equal(t, 1, made.SchemaVersion)
	require.Equal(t, 1, made.IndexedSchema)
	require.Equal(t, []bool{true, true, false}, []bool{made.Identifiers[0].Primary, made.Identifiers[1].Primary, made.Identifiers[2].Primary})
	found, err := h.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, made, found)
	for _, text := range []string{"ADA@EXAMPLE.COM", " second@example.com", "ada", "ADA"} {
		found, err := h.ByIdentifier(ctx, user.Detect(text), text)
		require.NoError(t, err, text)
		require.Equal(t, made.ID, found.ID)
	}
	_, err = h.ByIdentifier(ctx, user.Email, "nobody@example.com")
	require.ErrorIs(t, err, user.ErrUnknown)
	_, err = h.ByIdentifier(ctx, user.Email, "nobody")
	require.ErrorIs(t, err, user.ErrIdentifierInvalid)

	elsewhere := storetest.Within(t.Context(), storetest.NewTenant())
	_, err = h.ByID(elsewhere, made.ID)
	require.ErrorIs(t, err, user.ErrUnknown)
	_, err = h.ByIdentifier(elsewhere, user.Username, "ada")
	require.ErrorIs(t, err, user.ErrUnknown)
}

// Protects: erasure. What an event tells about a person is readable only with that
// person's key.
func TestClass_Secrets_CreatedTellsThePersonalOnlySealed(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	events := h.events(ctx, t)
	require.Len(t, events, 1)
	require.Equal(t, "user.created", events[0].Type)
	require.Equal(t, made.ID.String(), events[0].Subject)
	require.Equal(t, made.ID.String(), events[0].Person)
	require.JSONEq(t, `{"identifier_types":["email","username","email"]}`, string(events[0].Data))
	require.NotContains(t, string(events[0].Personal), "ovelace")
	box, err := h.keys.Existing(ctx, h.box, made.ID.String())
	require.NoError(t, err)
	plain, err := box.Open("event", events[0].Personal, []byte(events[0].ID.String()))
	require.NoError(t, err)
	require.JSONEq(t, `{"identifiers":[{"type":"email","value":"Ada@example.com"},{"type":"username","value":"ada"},
		{"type":"email","value":"second@example.com"}],"profile":{"name":"Ada Lovelace"}}`, string(plain))
}

func TestCreateRefuses(t *testing.T) {
	h, ctx := open(t)
	_, err := h.Create(ctx, ada())
	require.NoError(t, err)
	many := make([]user.IdentifierInput, 21)
	for i := range many {
		many[i] = user.IdentifierInput{Type: user.Username, Value: fmt.Sprintf("name%d", i)}
	}
	for name, c := range map[string]struct {
		input   user.NewUser
		want    error
		pointer string
	}{
		"taken":     {user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: "other"}, {Type: user.Email, Value: "ada@example.com"}}}, user.ErrIdentifierTaken, ""},
		"lookalike": {user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: "a\u0501a"}}}, user.ErrIdentifierInvalid, "/identifiers/0"},
		"invalid":   {user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: "other"}, {Type: user.Phone, Value: "1"}}}, user.ErrIdentifierInvalid, "/identifiers/1"},
		"twice":     {user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: "other"}, {Type: user.Username, Value: "OTHER"}}}, user.ErrIdentifierInvalid, "/identifiers/1"},
		"many":      {user.NewUser{Identifiers: many}, user.ErrIdentifierInvalid, "/identifiers"},
		"profile":   {user.NewUser{Profile: json.RawMessage(`{"shoe":1}`)}, schema.ErrProfileInvalid, "/profile/shoe"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.Create(ctx, c.input)
			require.ErrorIs(t, err, c.want)
			if c.pointer != "" {
				require.Equal(t, c.pointer, fault.As(err).Fields[0].Pointer)
			}
		})
	}
	require.Equal(t, []string{"user.created"}, h.told(ctx, t))
	_, err = h.ByIdentifier(ctx, user.Username, "other")
	require.ErrorIs(t, err, user.ErrUnknown, "nothing of a refused user stays")
}

// Protects: a username in another script cannot stand in for one that is taken.
func TestAnImitationIsTaken(t *testing.T) {
	h, ctx := open(t)
	_, err := h.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: "caxap"}}})
	require.NoError(t, err)
	_, err = h.Create(ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: "\u0441\u0430\u0445\u0430\u0440"}}})
	require.ErrorIs(t, err, user.ErrIdentifierTaken)
}

// Protects: there is one commit point. Create joins the caller's unit of work and
// goes down with it.
func TestPromise_OneCommitPoint_CreateJoins(t *testing.T) {
	h, ctx := open(t)
	undone := errors.New("undone")
	err := h.db.Run(ctx, func(ctx context.Context) error {
		made, err := h.Create(ctx, ada())
		require.NoError(t, err)
		_, err = h.ByID(ctx, made.ID)
		require.NoError(t, err)
		return undone
	})
	require.ErrorIs(t, err, undone)
	_, err = h.ByIdentifier(ctx, user.Username, "ada")
	require.ErrorIs(t, err, user.ErrUnknown)
	require.Empty(t, h.told(ctx, t))
}

// Protects: one identifier, one user, however many ask at once.
func TestCreateIsRaced(t *testing.T) {
	h, ctx := open(t)
	wins := storetest.Race(t, func(int) (bool, error) {
		_, err := h.Create(ctx, ada())
		if errors.Is(err, user.ErrIdentifierTaken) {
			return false, nil
		}
		return err == nil, err
	})
	require.Equal(t, 1, wins)
	require.Equal(t, []string{"user.created"}, h.told(ctx, t))
}

func TestUpdateProfile(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	h.clock.Advance(time.Minute)

	after, err := h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{"nickname":"Ada","name":null}`))
	require.NoError(t, err)
	require.JSONEq(t, `{"nickname":"Ada"}`, string(after.Profile))
	require.Equal(t, made.Version+1, after.Version)
	require.Equal(t, h.clock.Now(), after.UpdatedAt)
	stored, err := h.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, after, stored)
	last := h.events(ctx, t)[1]
	require.Equal(t, "user.updated", last.Type)
	require.JSONEq(t, `{"fields":["name","nickname"]}`, string(last.Data))
	require.NotContains(t, string(last.Personal), "Ada", "it is sealed")

	same, err := h.UpdateProfile(ctx, made.ID, schema.Person, &after.Version, json.RawMessage(`{"nickname":"Ada","gender":null}`))
	require.NoError(t, err)
	require.Equal(t, after, same)
	_, err = h.UpdateProfile(ctx, made.ID, schema.Person, &made.Version, json.RawMessage(`{"nickname":"A"}`))
	require.ErrorIs(t, err, user.ErrChanged)
	_, err = h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{"nickname":1}`))
	require.ErrorIs(t, err, schema.ErrProfileInvalid)
	_, err = h.UpdateProfile(storetest.Within(t.Context(), storetest.NewTenant()), made.ID, schema.Person, nil, json.RawMessage(`{}`))
	require.ErrorIs(t, err, user.ErrUnknown)
	require.Equal(t, []string{"user.created", "user.updated"}, h.told(ctx, t))
}

// slow lets somebody else be first a number of times.
type slow struct {
	user.Store
	times atomic.Int32
}

func (s *slow) UpdateUser(ctx context.Context, changed user.User) error {
	if s.times.Add(-1) >= 0 {
		return user.ErrChanged
	}
	return s.Store.UpdateUser(ctx, changed)
}

// Protects: no update is lost. Two patches of different claims both arrive, and a
// version that was demanded is never guessed again.
func TestUpdateProfileTriesAgain(t *testing.T) {
	var store *slow
	h := build(t, func(s user.Store) user.Store { store = &slow{Store: s}; return store })
	ctx := storetest.Within(t.Context(), storetest.NewTenant())
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)

	store.times.Store(3)
	after, err := h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{"nickname":"Ada"}`))
	require.NoError(t, err)
	require.Equal(t, made.Version+1, after.Version)

	store.times.Store(1)
	_, err = h.UpdateProfile(ctx, made.ID, schema.Person, &after.Version, json.RawMessage(`{"nickname":"A"}`))
	require.ErrorIs(t, err, user.ErrChanged)

	store.times.Store(1000)
	_, err = h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{"nickname":"A"}`))
	require.ErrorIs(t, err, user.ErrChanged)
	require.Equal(t, int32(1000-8), store.times.Load())
	require.Equal(t, []string{"user.created", "user.updated"}, h.told(ctx, t))
}

func TestUpdateProfileIsRaced(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, user.NewUser{})
	require.NoError(t, err)
	claims := []string{"name", "given_name", "family_name", "middle_name", "nickname", "gender"}
	wins := storetest.Race(t, func(racer int) (bool, error) {
		patch := fmt.Sprintf(`{%q:"v%d"}`, claims[racer%len(claims)], racer)
		_, err := h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(patch))
		return err == nil, err
	})
	require.Equal(t, storetest.Racers, wins)
	after, err := h.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, made.Version+storetest.Racers, after.Version)
	var profile map[string]string
	require.NoError(t, json.Unmarshal(after.Profile, &profile))
	require.Len(t, profile, len(claims))
}

func TestSuspendAndReactivate(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	require.NoError(t, made.RequireActive())
	for range 2 {
		suspended, err := h.Suspend(ctx, made.ID)
		require.NoError(t, err)
		require.ErrorIs(t, suspended.RequireActive(), user.ErrSuspended)
	}
	found, err := h.ByIdentifier(ctx, user.Username, "ada")
	require.NoError(t, err)
	require.Equal(t, user.Suspended, found.Status)
	for range 2 {
		back, err := h.Reactivate(ctx, made.ID)
		require.NoError(t, err)
		require.NoError(t, back.RequireActive())
	}
	require.Equal(t, []string{"user.created", "user.suspended", "user.reactivated"}, h.told(ctx, t))
}

// Protects against side grants: a deleted user is found by nothing and comes back
// by nothing, and a status nobody knows lets nobody in.
func TestClass_SideGrant_ADeletedUserIsGone(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	made.Status = user.Deleted
	require.NoError(t, storage.NewUsers(h.db).UpdateUser(ctx, made))
	for name, act := range map[string]func() error{
		"by id":         func() error { _, err := h.ByID(ctx, made.ID); return err },
		"by identifier": func() error { _, err := h.ByIdentifier(ctx, user.Username, "ada"); return err },
		"update": func() error {
			_, err := h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{}`))
			return err
		},
		"suspend":    func() error { _, err := h.Suspend(ctx, made.ID); return err },
		"reactivate": func() error { _, err := h.Reactivate(ctx, made.ID); return err },
		"require":    made.RequireActive,
		"odd status": user.User{Status: "odd"}.RequireActive,
		"no status":  user.User{}.RequireActive,
	} {
		require.ErrorIs(t, act(), user.ErrUnknown, name)
	}
	require.Equal(t, []string{"user.created"}, h.told(ctx, t))
}

func TestNewRefuses(t *testing.T) {
	h, _ := open(t)
	log := event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: h, Clock: h.clock, Wake: func() {}})
	whole := user.Deps{Store: storage.NewUsers(h.db), Tx: h.db, Events: log, Clock: h.clock, Schemas: h.schemas}
	_, err := user.New(whole, user.Config{})
	require.ErrorContains(t, err, "MaxIdentifiers")
	for _, without := range []func(*user.Deps){
		func(d *user.Deps) { d.Store = nil }, func(d *user.Deps) { d.Tx = nil },
		func(d *user.Deps) { d.Events = nil }, func(d *user.Deps) { d.Clock = nil }, func(d *user.Deps) { d.Schemas = nil },
	} {
		deps := whole
		without(&deps)
		_, err := user.New(deps, user.Default())
		require.Error(t, err)
	}
}

func TestWords(t *testing.T) {
	require.Equal(t, []string{"Ada", "en"}, user.Words(json.RawMessage(`{"name":"Ada","locale":"en","address":{"region":"x"}}`)))
	require.Empty(t, user.Words(nil))
	require.Empty(t, user.Words(json.RawMessage(`[`)))
}
