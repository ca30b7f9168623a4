package provisioning_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/provisioning"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// plain stands where the sealer of personal members does.
type plain struct{}

func (plain) SealPersonal(_ context.Context, _ string, plaintext, _ []byte) ([]byte, error) {
	return plaintext, nil
}

// house is the room over a real database.
type house struct {
	*provisioning.Service
	db        *storage.DB
	clock     *clock.Fake
	users     *user.Service
	passwords *password.Service
	sessions  *session.Service
	apps      *application.Service
	erasure   *erasure.Service
	told      *storage.Events
	operator  user.ID // who runs the tenant
}

func (h *house) IsOperator(_ context.Context, person user.ID) (bool, error) {
	return person == h.operator, nil
}

func build(t *testing.T, place storage.Config) (*house, context.Context) {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	logger := slog.New(slog.DiscardHandler)
	place.Clock, place.Logger = h.clock, logger
	h.db = storetest.Migrated(t, place)
	h.told = storage.NewEvents(h.db)
	events := event.New(event.Deps{Store: h.told, Sealer: plain{}, Clock: h.clock, Wake: func() {}})
	held := storage.NewUsers(h.db)
	var err error
	h.users, err = user.New(user.Deps{Store: held, Tx: h.db, Events: events, Clock: h.clock, Schemas: storetest.ProfileSchemas(t, h.db, events, h.clock)}, user.Default())
	require.NoError(t, err)
	hasher, err := password.NewHasher(password.HasherConfig{
		Cost: password.Cost{Memory: 64, Time: 1, Threads: 1}, Workers: 4, Queue: 100, RetryAfter: time.Second,
	})
	require.NoError(t, err)
	h.passwords, err = password.New(password.Deps{
		Store: storage.NewPasswords(h.db), Tx: h.db, Events: events, Clock: h.clock, Hasher: hasher, Breached: password.NoBreached{},
		MAC:       func(context.Context, ...[]byte) ([32]byte, error) { return [32]byte{}, nil },
		MinLength: func(context.Context) (int, error) { return 0, nil }, Logger: logger,
	}, password.DefaultConfig())
	require.NoError(t, err)
	h.apps, err = application.New(application.Deps{
		Store: storage.NewApplications(h.db), Secrets: storage.NewApplicationSecrets(h.db), Journeys: journey.Names, Tx: h.db, Events: events, Clock: h.clock,
		Claims: func(context.Context) ([]string, error) { return nil, nil },
	}, application.Default())
	require.NoError(t, err)
	h.sessions, err = session.New(session.Deps{
		Store: storage.NewSessions(h.db), Tx: h.db, Events: events, Clock: h.clock, Log: h.told, Logger: logger,
	}, session.DefaultConfig())
	require.NoError(t, err)
	h.erasure, err = erasure.New(erasure.Deps{
		Grace: func(context.Context) (time.Duration, error) { return 0, nil },
		Users: h.users, Sessions: h.sessions, Queue: held, Tx: h.db, Clock: h.clock, Logger: logger,
		Erasers: []erasure.Eraser{held, storage.NewPasswords(h.db), storage.NewSessions(h.db)},
	}, erasure.Default())
	require.NoError(t, err)
	h.Service, err = provisioning.New(provisioning.Deps{
		Operators: h, Applications: h.apps, Events: events, Holder: held,
		Users: h.users, Passwords: h.passwords, Sessions: h.sessions, Tx: h.db,
	}, provisioning.Config{Impersonation: true})
	require.NoError(t, err)
	ctx := storetest.Within(t.Context(), storetest.NewTenant())
	_, err = h.apps.Ensure(ctx, application.Declaration{ClientID: "web", Default: true, OwnershipProof: application.Deferred})
	require.NoError(t, err)
	return h, ctx
}

func here(t *testing.T) storage.Config { return storage.Config{DataDir: t.TempDir()} }

func named(name string) provisioning.NewUser {
	return provisioning.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Username, Value: name}}}
}

// enter starts a session.
func (h *house) enter(ctx context.Context, t *testing.T, who user.ID) {
	t.Helper()
	app, err := h.apps.ByClientID(ctx, "web")
	require.NoError(t, err)
	_, _, err = h.sessions.Start(ctx, session.StartInput{
		UserID: who, ApplicationID: app.ID, Transport: session.Bearer,
		Facts: []assurance.Fact{{Method: assurance.Password, At: h.clock.Now()}},
	})
	require.NoError(t, err)
}

// news are the types of the events since the last look.
func (h *house) news(t *testing.T, before int) (types []string) {
	t.Helper()
	all, err := h.told.UnsequencedEvents(reqctx.WithEveryTenant(t.Context()), nil, 1000)
	require.NoError(t, err)
	for _, one := range all[before:] {
		types = append(types, one.Type)
	}
	return types
}

func (h *house) count(t *testing.T) int { return len(h.news(t, 0)) }

var (
	good  = secret.NewText("seventeen brown kettles")
	other = secret.NewText("ninety yellow tractors!")
)

// A user comes whole or not at all.
func TestCreate(t *testing.T) {
	h, ctx := build(t, here(t))
	before := h.count(t)
	wanted := named("ada")
	wanted.Password, wanted.Profile = good, json.RawMessage(`{"name":"Ada"}`)
	wanted.Metadata = provisioning.Metadata{Public: json.RawMessage(`{"tier":"gold"}`), Private: json.RawMessage(`{"risk":1}`)}
	made, err := h.Create(ctx, wanted)
	require.NoError(t, err)
	require.Equal(t, []string{"user.created", "password.set", "user.metadata_updated"}, h.news(t, before))
	found, err := h.users.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, made, found)
	require.JSONEq(t, `{"risk":1}`, string(found.PrivateMetadata))
	_, err = h.passwords.Verify(ctx, made.ID, good)
	require.NoError(t, err)

	before = h.count(t)
	late := named("bob")
	late.Password, late.Metadata.Public = good, json.RawMessage(`[]`)
	_, err = h.Create(ctx, late)
	require.ErrorIs(t, err, user.ErrMetadataInvalid)
	weak := named("bob")
	weak.Password = secret.NewText("bob")
	_, err = h.Create(ctx, weak)
	require.ErrorIs(t, err, password.ErrRejected)
	_, err = h.Create(ctx, named("ada"))
	require.ErrorIs(t, err, user.ErrIdentifierTaken)
	require.Empty(t, h.news(t, before))
	_, err = h.users.ByIdentifier(ctx, user.Username, "bob")
	require.ErrorIs(t, err, user.ErrUnknown)
}

func TestChange(t *testing.T) {
	h, ctx := build(t, here(t))
	made, err := h.Create(ctx, named("ada"))
	require.NoError(t, err)
	before := h.count(t)
	patch, tier := json.RawMessage(`{"name":"Ada"}`), provisioning.Metadata{Public: json.RawMessage(`{"tier":"gold"}`)}
	changed, err := h.Change(ctx, made.ID, made.Version, patch, tier)
	require.NoError(t, err)
	require.Equal(t, []string{"user.updated", "user.metadata_updated"}, h.news(t, before))
	require.JSONEq(t, `{"tier":"gold"}`, string(changed.PublicMetadata))
	_, err = h.Change(ctx, made.ID, made.Version, patch, tier)
	require.ErrorIs(t, err, user.ErrChanged)
	_, err = h.Change(ctx, made.ID, changed.Version, json.RawMessage(`{"name":"Eve"}`), provisioning.Metadata{Public: json.RawMessage(`1`)})
	require.ErrorIs(t, err, user.ErrMetadataInvalid)
	found, err := h.users.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.JSONEq(t, `{"name":"Ada"}`, string(found.Profile), "half a change is none")
	_, err = h.Change(storetest.Within(ctx, storetest.NewTenant()), made.ID, changed.Version, patch, tier)
	require.ErrorIs(t, err, user.ErrUnknown)
	_, err = h.Change(ctx, made.ID, changed.Version, json.RawMessage(`{"name":1}`), provisioning.Metadata{})
	require.ErrorIs(t, err, schema.ErrProfileInvalid)
}

// Of those who all change what they have read one does, also where nothing of the profile
// is to change: the others would take back what they never saw.
func TestChangeOfOneVersionIsMadeOnce(t *testing.T) {
	for engine, place := range map[string]func(t *testing.T) storage.Config{
		"sqlite": here, "postgres": func(t *testing.T) storage.Config { return storage.Config{URL: postgres.NewDatabase(t)} },
	} {
		t.Run(engine, func(t *testing.T) {
			h, ctx := build(t, place(t))
			seen, err := h.Create(ctx, named("ada"))
			require.NoError(t, err)
			for round := range 10 {
				require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
					tier := provisioning.Metadata{Private: fmt.Appendf(nil, `{"tier":"%d of %d"}`, racer, round)}
					_, err := h.Change(ctx, seen.ID, seen.Version, json.RawMessage(`{}`), tier)
					if errors.Is(err, user.ErrChanged) {
						return false, nil
					}
					return err == nil, err
				}))
				seen, err = h.users.ByID(ctx, seen.ID)
				require.NoError(t, err)
			}
		})
	}
}

func TestSetPassword(t *testing.T) {
	h, ctx := build(t, here(t))
	made, err := h.Create(ctx, named("ada"))
	require.NoError(t, err)
	h.enter(ctx, t, made.ID)
	before := h.count(t)
	require.NoError(t, h.SetPassword(ctx, made.ID, provisioning.GivenPassword{Text: good, KeepSessions: true}))
	require.Equal(t, []string{"password.set"}, h.news(t, before))
	require.NoError(t, h.SetPassword(ctx, made.ID, provisioning.GivenPassword{Text: other}))
	require.Equal(t, []string{"password.set", "password.changed", "session.ended"}, h.news(t, before))
	_, err = h.passwords.Verify(ctx, made.ID, other)
	require.NoError(t, err)
	require.ErrorIs(t, h.SetPassword(ctx, made.ID, provisioning.GivenPassword{Text: secret.NewText("ada")}), password.ErrRejected)
	require.ErrorIs(t, h.SetPassword(storetest.Within(ctx, storetest.NewTenant()), made.ID, provisioning.GivenPassword{Text: good}), user.ErrUnknown)
	require.Len(t, h.news(t, before), 3)
}

func TestExpirePassword(t *testing.T) {
	h, ctx := build(t, here(t))
	made, err := h.Create(ctx, named("ada"))
	require.NoError(t, err)
	require.ErrorIs(t, h.ExpirePassword(ctx, made.ID, true), password.ErrNone)
	h.enter(ctx, t, made.ID)
	before := h.count(t)
	require.NoError(t, h.SetPassword(ctx, made.ID, provisioning.GivenPassword{Text: good, Temporary: true, KeepSessions: true}))
	require.Equal(t, []string{"password.set", "password.expired"}, h.news(t, before))
	require.NoError(t, h.ExpirePassword(ctx, made.ID, false))
	require.Len(t, h.news(t, before), 2, "it has expired already")
	require.NoError(t, h.ExpirePassword(ctx, made.ID, true))
	require.Equal(t, "session.ended", h.news(t, before)[2])
	verified, err := h.passwords.Verify(ctx, made.ID, good)
	require.NoError(t, err)
	require.True(t, verified.Expired())
	require.NoError(t, h.SetPassword(ctx, made.ID, provisioning.GivenPassword{Text: other}))
	verified, err = h.passwords.Verify(ctx, made.ID, other)
	require.NoError(t, err)
	require.False(t, verified.Expired())
	require.ErrorIs(t, h.ExpirePassword(storetest.Within(ctx, storetest.NewTenant()), made.ID, true), user.ErrUnknown)
}

// A password that is set while its user is erased goes with them, or comes too late.
func TestClass_SideDoor_NoPasswordOutlivesItsUser(t *testing.T) {
	for engine, place := range map[string]func(t *testing.T) storage.Config{
		"sqlite": here, "postgres": func(t *testing.T) storage.Config { return storage.Config{URL: postgres.NewDatabase(t)} },
	} {
		t.Run(engine, func(t *testing.T) {
			h, ctx := build(t, place(t))
			for range 5 {
				made, err := h.Create(ctx, named("ada"))
				require.NoError(t, err)
				storetest.Race(t, func(racer int) (bool, error) {
					if racer == 7 {
						_, err := h.erasure.Discard(ctx, made.ID, true)
						return true, err
					}
					err := h.SetPassword(ctx, made.ID, provisioning.GivenPassword{Text: good})
					if errors.Is(err, user.ErrUnknown) || errors.Is(err, password.ErrChanged) {
						return false, nil
					}
					return true, err
				})
				_, err = h.passwords.SetAt(ctx, made.ID)
				require.ErrorIs(t, err, password.ErrNone)
			}
		})
	}
}

func TestNothingMayBeMissing(t *testing.T) {
	_, err := provisioning.New(provisioning.Deps{}, provisioning.Config{})
	require.Error(t, err)
}

func TestImpersonate(t *testing.T) {
	h, ctx := build(t, here(t))
	made, err := h.Create(ctx, named("ada"))
	require.NoError(t, err)
	before := h.count(t)
	wanted := provisioning.Impersonation{Actor: "Grace", Reason: "a ticket", ClientID: "web"}
	acting, err := h.Impersonate(ctx, made.ID, wanted)
	require.NoError(t, err)
	require.Equal(t, []string{"session.created", "user.impersonated"}, h.news(t, before))
	resolved, err := h.sessions.Resolve(ctx, acting.Token.Reveal())
	require.NoError(t, err)
	require.Equal(t, "Grace", resolved.Session.Act.Subject)
	require.ErrorIs(t, h.sessions.RequireFresh(resolved, time.Hour), session.ErrImpersonated)
	_, err = h.sessions.Refresh(ctx, resolved)
	require.ErrorIs(t, err, session.ErrImpersonated)
	_, err = h.sessions.Raise(ctx, resolved.Session.ID, []assurance.Fact{{Method: assurance.Password, At: h.clock.Now()}})
	require.ErrorIs(t, err, session.ErrImpersonated)
	found, err := h.users.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.Nil(t, found.LastLoginAt, "it is no login")
	h.clock.Advance(provisioning.ImpersonateFor)
	_, err = h.sessions.Resolve(ctx, acting.Token.Reveal())
	require.ErrorIs(t, err, session.ErrNone)
}

// A key that is over soon lends nobody's name for longer.
func TestClass_SideGrant_ImpersonationEndsWithItsKey(t *testing.T) {
	h, ctx := build(t, here(t))
	made, err := h.Create(ctx, named("ada"))
	require.NoError(t, err)
	now := h.clock.Now()
	for _, c := range []struct{ key, lasts time.Duration }{
		{time.Second, time.Second}, {20 * time.Minute, 20 * time.Minute}, {2 * time.Hour, time.Hour},
	} {
		end := now.Add(c.key)
		acting, err := h.Impersonate(ctx, made.ID, provisioning.Impersonation{Actor: "Grace", Reason: "a ticket", Lifetime: time.Hour, NotAfter: &end})
		require.NoError(t, err)
		require.Equal(t, now.Add(c.lasts), acting.Session.AbsoluteExpiresAt)
		require.Equal(t, now.Add(c.lasts), acting.Session.IdleExpiresAt)
	}
}

func TestClass_SideGrant_WhoIsNotImpersonated(t *testing.T) {
	h, ctx := build(t, here(t))
	made, err := h.Create(ctx, named("ada"))
	require.NoError(t, err)
	wanted := provisioning.Impersonation{Actor: "Grace", Reason: "a ticket"}
	for _, wrong := range []provisioning.Impersonation{
		{Actor: " ", Reason: "a ticket"}, {Actor: "Grace", Reason: "a\nticket"},
		{Actor: "Grace", Reason: "a ticket", Lifetime: time.Second}, {Actor: "Grace", Reason: "a ticket", Lifetime: 2 * time.Hour},
	} {
		_, err := h.Impersonate(ctx, made.ID, wrong)
		require.ErrorIs(t, err, provisioning.ErrImpersonationInvalid)
	}
	_, err = h.Impersonate(storetest.Within(ctx, storetest.NewTenant()), made.ID, wanted)
	require.Error(t, err)
	before := h.count(t)
	h.operator = made.ID
	_, err = h.Impersonate(ctx, made.ID, wanted)
	require.ErrorIs(t, err, provisioning.ErrImpersonationRefused)
	h.operator = user.ID{}
	require.Empty(t, h.news(t, before))
	_, err = h.users.Suspend(ctx, made.ID)
	require.NoError(t, err)
	_, err = h.Impersonate(ctx, made.ID, wanted)
	require.ErrorIs(t, err, user.ErrSuspended)
	_, err = h.erasure.Discard(ctx, made.ID, true)
	require.NoError(t, err)
	_, err = h.Impersonate(ctx, made.ID, wanted)
	require.ErrorIs(t, err, user.ErrUnknown)
}
