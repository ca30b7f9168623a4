package merge_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/merge"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/adoption"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// plain stands where the sealer of personal members does.
type plain struct{}

func (plain) SealPersonal(_ context.Context, _ string, plaintext, _ []byte) ([]byte, error) {
	return plaintext, nil
}

var errStuck = errors.New("stuck")

// stuck is a room that cannot let go of anybody.
type stuck struct{}

func (stuck) EraseUser(context.Context, user.ID) error { return errStuck }

// house is the room over a real database.
type house struct {
	*merge.Service
	db       *storage.DB
	clock    *clock.Fake
	events   *storage.Events
	schemas  *schema.Service
	users    *user.Service
	roles    *role.Service
	consents *consent.Service
	erasure  *erasure.Service
	deps     merge.Deps
}

func open(t *testing.T, place storage.Config) (*house, context.Context) {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	logger := slog.New(slog.DiscardHandler)
	place.Clock, place.Logger = h.clock, logger
	h.db = storetest.Migrated(t, place)
	h.events = storage.NewEvents(h.db)
	recorder := event.New(event.Deps{Store: h.events, Sealer: plain{}, Clock: h.clock, Wake: func() {}})
	held, assigned := storage.NewUsers(h.db), storage.NewRoles(h.db)
	h.schemas = storetest.ProfileSchemas(t, h.db, recorder, h.clock)
	var err error
	h.users, err = user.New(user.Deps{Store: held, Tx: h.db, Events: recorder, Clock: h.clock, Schemas: h.schemas}, user.Default())
	require.NoError(t, err)
	h.roles, err = role.New(role.Deps{
		Store: assigned, Assignments: assigned, Users: h.users, Tx: h.db, Events: recorder, Clock: h.clock,
		Scopes: []string{"all", "roles:write", "users:write"},
	})
	require.NoError(t, err)
	h.consents, err = consent.New(consent.Deps{Store: storage.NewConsents(h.db), Tx: h.db, Events: recorder, Clock: h.clock})
	require.NoError(t, err)
	sessions, err := session.New(session.Deps{Store: storage.NewSessions(h.db), Tx: h.db, Events: recorder, Clock: h.clock, Log: h.events, Logger: logger}, session.DefaultConfig())
	require.NoError(t, err)
	h.deps = merge.Deps{
		Users: h.users, Merger: user.NewMerger(user.MergerDeps{Users: h.users, Store: held}), Roles: h.roles, Consents: h.consents, Sessions: sessions,
		Holder: held, Passwords: storage.NewPasswords(h.db), Passkeys: storage.NewPasskeys(h.db), Counter: storage.NewSessions(h.db), Tx: h.db, Clock: h.clock,
		Held: []merge.Held{
			{Eraser: held, Mover: merge.Planned{}}, {Eraser: storage.NewConsents(h.db), Mover: h.consents},
			{Eraser: storage.NewSessions(h.db), Mover: merge.Dropped{}}, {Eraser: assigned, Mover: h.roles},
			{Eraser: storage.NewPasskeys(h.db), Mover: merge.Dropped{}},
		},
	}
	h.Service, err = merge.New(h.deps)
	require.NoError(t, err)
	h.erasure, err = erasure.New(erasure.Deps{
		Users: h.users, Sessions: sessions, Queue: held, Erasers: merge.Erasers(h.deps.Held), Tx: h.db, Clock: h.clock, Logger: logger,
		Grace: func(context.Context) (time.Duration, error) { return 0, nil },
	}, erasure.Default())
	require.NoError(t, err)
	return h, storetest.Within(t.Context(), storetest.NewTenant())
}

func onEveryEngine(t *testing.T, test func(t *testing.T, h *house, ctx context.Context)) {
	t.Helper()
	for engine, place := range map[string]func(t *testing.T) storage.Config{
		"sqlite":   func(t *testing.T) storage.Config { return storage.Config{DataDir: t.TempDir()} },
		"postgres": func(t *testing.T) storage.Config { return storage.Config{URL: postgres.NewDatabase(t)} },
	} {
		t.Run(engine, func(t *testing.T) {
			h, ctx := open(t, place(t))
			test(t, h, ctx)
		})
	}
}

func everything() []role.Permission { return []role.Permission{role.OfScope("all")} }

// somebody is found by the names.
func (h *house) somebody(ctx context.Context, t *testing.T, profile string, names ...string) user.ID {
	t.Helper()
	wanted := user.NewUser{Profile: json.RawMessage(profile), By: schema.Operator}
	for _, name := range names {
		wanted.Identifiers = append(wanted.Identifiers, user.IdentifierInput{Type: user.Username, Value: name})
	}
	made, err := h.users.Create(ctx, wanted)
	require.NoError(t, err)
	return made.ID
}

// given is a role that the person has.
func (h *house) given(ctx context.Context, t *testing.T, key string, people ...user.ID) role.ID {
	t.Helper()
	made, err := h.roles.Create(ctx, everything(), role.NewRole{Key: key, Name: key})
	require.NoError(t, err)
	for _, person := range people {
		_, err = h.roles.Assign(ctx, everything(), person, made.ID)
		require.NoError(t, err)
	}
	return made.ID
}

func (h *house) told(ctx context.Context, t *testing.T) (types []string) {
	t.Helper()
	events, err := h.events.UnsequencedEvents(ctx, nil, 1000)
	require.NoError(t, err)
	for _, one := range events {
		types = append(types, one.Type)
	}
	return types
}

func (h *house) count(ctx context.Context, t *testing.T, kind string) (count int) {
	t.Helper()
	for _, one := range h.told(ctx, t) {
		if one == kind {
			count++
		}
	}
	return count
}

// merge previews and merges.
func (h *house) merge(ctx context.Context, wanted merge.Wanted) error {
	plan, err := h.Preview(ctx, everything(), wanted)
	if err != nil {
		return err
	}
	_, err = h.Merge(ctx, everything(), wanted, plan.Tag)
	return err
}

func TestNewWantsAll(t *testing.T) {
	h, _ := open(t, storage.Config{DataDir: t.TempDir()})
	for _, without := range []func(*merge.Deps){
		func(d *merge.Deps) { d.Users = nil }, func(d *merge.Deps) { d.Held = nil }, func(d *merge.Deps) { d.Passkeys = nil },
		func(d *merge.Deps) { d.Held = []merge.Held{{Eraser: stuck{}, Mover: nil}} },
		func(d *merge.Deps) { d.Held = []merge.Held{{Eraser: nil, Mover: merge.Dropped{}}} },
	} {
		deps := h.deps
		without(&deps)
		_, err := merge.New(deps)
		require.Error(t, err)
	}
}

// What both say alike is no conflict, and what cannot be the target's is left.
func TestPlanOfMetadata(t *testing.T) {
	h, ctx := open(t, storage.Config{DataDir: t.TempDir()})
	target, source := h.somebody(ctx, t, "", "ada"), h.somebody(ctx, t, "", "bob")
	long := make([]byte, 9<<10)
	for i := range long {
		long[i] = 'x'
	}
	set := func(who user.ID, text string) {
		_, err := h.users.SetMetadata(ctx, who, nil, json.RawMessage(text), nil)
		require.NoError(t, err)
	}
	set(target, `{"same":{"b":1,"a":[1]},"long":"`+string(long)+`"}`)
	set(source, `{"same":{"a":[1],"b":1},"other":"`+string(long)+`","<b>":"&"}`)
	plan, err := h.Preview(ctx, everything(), merge.Wanted{Target: target, Source: source})
	require.NoError(t, err)
	require.Equal(t, adoption.Adopted{Taken: []string{"<b>"}, Left: []string{"other"}}, plan.Users.PublicMetadata)
	require.NoError(t, h.merge(ctx, merge.Wanted{Target: target, Source: source}))
	after, err := h.users.ByID(ctx, target)
	require.NoError(t, err)
	require.Equal(t, `{"<b>":"&","long":"`+string(long)+`","same":{"a":[1],"b":1}}`, string(after.PublicMetadata), "the one spelling")
}

// A claim from before the schema changed stays with whoever has it, and goes with them.
func TestPromise_ProfilesEvolve_AMergeAcrossVersions(t *testing.T) {
	h, ctx := open(t, storage.Config{DataDir: t.TempDir()})
	publish := func(length string) {
		require.NoError(t, h.schemas.Ensure(ctx, []byte(`{"type":"object","additionalProperties":false,"properties":{
			"code":{"type":"string","maxLength":`+length+`},"name":{"type":"string","x-searchable":true}}}`)))
		h.clock.Advance(time.Minute) // what is kept in memory is that old at most
	}
	publish("9")
	target, both := h.somebody(ctx, t, "", "ada"), h.somebody(ctx, t, `{"code":"also long"}`, "eve")
	source := h.somebody(ctx, t, `{"code":"too long","name":"Bob"}`, "bob")
	publish("3")
	plan, err := h.Preview(ctx, everything(), merge.Wanted{Target: target, Source: source})
	require.NoError(t, err)
	require.Equal(t, adoption.Adopted{Taken: []string{"name"}, Left: []string{"code"}}, plan.Users.Profile)
	plan, err = h.Preview(ctx, everything(), merge.Wanted{Target: both, Source: source, PreferSource: true})
	require.NoError(t, err)
	require.Equal(t, adoption.Adopted{Taken: []string{"name"}, Kept: []string{"code"}}, plan.Users.Profile, "there is nothing better to have")
	require.NoError(t, h.merge(ctx, merge.Wanted{Target: both, Source: source, PreferSource: true}))
	after, err := h.users.ByID(ctx, both)
	require.NoError(t, err)
	require.JSONEq(t, `{"code":"also long","name":"Bob"}`, string(after.Profile))
	found, err := h.users.FindByAttribute(ctx, "name", "bob", user.ID{}, 10)
	require.NoError(t, err)
	require.Equal(t, []user.ID{both}, found.Items)
}

// fresh fills in a new id of the target's kind.
func fresh[K id.Kind](target *id.Of[K], now time.Time) { *target = id.New[K](now) }

// A passkey names the user whom it was made for, so those of the source go with them; whoever
// asks for the merge has seen how many.
func TestPromise_PasskeyLifecycle_AMergeDropsTheSourcesPasskeys(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		target, source := h.somebody(ctx, t, "", "ada"), h.somebody(ctx, t, "", "bob")
		passkeys, wanted := storage.NewPasskeys(h.db), merge.Wanted{Target: target, Source: source}
		add := func(owner user.ID, credential string) passkey.Passkey {
			made := passkey.Passkey{
				UserID: owner, RelyingParty: "example.com", Handle: []byte(owner.String()), CredentialID: []byte(credential), PublicKey: []byte{1},
				CreatedAt: h.clock.Now(),
			}
			fresh(&made.ID, h.clock.Now())
			require.NoError(t, passkeys.InsertPasskey(ctx, made))
			return made
		}
		preview := func() merge.Plan {
			plan, err := h.Preview(ctx, everything(), wanted)
			require.NoError(t, err)
			return plan
		}
		require.Zero(t, preview().PasskeysDropped)
		kept := add(target, "of the target")
		require.Zero(t, preview().PasskeysDropped, "the target's stay")
		add(source, "of the source")
		seen := preview()
		require.Equal(t, 1, seen.PasskeysDropped)
		add(source, "another")
		_, err := h.Merge(ctx, everything(), wanted, seen.Tag)
		require.ErrorIs(t, err, merge.ErrChanged, "nobody has seen that one")
		_, err = passkeys.KeepHandle(ctx, source, "example.com", []byte{7})
		require.NoError(t, err)

		require.NoError(t, h.merge(ctx, wanted))
		found, err := passkeys.PasskeysOf(ctx, target)
		require.NoError(t, err)
		require.Equal(t, []passkey.Passkey{kept}, found)
		found, err = passkeys.PasskeysOf(ctx, source)
		require.NoError(t, err)
		require.Empty(t, found)
		handles, err := passkeys.HandlesOf(ctx, source)
		require.NoError(t, err)
		require.Empty(t, handles)
	})
}

// A merge happens as a whole or not at all.
func TestPromise_OneCommitPoint_AMergeThatFails(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		target, source := h.somebody(ctx, t, "", "ada"), h.somebody(ctx, t, "", "bob")
		h.given(ctx, t, "clerk", source)
		deps := h.deps
		deps.Held = append(slices.Clip(deps.Held), merge.Held{Eraser: stuck{}, Mover: merge.Dropped{}})
		failing, err := merge.New(deps)
		require.NoError(t, err)
		wanted := merge.Wanted{Target: target, Source: source}
		before := [2]user.User{}
		for i, one := range []user.ID{target, source} {
			before[i], err = h.users.ByID(ctx, one)
			require.NoError(t, err)
		}
		told := h.told(ctx, t)
		plan, err := failing.Preview(ctx, everything(), wanted)
		require.NoError(t, err)
		_, err = failing.Merge(ctx, everything(), wanted, plan.Tag)
		require.ErrorIs(t, err, errStuck)
		for i, one := range []user.ID{target, source} {
			after, err := h.users.ByID(ctx, one)
			require.NoError(t, err)
			require.Equal(t, before[i], after)
		}
		require.Equal(t, told, h.told(ctx, t))
		_, err = h.Merge(ctx, everything(), wanted, plan.Tag)
		require.NoError(t, err, "it is still what there is to do")
	})
}

// left is who is there of both, and which names still find somebody.
func (h *house) left(ctx context.Context, t *testing.T, people []user.ID, names ...string) (there []user.ID, owners map[user.ID]int) {
	t.Helper()
	for _, one := range people {
		_, err := h.users.ByID(ctx, one)
		if err == nil {
			there = append(there, one)
			continue
		}
		require.ErrorIs(t, err, user.ErrUnknown)
	}
	owners = map[user.ID]int{}
	for _, name := range names {
		found, err := h.users.ByIdentifier(ctx, user.Username, name)
		if err == nil {
			owners[found.ID]++
			continue
		}
		require.ErrorIs(t, err, user.ErrUnknown)
	}
	return there, owners
}

func lost(err error) (bool, error) {
	for _, reason := range []error{merge.ErrChanged, user.ErrUnknown, merge.ErrDeletion} {
		if errors.Is(err, reason) {
			return false, nil
		}
	}
	return err == nil, err
}

// Of those who would merge one into the other, and the other into the one, at the same
// time, one does, and nothing of either is lost.
func TestClass_SingleUse_TwoUsersBecomeOneOnce(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		a, b := h.somebody(ctx, t, `{"name":"A"}`, "ann-1", "ann-2"), h.somebody(ctx, t, `{"name":"B","nickname":"b"}`, "bnn-1", "bnn-2")
		for i, owner := range []user.ID{a, b, a, b} {
			h.given(ctx, t, "role-"+string(rune('a'+i)), owner)
		}
		ways := []merge.Wanted{{Target: a, Source: b}, {Target: b, Source: a}}
		var tags [2]string
		for i, way := range ways {
			plan, err := h.Preview(ctx, everything(), way)
			require.NoError(t, err)
			tags[i] = plan.Tag
		}
		require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
			_, err := h.Merge(ctx, everything(), ways[racer%2], tags[racer%2])
			return lost(err)
		}))
		there, owners := h.left(ctx, t, []user.ID{a, b}, "ann-1", "ann-2", "bnn-1", "bnn-2")
		require.Len(t, there, 1)
		require.Equal(t, map[user.ID]int{there[0]: 4}, owners)
		granted, err := h.roles.Granted(ctx, there[0])
		require.NoError(t, err)
		require.Len(t, granted.Roles, 4)
		require.Equal(t, 1, h.count(ctx, t, "user.merged"))
		require.Equal(t, 1, h.count(ctx, t, "user.deleted"))
	})
}

// Whoever merges, deletes and changes the same users at the same time, each identifier
// finds who has it, or goes with whoever was erased.
func TestClass_SingleUse_MergesAmongDeletionsAndChanges(t *testing.T) {
	onEveryEngine(t, func(t *testing.T, h *house, ctx context.Context) {
		for range 5 {
			a, b := h.somebody(ctx, t, "", "ann-1", "ann-2"), h.somebody(ctx, t, "", "bnn-1", "bnn-2")
			shared := h.given(ctx, t, "shared", a, b)
			storetest.Race(t, func(racer int) (bool, error) {
				switch racer % 4 {
				case 0:
					return lost(h.merge(ctx, merge.Wanted{Target: a, Source: b}))
				case 1:
					return lost(h.merge(ctx, merge.Wanted{Target: b, Source: a}))
				case 2:
					_, err := h.roles.Assign(ctx, everything(), b, shared)
					return lost(err)
				default:
					if racer < 8 {
						_, err := h.users.UpdateProfile(ctx, a, schema.Operator, nil, json.RawMessage(`{"name":"`+string(rune('a'+racer))+`"}`))
						return lost(err)
					}
					_, err := h.erasure.Discard(ctx, a, true)
					return lost(err)
				}
			})
			there, owners := h.left(ctx, t, []user.ID{a, b}, "ann-1", "ann-2", "bnn-1", "bnn-2")
			var found int
			for _, count := range owners {
				found += count
			}
			switch len(there) {
			case 0:
				require.Empty(t, owners, "b became part of a, who was erased")
			case 1:
				require.Contains(t, []int{2, 4}, owners[there[0]])
				require.Len(t, owners, 1)
			default:
				t.Fatal("a was to be deleted, and is neither that nor part of b")
			}
			for _, one := range there { // the next round has the names again
				_, err := h.erasure.Discard(ctx, one, true)
				require.NoError(t, err)
			}
			role, err := h.roles.ByKey(ctx, "shared")
			require.NoError(t, err)
			require.NoError(t, h.roles.Delete(ctx, everything(), role.ID))
		}
	})
}
