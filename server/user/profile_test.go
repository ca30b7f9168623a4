package user_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/filler"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// staffSchema has a claim of every sort; searchable are words such as ,"x-searchable":true.
func staffSchema(searchable string) []byte {
	return fmt.Appendf(nil, `{"type":"object","additionalProperties":false,"properties":{
		"name":{"type":"string","maxLength":300%s},"grade":{"type":"integer","x-user-access":"read"%s},
		"risk":{"type":"string","x-user-access":"none"},"locale":{"type":"string","x-user-access":"none"}}}`, searchable, searchable)
}

const searchable = `,"x-searchable":true`

func (h *house) declare(ctx context.Context, t *testing.T, document []byte) {
	t.Helper()
	require.NoError(t, h.schemas.Ensure(ctx, document))
}

func (h *house) found(ctx context.Context, t *testing.T, name, value string) []user.ID {
	t.Helper()
	page, err := h.FindByAttribute(ctx, name, value, user.ID{}, 10)
	require.NoError(t, err)
	return page.Items
}

func TestClass_ObjectLevel_HiddenClaims(t *testing.T) {
	h, ctx := open(t)
	h.declare(ctx, t, staffSchema(""))
	for _, profile := range []string{`{"name":"Ada","risk":"low"}`, `{"grade":1}`} {
		_, err := h.Create(ctx, user.NewUser{Profile: json.RawMessage(profile)})
		require.ErrorIs(t, err, schema.ErrProfileInvalid, "nobody gives themselves what is not theirs")
	}
	made, err := h.Create(ctx, ada())
	require.NoError(t, err)
	require.Equal(t, 2, made.SchemaVersion)
	kept, err := h.UpdateProfile(ctx, made.ID, schema.Operator, nil, json.RawMessage(`{"risk":"low","grade":3}`))
	require.NoError(t, err)
	require.JSONEq(t, `{"name":"Ada Lovelace","grade":3,"risk":"low"}`, string(kept.Profile))
	own, err := h.Own(ctx, kept)
	require.NoError(t, err)
	require.JSONEq(t, `{"name":"Ada Lovelace","grade":3}`, string(own.Profile))
	speaking := kept
	speaking.Profile = json.RawMessage(`{"locale":"de"}`)
	own, err = h.Own(ctx, speaking)
	require.NoError(t, err)
	require.Empty(t, own.Locale(), "answers in a language would tell of it")
	kept, err = h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{"name":null,"risk":null}`))
	require.NoError(t, err)
	require.JSONEq(t, `{"grade":3,"risk":"low"}`, string(kept.Profile))
	_, err = h.UpdateProfile(ctx, made.ID, schema.Operator, nil, json.RawMessage(`{"risk":null}`))
	require.NoError(t, err)

	events := h.events(ctx, t)
	require.Equal(t, []string{"schema.version_created", "user.created", "user.updated", "user.updated", "user.updated"}, h.told(ctx, t))
	require.JSONEq(t, `{"fields":["grade","risk"]}`, string(events[2].Data))
	require.Equal(t, made.ID.String(), events[2].Person)
	require.JSONEq(t, `{"fields":["name"]}`, string(events[3].Data))
	require.JSONEq(t, `{"fields":["risk"]}`, string(events[4].Data))
	require.Empty(t, events[4].Person, "what changes only what they do not see is not told to them")
}

// A profile of an earlier version is patched under the current one, and the version it
// was last written with is kept beside it.
func TestPromise_ProfilesEvolve_AUserOfAnEarlierVersion(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, user.NewUser{Profile: json.RawMessage(`{"name":"Ada","nickname":"A","website":"https://ada.example"}`)})
	require.NoError(t, err)
	h.declare(ctx, t, []byte(`{"type":"object","additionalProperties":false,"required":["family_name"],"properties":{
		"name":{"type":"string","maxLength":2},"nickname":{"type":"string"},"family_name":{"type":"string"}}}`))
	read, err := h.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, 1, read.SchemaVersion)
	own, err := h.Own(ctx, read)
	require.NoError(t, err)
	require.JSONEq(t, string(made.Profile), string(own.Profile))

	after, err := h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{"nickname":"B"}`))
	require.NoError(t, err)
	require.Equal(t, 2, after.SchemaVersion)
	require.JSONEq(t, `{"name":"Ada","nickname":"B","website":"https://ada.example"}`, string(after.Profile))
	_, err = h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{"website":"https://b.example"}`))
	require.ErrorIs(t, err, schema.ErrProfileInvalid)
	after, err = h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{"website":null}`))
	require.NoError(t, err)
	require.JSONEq(t, `{"name":"Ada","nickname":"B"}`, string(after.Profile))
}

func TestFindByAttribute(t *testing.T) {
	h, ctx := open(t)
	h.declare(ctx, t, staffSchema(searchable))
	var owners []user.ID
	for range 3 {
		made, err := h.Create(ctx, user.NewUser{Profile: json.RawMessage(`{"name":"Zoe\u0308"}`)})
		require.NoError(t, err)
		owners = append(owners, made.ID)
	}
	slices.SortFunc(owners, func(a, b user.ID) int { left, right := a.Bytes(), b.Bytes(); return slices.Compare(left[:], right[:]) })
	page, err := h.FindByAttribute(ctx, "name", "ZO\u00cb", user.ID{}, 2)
	require.NoError(t, err)
	require.Equal(t, user.AttributePage{Items: owners[:2], Next: owners[1]}, page)
	page, err = h.FindByAttribute(ctx, "name", "zo\u00eb", page.Next, 2)
	require.NoError(t, err)
	require.Equal(t, user.AttributePage{Items: owners[2:]}, page)

	_, err = h.UpdateProfile(ctx, owners[0], schema.Person, nil, json.RawMessage(`{"name":"Ada"}`))
	require.NoError(t, err)
	_, err = h.UpdateProfile(ctx, owners[1], schema.Operator, nil, json.RawMessage(`{"name":null,"grade":7}`))
	require.NoError(t, err)
	require.Equal(t, owners[2:], h.found(ctx, t, "name", "zo\u00eb"))
	require.Equal(t, owners[:1], h.found(ctx, t, "name", "ADA"))
	require.Equal(t, owners[1:2], h.found(ctx, t, "grade", "7"))
	require.Empty(t, h.found(ctx, t, "grade", "seven"))
	for _, name := range []string{"risk", "absent"} {
		_, err := h.FindByAttribute(ctx, name, "low", user.ID{}, 10)
		require.ErrorIs(t, err, schema.ErrNotIndexed)
	}
	_, err = h.FindByAttribute(storetest.Within(t.Context(), storetest.NewTenant()), "name", "Ada", user.ID{}, 10)
	require.ErrorIs(t, err, schema.ErrNotIndexed, "another tenant's schema is another")
}

// A change that is undone takes what can be searched with it.
func TestPromise_OneCommitPoint_AttributesFollowTheProfile(t *testing.T) {
	h, ctx := open(t)
	h.declare(ctx, t, staffSchema(searchable))
	made, err := h.Create(ctx, user.NewUser{Profile: json.RawMessage(`{"name":"before"}`)})
	require.NoError(t, err)
	undone := fmt.Errorf("undone")
	require.ErrorIs(t, h.db.Run(ctx, func(ctx context.Context) error {
		_, err := h.UpdateProfile(ctx, made.ID, schema.Person, nil, json.RawMessage(`{"name":"after"}`))
		require.NoError(t, err)
		return undone
	}), undone)
	require.Equal(t, []user.ID{made.ID}, h.found(ctx, t, "name", "before"))
	require.Empty(t, h.found(ctx, t, "name", "after"))
	wins := storetest.Race(t, func(racer int) (bool, error) {
		_, err := h.UpdateProfile(ctx, made.ID, schema.Person, nil, fmt.Appendf(nil, `{"name":"n%d"}`, racer))
		return err == nil, err
	})
	require.Equal(t, storetest.Racers, wins)
	last, err := h.ByID(ctx, made.ID)
	require.NoError(t, err)
	for racer := range storetest.Racers {
		name := fmt.Sprintf("n%d", racer)
		require.Equal(t, string(last.Profile) == `{"name":"`+name+`"}`, len(h.found(ctx, t, "name", name)) == 1, name)
	}
}

func (h *house) filler() *filler.Filler {
	return filler.New(filler.Deps{Schemas: h.schemas, Store: storage.NewUsers(h.db), Tx: h.db, Logger: slog.New(slog.DiscardHandler)})
}

func TestPromise_ProfilesEvolve_NewlySearchableClaimsAreFilled(t *testing.T) {
	h, ctx := open(t)
	const many = 150
	for i := range many {
		_, err := h.Create(ctx, user.NewUser{Profile: fmt.Appendf(nil, `{"name":"N%d"}`, i%3)})
		require.NoError(t, err)
	}
	fill := func() int {
		filled, err := h.filler().FillAll(t.Context())
		require.NoError(t, err)
		return filled
	}
	require.Zero(t, fill(), "nothing was declared")
	h.declare(ctx, t, staffSchema(""))
	require.Zero(t, fill(), "nothing can be searched")
	h.declare(ctx, t, staffSchema(searchable))
	require.Empty(t, h.found(ctx, t, "name", "n0"))
	before, err := h.Create(ctx, user.NewUser{Profile: json.RawMessage(`{"name":"new"}`)})
	require.NoError(t, err)
	wins := storetest.Race(t, func(int) (bool, error) { // every node does it
		_, err := h.filler().FillAll(t.Context())
		return err == nil, err
	})
	require.Equal(t, storetest.Racers, wins)
	require.Zero(t, fill(), "all is done")
	for _, name := range []string{"n0", "n1", "n2"} {
		page, err := h.FindByAttribute(ctx, "name", name, user.ID{}, 100)
		require.NoError(t, err)
		require.Len(t, page.Items, many/3)
	}
	after, err := h.ByID(ctx, before.ID)
	require.NoError(t, err)
	require.Equal(t, before.Version, after.Version, "for the person nothing has changed")
	require.Equal(t, before.UpdatedAt, after.UpdatedAt)

	h.declare(ctx, t, staffSchema(`,"title":"T"`))
	require.Equal(t, many+1, fill(), "what cannot be searched any more is dropped")
	left, err := storage.NewUsers(h.db).UsersByAttribute(ctx, schema.Attribute{Name: "name", Value: "n0"}, user.ID{}, 10)
	require.NoError(t, err)
	require.Empty(t, left)
}

// Protects: while nodes of two releases run, who was written by the older one, which
// knows neither later versions nor attributes, is found by what they have now.
func TestPromise_BoringUpgrades_WhatTheReleaseBeforeWritesIsIndexed(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Create(ctx, user.NewUser{Profile: json.RawMessage(`{"name":"first"}`)})
	require.NoError(t, err)
	h.declare(ctx, t, staffSchema(searchable))
	fill := func() int {
		filled, err := h.filler().FillAll(t.Context())
		require.NoError(t, err)
		return filled
	}
	require.Equal(t, 1, fill())
	for _, name := range []string{"second", "third"} {
		made, err = h.ByID(ctx, made.ID)
		require.NoError(t, err)
		made.Profile, made.SchemaVersion = json.RawMessage(`{"name":"`+name+`"}`), 1 // all that it writes
		require.NoError(t, storage.NewUsers(h.db).UpdateUser(ctx, made))
		require.Equal(t, 1, fill())
		require.Len(t, h.found(ctx, t, "name", name), 1)
		require.Zero(t, fill())
	}
	require.Empty(t, h.found(ctx, t, "name", "first"))
	require.Empty(t, h.found(ctx, t, "name", "second"))
}

// looking counts how often somebody looks for tenants, and has none to tell.
type looking struct {
	schema.Store
	looks atomic.Int32
}

func (l *looking) TenantsWithVersions(context.Context) ([]id.Tenant, error) {
	l.looks.Add(1)
	return nil, errors.New("broken")
}

func TestRunFillingLooksAgain(t *testing.T) {
	h, _ := open(t)
	store := &looking{Store: storage.NewSchemas(h.db)}
	log := event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: h, Clock: h.clock, Wake: func() {}})
	schemas, err := schema.New(schema.Deps{
		Store: store, Tx: h.db, Events: log, Clock: h.clock, Logger: slog.New(slog.DiscardHandler),
	}, schema.Default())
	require.NoError(t, err)
	h.Service, err = user.New(user.Deps{Store: storage.NewUsers(h.db), Tx: h.db, Events: log, Clock: h.clock, Schemas: schemas}, user.Default())
	h.schemas = schemas
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			h.filler().RunFilling(ctx)
		}()
		synctest.Wait()
		require.EqualValues(t, 1, store.looks.Load())
		for range 3 {
			<-time.After(time.Minute)
			synctest.Wait()
		}
		require.EqualValues(t, 7, store.looks.Load())
		cancel()
		<-ended
	})
}
