package application_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lintel-id/lintel/server/flow/journey"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// counted counts the reads of a real store.
type counted struct {
	application.Store
	reads atomic.Int32
}

func (c *counted) ApplicationByClientID(ctx context.Context, clientID string) (application.Application, error) {
	c.reads.Add(1)
	return c.Store.ApplicationByClientID(ctx, clientID)
}

func (c *counted) ApplicationByID(ctx context.Context, id application.ID) (application.Application, error) {
	c.reads.Add(1)
	return c.Store.ApplicationByID(ctx, id)
}

func (c *counted) DefaultApplication(ctx context.Context) (application.Application, error) {
	c.reads.Add(1)
	return c.Store.DefaultApplication(ctx)
}

func (c *counted) Applications(ctx context.Context) ([]application.Application, error) {
	c.reads.Add(1)
	return c.Store.Applications(ctx)
}

type house struct {
	*application.Service
	db    *storage.DB
	clock *clock.Fake
	store *counted
	deps  application.Deps
}

func open(t *testing.T) (*house, context.Context) {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	h.db = storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: slog.New(slog.DiscardHandler)})
	h.store = &counted{Store: storage.NewApplications(h.db)}
	h.deps = application.Deps{
		Store: h.store, Secrets: storage.NewApplicationSecrets(h.db), Journeys: journey.Names, Tx: h.db, Clock: h.clock,
		Claims: func(context.Context) ([]string, error) { return []string{"name", "locale"}, nil },
		Events: event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: nil, Clock: h.clock, Wake: func() {}}),
	}
	h.Service = h.node(t)
	return h, storetest.Within(t.Context(), storetest.NewTenant())
}

// node is another server on the same database.
func (h *house) node(t *testing.T) *application.Service {
	t.Helper()
	service, err := application.New(h.deps, application.Default())
	require.NoError(t, err)
	return service
}

func (h *house) told(ctx context.Context, t *testing.T) []string {
	t.Helper()
	events, err := storage.NewEvents(h.db).UnsequencedEvents(ctx, nil, 100)
	require.NoError(t, err)
	told := []string{}
	for _, e := range events {
		told = append(told, e.Type+" "+string(e.Data))
	}
	return told
}

func web() application.Declaration {
	return application.Declaration{
		ClientID: "web", Name: "Web shop", Default: false, Disabled: false,
		Origins:         []string{"https://app.example", "http://localhost:3000", "http://[::1]:3000"},
		RedirectTargets: []string{"https://app.example/cb?x=%2F", "http://127.0.0.1/cb", "com.example.app:/cb"},
		LinkURIs:        []string{"https://app.example/link"},
		Journeys:        []string{"login", "registration"},
		OwnershipProof:  application.Deferred,
		ProfileClaims:   []string{"name"},
		Terms:           &application.Terms{Version: "2030-01", URL: "https://app.example/terms"},
	}
}

func TestEnsure(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Ensure(ctx, web())
	require.NoError(t, err)
	require.Equal(t, application.Active, made.Status)
	stored, err := h.ByClientID(ctx, "web")
	require.NoError(t, err)
	require.Equal(t, made, stored)
	byID, err := h.ByID(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, made, byID)

	same, err := h.Ensure(ctx, web())
	require.NoError(t, err)
	require.Equal(t, made, same)

	h.clock.Advance(time.Hour)
	changed := web()
	changed.Name, changed.Terms, changed.Origins, changed.OwnershipProof = "", nil, nil, ""
	after, err := h.Ensure(ctx, changed)
	require.NoError(t, err)
	require.Equal(t, made.ID, after.ID)
	require.Equal(t, made.CreatedAt, after.CreatedAt)
	require.Equal(t, h.clock.Now(), after.UpdatedAt)
	require.Equal(t, made.Version+1, after.Version)
	require.Equal(t, "web", after.Name)
	require.Equal(t, application.BeforeAccount, after.OwnershipProof)
	seen, err := h.ByClientID(ctx, "web")
	require.NoError(t, err)
	require.Equal(t, after, seen)
	require.Equal(t, []string{
		`application.created {"client_id":"web"}`,
		`application.updated {"client_id":"web","fields":["name","origins","ownership_proof","terms"],` +
			`"before":{"name":"Web shop","origins":["https://app.example","http://localhost:3000","http://[::1]:3000"],"ownership_proof":"deferred",` +
			`"terms":{"url":"https://app.example/terms","version":"2030-01"}},"after":{"name":"web","origins":[],"ownership_proof":"before_account","terms":null}}`,
	}, h.told(ctx, t))
}

func TestEnsureNamesEveryPlace(t *testing.T) {
	h, ctx := open(t)
	bad := application.Declaration{
		ClientID: "a b", Name: "x\u0000", Default: false, Disabled: false,
		Origins: []string{
			"https://ok.example", "https://app.example/", "https://app.example:443", "http://app.example", "https://*.app.example", "https://APP.example",
			"app.example", "null", "https://u@app.example", "https://app.example?x", "https://app.example#", "http://localhost:80", "capacitor://localhost",
			"https://app.example:", "https://ok.example", "https://\u00e4.example", "https://app.example:99999", "",
		},
		RedirectTargets: []string{
			"https://app.example/cb#x", "https://u:p@app.example/cb", "/cb", "//app.example/cb", "http://app.example/cb", "javascript:alert(1)", "data:text/html,x",
			"file:///etc/passwd", "myapp:/cb", "https://app.example/..;/x", "https://app.example/a/../b", "https://app.example/%2e%2e/b", "https://app.example/a%2fb",
			"https://app.example/a%5Cb", "https://app.example\\b", "https://*.example/cb", "https://App.example/cb", "HTTPS://app.example/cb", "https:///cb", "https:cb",
			"https://app.example/c b", "https://app.example/%252e", "https://app.example:0/cb", "https://" + strings.Repeat("a", 3000) + ".example", "",
		},
		LinkURIs: []string{"ftp://app.example"}, Journeys: []string{"Login", "1x", "", "a-b"}, OwnershipProof: "never",
		ProfileClaims: []string{"shoe_size"}, Terms: &application.Terms{Version: "", URL: "http://app.example"},
	}
	_, err := h.Ensure(ctx, bad)
	require.ErrorIs(t, err, application.ErrInvalid)
	found := map[string]int{}
	for _, field := range fault.As(err).Fields {
		found[strings.Split(field.Pointer, "/")[1]]++
		require.NotEqual(t, "/origins/0", field.Pointer)
	}
	require.Equal(t, map[string]int{
		"client_id": 1, "name": 1, "origins": len(bad.Origins) - 1, "redirect_uris": len(bad.RedirectTargets), "link_uris": 1,
		"journeys": 4, "ownership_proof": 1, "profile_claims": 1, "terms": 2,
	}, found, "%v", fault.As(err).Fields)
	require.Empty(t, h.told(ctx, t))

	long := web()
	long.Origins = make([]string, 101)
	_, err = h.Ensure(ctx, long)
	require.Equal(t, "max_items", fault.As(err).Fields[0].Code)
}

func TestTheDefaultStandsIn(t *testing.T) {
	h, ctx := open(t)
	_, err := h.ByClientID(ctx, "")
	require.ErrorIs(t, err, application.ErrClientIDRequired)
	first := application.Declaration{ClientID: "first", Default: true}
	made, err := h.Ensure(ctx, first)
	require.NoError(t, err)
	found, err := h.ByClientID(ctx, "")
	require.NoError(t, err)
	require.Equal(t, made, found)

	second, err := h.Ensure(ctx, application.Declaration{ClientID: "second", Default: true})
	require.NoError(t, err)
	found, err = h.ByClientID(ctx, "")
	require.NoError(t, err)
	require.Equal(t, second, found)
	found, err = h.ByClientID(ctx, "first")
	require.NoError(t, err)
	require.False(t, found.Default)

	_, err = h.Ensure(ctx, application.Declaration{ClientID: "second", Default: true, Disabled: true})
	require.NoError(t, err)
	_, err = h.ByClientID(ctx, "")
	require.ErrorIs(t, err, application.ErrClientIDRequired)
	require.Equal(t, []string{
		`application.created {"client_id":"first"}`,
		`application.updated {"client_id":"first","fields":["default"],"before":{"default":true},"after":{"default":false}}`,
		`application.created {"client_id":"second"}`,
		`application.updated {"client_id":"second","fields":["status"],"before":{"status":"active"},"after":{"status":"disabled"}}`,
	}, h.told(ctx, t))
}

// A database that leaves development must not keep its open door.
func TestRetireDefault(t *testing.T) {
	h, ctx := open(t)
	_, err := h.RetireDefault(ctx)
	require.ErrorIs(t, err, application.ErrUnknown)
	declared := web()
	declared.Default = true
	made, err := h.Ensure(ctx, declared)
	require.NoError(t, err)
	_, err = h.RetireDefault(storetest.Within(t.Context(), storetest.NewTenant()))
	require.ErrorIs(t, err, application.ErrUnknown, "another tenant's stays")

	h.clock.Advance(time.Hour)
	retired, err := h.RetireDefault(ctx)
	require.NoError(t, err)
	made.Default, made.Status, made.UpdatedAt, made.Version = false, application.Disabled, h.clock.Now(), made.Version+1
	require.Equal(t, made, retired, "and the rest stays as it was")
	_, err = h.ByClientID(ctx, "")
	require.ErrorIs(t, err, application.ErrClientIDRequired)
	_, err = h.ByClientID(ctx, "web")
	require.ErrorIs(t, err, application.ErrUnknown)
	_, err = h.RetireDefault(ctx)
	require.ErrorIs(t, err, application.ErrUnknown)
	require.Equal(t, []string{
		`application.created {"client_id":"web"}`,
		`application.updated {"client_id":"web","fields":["status","default"],"before":{"default":true,"status":"active"},"after":{"default":false,"status":"disabled"}}`,
	}, h.told(ctx, t))
}

// Protects against side grants: a disabled application is an unknown one, and so is
// another tenant's.
func TestClass_SideGrant_ADisabledApplicationIsUnknown(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Ensure(ctx, web())
	require.NoError(t, err)
	elsewhere := storetest.Within(t.Context(), storetest.NewTenant())
	for _, ctx := range []context.Context{elsewhere, ctx} {
		_, err = h.ByClientID(ctx, "web")
		_, byID := h.ByID(ctx, made.ID)
		allowed, anyErr := h.AnyOrigin(ctx, "https://app.example")
		require.NoError(t, anyErr)
		if ctx == elsewhere {
			require.ErrorIs(t, err, application.ErrUnknown)
			require.ErrorIs(t, byID, application.ErrUnknown)
			require.False(t, allowed)
			continue
		}
		require.NoError(t, errors.Join(err, byID))
		require.True(t, allowed)
	}
	disabled := web()
	disabled.Disabled = true
	_, err = h.Ensure(ctx, disabled)
	require.NoError(t, err)
	_, err = h.ByClientID(ctx, "web")
	require.Equal(t, application.ErrUnknown, err)
	_, err = h.ByID(ctx, made.ID)
	require.Equal(t, application.ErrUnknown, err)
	allowed, err := h.AnyOrigin(ctx, "https://app.example")
	require.NoError(t, err)
	require.False(t, allowed)
}

func TestNothingIsFoundWithoutATenant(t *testing.T) {
	h, ctx := open(t)
	_, err := h.ByClientID(t.Context(), "web")
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	_, err = h.AnyOrigin(t.Context(), "https://app.example")
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	_, err = h.ByID(ctx, application.ID{})
	require.ErrorIs(t, err, application.ErrUnknown)
	for _, clientID := range []string{"a b", "\x00", strings.Repeat("a", 257), "\u00e4"} {
		_, err = h.ByClientID(ctx, clientID)
		require.ErrorIs(t, err, application.ErrUnknown)
	}
	require.Zero(t, h.store.reads.Load())
}

// Protects: a flood of requests costs no flood of queries, and a change is seen at
// once here and after the bound elsewhere.
func TestClass_Exhaustion_AnswersAreRemembered(t *testing.T) {
	h, ctx := open(t)
	elsewhere := h.node(t)
	made, err := h.Ensure(ctx, web())
	require.NoError(t, err)
	h.store.reads.Store(0)
	for range 50 {
		_, err = h.ByClientID(ctx, "web")
		require.NoError(t, err)
		_, err = h.ByID(ctx, made.ID)
		require.NoError(t, err)
		_, err = h.ByClientID(ctx, "made-up")
		require.ErrorIs(t, err, application.ErrUnknown)
		_, err = h.AnyOrigin(ctx, "https://evil.example")
		require.NoError(t, err)
	}
	require.Equal(t, int32(4), h.store.reads.Load())

	_, err = elsewhere.ByClientID(ctx, "web")
	require.NoError(t, err)
	disabled := web()
	disabled.Disabled = true
	_, err = h.Ensure(ctx, disabled)
	require.NoError(t, err)
	_, err = h.ByID(ctx, made.ID)
	require.ErrorIs(t, err, application.ErrUnknown)
	_, err = elsewhere.ByClientID(ctx, "web")
	require.NoError(t, err, "another node has not heard yet")
	h.clock.Advance(application.Default().CacheFor)
	_, err = elsewhere.ByClientID(ctx, "web")
	require.ErrorIs(t, err, application.ErrUnknown)
}

// Protects: what a unit of work saw and then undid is remembered by nobody.
func TestAUnitThatFailsLeavesNothingInMemory(t *testing.T) {
	h, ctx := open(t)
	undone := errors.New("undone")
	err := h.db.Run(ctx, func(ctx context.Context) error {
		_, err := h.Ensure(ctx, web())
		require.NoError(t, err)
		_, err = h.ByClientID(ctx, "web")
		require.NoError(t, err)
		allowed, err := h.AnyOrigin(ctx, "https://app.example")
		require.NoError(t, err)
		require.True(t, allowed)
		return undone
	})
	require.ErrorIs(t, err, undone)
	_, err = h.ByClientID(ctx, "web")
	require.ErrorIs(t, err, application.ErrUnknown)
	allowed, err := h.AnyOrigin(ctx, "https://app.example")
	require.NoError(t, err)
	require.False(t, allowed)
	require.Empty(t, h.told(ctx, t))
}

// Protects: several nodes that start with one configuration make one application.
func TestEnsureIsRaced(t *testing.T) {
	h, ctx := open(t)
	declared := web()
	declared.Default = true
	wins := storetest.Race(t, func(int) (bool, error) {
		_, err := h.Ensure(ctx, declared)
		return err == nil, err
	})
	require.Equal(t, storetest.Racers, wins)
	require.Equal(t, []string{`application.created {"client_id":"web"}`}, h.told(ctx, t))
}

func TestNewRefuses(t *testing.T) {
	h, _ := open(t)
	for _, without := range []func(*application.Deps, *application.Config){
		func(d *application.Deps, _ *application.Config) { d.Store = nil },
		func(d *application.Deps, _ *application.Config) { d.Tx = nil },
		func(d *application.Deps, _ *application.Config) { d.Events = nil },
		func(d *application.Deps, _ *application.Config) { d.Clock = nil },
		func(d *application.Deps, _ *application.Config) { d.Claims = nil },
		func(_ *application.Deps, c *application.Config) { c.CacheFor = 0 },
		func(_ *application.Deps, c *application.Config) { c.CacheSize = 0 },
	} {
		deps, config := h.deps, application.Default()
		without(&deps, &config)
		_, err := application.New(deps, config)
		require.Error(t, err)
	}
}
