package tenant_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// counted counts the reads of a real store, and can hold one back.
type counted struct {
	tenant.Store
	reads atomic.Int32
	hold  func()
}

func (c *counted) TenantByHost(ctx context.Context, host string) (tenant.Tenant, error) {
	c.reads.Add(1)
	found, err := c.Store.TenantByHost(ctx, host)
	if c.hold != nil {
		c.hold()
	}
	return found, err
}

func (c *counted) TenantByID(ctx context.Context, id id.Tenant) (tenant.Tenant, error) {
	c.reads.Add(1)
	return c.Store.TenantByID(ctx, id)
}

type house struct {
	*tenant.Service
	db    *storage.DB
	clock *clock.Fake
	store *counted
	deps  tenant.Deps
}

func open(t *testing.T) *house {
	t.Helper()
	return openOn(t, storage.Config{DataDir: t.TempDir()})
}

func openOn(t *testing.T, config storage.Config) *house {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	config.Clock, config.Logger = h.clock, slog.New(slog.DiscardHandler)
	h.db = storetest.Migrated(t, config)
	h.store = &counted{Store: storage.NewTenants(h.db)}
	text, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	keys, err := seal.ParseRootKeys(text)
	require.NoError(t, err)
	root, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	h.deps = tenant.Deps{
		Store: h.store, Revisions: storage.NewTenantSettings(h.db), Tx: h.db, Clock: h.clock, Root: root,
		Events: event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: nil, Clock: h.clock, Wake: func() {}}),
	}
	h.Service = h.node(t)
	return h
}

// standard declares the default tenant.
func standard(base string, hosts []string) tenant.Declaration {
	return tenant.Declaration{Name: tenant.DefaultName, BaseURL: base, Hosts: hosts}
}

// node is another server on the same database.
func (h *house) node(t *testing.T) *tenant.Service {
	t.Helper()
	return h.nodeIn(t, true)
}

func (h *house) nodeIn(t *testing.T, development bool) *tenant.Service {
	t.Helper()
	config := tenant.Default()
	config.Development = development
	service, err := tenant.New(h.deps, config)
	require.NoError(t, err)
	return service
}

func (h *house) events(t *testing.T) []event.Envelope {
	t.Helper()
	events, err := storage.NewEvents(h.db).UnsequencedEvents(reqctx.WithEveryTenant(t.Context()), nil, 100)
	require.NoError(t, err)
	return events
}

func TestEnsureDefault(t *testing.T) {
	h := open(t)
	made, err := h.Ensure(t.Context(), standard("http://localhost:8080/", []string{"127.0.0.1:8080", "LOCALHOST:8080", "[::1]:8080"}))
	require.NoError(t, err)
	require.Equal(t, "http://localhost:8080", made.BaseURL)
	require.Equal(t, []string{"localhost:8080", "127.0.0.1:8080", "[::1]:8080"}, made.Hosts)
	require.Equal(t, tenant.Active, made.Status)
	require.NotEmpty(t, made.Key)

	again, err := h.Ensure(t.Context(), standard("http://localhost:8080", []string{"127.0.0.1:8080", "[::1]:8080"}))
	require.NoError(t, err)
	require.Equal(t, made, again)
	require.Len(t, h.events(t), 1)

	h.clock.Advance(time.Hour)
	h.Service = h.nodeIn(t, false)
	moved, err := h.Ensure(t.Context(), standard("https://auth.example.com", nil))
	require.NoError(t, err)
	require.Equal(t, made.ID, moved.ID)
	require.Equal(t, []string{"auth.example.com"}, moved.Hosts, "production takes what is configured and nothing else")
	require.Equal(t, made.Key, moved.Key)
	require.Equal(t, made.Version+1, moved.Version)
	require.Equal(t, h.clock.Now(), moved.UpdatedAt)
	stored, err := h.ByHost(t.Context(), "auth.example.com")
	require.NoError(t, err)
	require.Equal(t, moved, stored)
	_, err = h.ByHost(t.Context(), "localhost:8080")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)

	events := h.events(t)
	require.Len(t, events, 2)
	require.Equal(t, []string{"tenant.created", "tenant.updated"}, []string{events[0].Type, events[1].Type})
	require.Equal(t, made.ID, events[0].Tenant)
	require.Equal(t, made.ID.String(), events[1].Subject)
	require.JSONEq(t, `{"name":"default","base_url":"http://localhost:8080","hosts":["localhost:8080","127.0.0.1:8080","[::1]:8080"]}`, string(events[0].Data))
}

// One developer's servers on several ports share a tenant: the second must not take
// the hosts of the first.
func TestInDevelopmentLoopbackHostsAreKept(t *testing.T) {
	for engine, config := range map[string]func(t *testing.T) storage.Config{
		"sqlite":   func(t *testing.T) storage.Config { t.Helper(); return storage.Config{DataDir: t.TempDir()} },
		"postgres": func(t *testing.T) storage.Config { t.Helper(); return storage.Config{URL: postgres.NewDatabase(t)} },
	} {
		t.Run(engine, func(t *testing.T) {
			h := openOn(t, config(t))
			ensure := func(base string, hosts ...string) tenant.Tenant {
				made, err := h.Ensure(t.Context(), standard(base, hosts))
				require.NoError(t, err)
				return made
			}
			ensure("http://localhost:8080", "127.0.0.1:8080", "dev.example.com")
			require.Equal(t, []string{"localhost:9090", "127.0.0.1:9090", "localhost:8080", "127.0.0.1:8080"},
				ensure("http://localhost:9090", "127.0.0.1:9090").Hosts, "a name outside the loopback is what the latest says")
			back := ensure("http://localhost:8080", "127.0.0.1:8080")
			require.Equal(t, []string{"localhost:8080", "127.0.0.1:8080", "localhost:9090", "127.0.0.1:9090"}, back.Hosts)
			require.Equal(t, back, ensure("http://localhost:8080", "127.0.0.1:8080"), "the same again writes nothing")
			for _, host := range back.Hosts {
				_, err := h.ByHost(t.Context(), host)
				require.NoError(t, err, host)
			}

			for port := range 20 {
				require.LessOrEqual(t, len(ensure("http://localhost:"+strconv.Itoa(10000+port)).Hosts), 16)
			}
			_, err := h.ByHost(t.Context(), "localhost:8080")
			require.ErrorIs(t, err, tenant.ErrUnknownHost, "the oldest fall out")
			_, err = h.ByHost(t.Context(), "localhost:10010")
			require.NoError(t, err)
		})
	}
}

func TestEnsureDefaultRefuses(t *testing.T) {
	h := open(t)
	for pointer, call := range map[string]func() error{
		"/base_url": func() error { _, err := h.Ensure(t.Context(), standard("https://a.example/x", nil)); return err },
		"/hosts/1": func() error {
			_, err := h.Ensure(t.Context(), standard("https://a.example", []string{"b.example", "c.example/x"}))
			return err
		},
		"/hosts": func() error {
			_, err := h.Ensure(t.Context(), standard("https://a.example", many(100)))
			return err
		},
	} {
		err := call()
		require.ErrorIs(t, err, tenant.ErrInvalid, pointer)
		require.Equal(t, pointer, fault.As(err).Fields[0].Pointer)
	}
	require.Empty(t, h.events(t))
}

func many(n int) []string {
	hosts := make([]string, n)
	for i := range hosts {
		hosts[i] = strings.Repeat("a", i/26+1) + string(rune('a'+i%26)) + ".example"
	}
	return hosts
}

func TestAHostOfAnotherTenantIsTaken(t *testing.T) {
	h := open(t)
	other := tenant.Tenant{ID: storetest.NewTenant(), Name: "other", BaseURL: "https://b.example", Hosts: []string{"b.example"}, Status: tenant.Active, Key: []byte{1}, Version: 1}
	require.NoError(t, h.store.InsertTenant(t.Context(), other))
	_, err := h.Ensure(t.Context(), standard("https://a.example", []string{"b.example"}))
	require.ErrorIs(t, err, tenant.ErrHostTaken)
	require.Empty(t, h.events(t))
}

// Protects: several nodes started at once on an empty database make one tenant.
func TestEnsureDefaultIsRaced(t *testing.T) {
	h := open(t)
	ids := make([]id.Tenant, storetest.Racers)
	wins := storetest.Race(t, func(racer int) (bool, error) {
		made, err := h.Ensure(t.Context(), standard("https://a.example", nil))
		ids[racer] = made.ID
		return err == nil, err
	})
	require.Equal(t, storetest.Racers, wins)
	for _, one := range ids {
		require.Equal(t, ids[0], one)
	}
	require.Len(t, h.events(t), 1)
}

// Protects: a flood of requests, for known and for made-up hosts, costs no flood of
// queries, and a change is seen at once here and after the bound elsewhere.
func TestClass_Exhaustion_HostsAreRemembered(t *testing.T) {
	h := open(t)
	elsewhere := h.node(t)
	_, err := h.Ensure(t.Context(), standard("https://a.example", nil))
	require.NoError(t, err)
	for range 50 {
		_, err := h.ByHost(t.Context(), "A.example")
		require.NoError(t, err)
		_, err = h.ByHost(t.Context(), "made-up.example")
		require.ErrorIs(t, err, tenant.ErrUnknownHost)
	}
	require.Equal(t, int32(2), h.store.reads.Load())
	_, err = elsewhere.ByHost(t.Context(), "a.example")
	require.NoError(t, err)

	_, err = h.Ensure(t.Context(), standard("https://made-up.example", nil))
	require.NoError(t, err)
	_, err = h.ByHost(t.Context(), "made-up.example")
	require.NoError(t, err)
	_, err = h.ByHost(t.Context(), "a.example")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)

	_, err = elsewhere.ByHost(t.Context(), "a.example")
	require.NoError(t, err, "another node has not heard yet")
	h.clock.Advance(tenant.Default().CacheFor)
	_, err = elsewhere.ByHost(t.Context(), "a.example")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)
}

// Protects: an answer that was being read while the tenant changed is not kept.
func TestAChangeDuringAReadIsSeen(t *testing.T) {
	h := open(t)
	_, err := h.Ensure(t.Context(), standard("https://a.example", nil))
	require.NoError(t, err)
	h.store.hold = func() {
		h.store.hold = nil
		_, err := h.Ensure(t.Context(), standard("https://b.example", nil))
		require.NoError(t, err)
	}
	_, err = h.ByHost(t.Context(), "a.example")
	require.NoError(t, err)
	_, err = h.ByHost(t.Context(), "a.example")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)
}

// Protects: what a unit of work saw and then undid is remembered by nobody.
func TestAUnitThatFailsLeavesNothingInMemory(t *testing.T) {
	h := open(t)
	undone := errors.New("undone")
	err := h.db.Run(t.Context(), func(ctx context.Context) error {
		made, err := h.Ensure(ctx, standard("https://a.example", nil))
		require.NoError(t, err)
		_, err = h.ByHost(ctx, "a.example")
		require.NoError(t, err)
		_, err = h.Box(reqctx.WithTenant(ctx, made.ID))
		require.NoError(t, err)
		return undone
	})
	require.ErrorIs(t, err, undone)
	_, err = h.ByHost(t.Context(), "a.example")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)
}

// Protects against the host header: only what is exactly a known host finds anybody.
func TestClass_HostHeader_TakesNoOtherSpelling(t *testing.T) {
	h := open(t)
	_, err := h.Ensure(t.Context(), standard("https://auth.example.com", nil))
	require.NoError(t, err)
	for _, host := range []string{
		"", "example.com", "auth.example.com.", "auth.example.com:8443", "x.auth.example.com", "auth.example.com@evil.example",
		"auth.example.com/", "auth.example.com,evil.example", " auth.example.com", "auth.example.com\x00", "auth.example.com:",
		"auth.example.com:443:443", "auth\u3002example.com", strings.Repeat("a", 100000),
	} {
		_, err := h.ByHost(t.Context(), host)
		require.ErrorIs(t, err, tenant.ErrUnknownHost, host[:min(len(host), 50)])
	}
}

func TestClass_SideGrant_ASuspendedTenantAnswersAsUnknown(t *testing.T) {
	h := open(t)
	made, err := h.Ensure(t.Context(), standard("https://a.example", nil))
	require.NoError(t, err)
	made.Status = tenant.Suspended
	require.NoError(t, h.store.UpdateTenant(t.Context(), made))
	_, err = h.ByHost(t.Context(), "a.example")
	require.ErrorIs(t, err, tenant.ErrUnknownHost)
	scoped := reqctx.WithTenant(t.Context(), made.ID)
	_, err = h.Current(scoped)
	require.ErrorIs(t, err, tenant.ErrUnknown)
	_, err = h.Box(scoped)
	require.NoError(t, err, "its events are still sealed")
}

func TestCurrentAndBox(t *testing.T) {
	h := open(t)
	made, err := h.Ensure(t.Context(), standard("https://a.example", nil))
	require.NoError(t, err)
	scoped := reqctx.WithTenant(t.Context(), made.ID)
	here, err := h.Current(scoped)
	require.NoError(t, err)
	require.Equal(t, made, here)

	box, err := h.Box(scoped)
	require.NoError(t, err)
	blob, err := box.Seal("test", []byte("x"), nil)
	require.NoError(t, err)
	elsewhere, err := h.node(t).Box(scoped)
	require.NoError(t, err)
	plain, err := elsewhere.Open("test", blob, nil)
	require.NoError(t, err)
	require.Equal(t, "x", string(plain))
	reads := h.store.reads.Load()
	h.clock.Advance(time.Hour)
	again, err := h.Box(scoped)
	require.NoError(t, err)
	require.Same(t, box, again)
	require.Equal(t, reads, h.store.reads.Load())

	_, err = h.Box(t.Context())
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	_, err = h.Current(t.Context())
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	_, err = h.Box(reqctx.WithTenant(t.Context(), storetest.NewTenant()))
	require.ErrorIs(t, err, tenant.ErrUnknown)
}

// Protects: a tenant's sealed key, moved to another tenant's row, opens nothing.
func TestAKeyBelongsToItsTenant(t *testing.T) {
	h := open(t)
	made, err := h.Ensure(t.Context(), standard("https://a.example", nil))
	require.NoError(t, err)
	other := tenant.Tenant{ID: storetest.NewTenant(), Name: "other", BaseURL: "https://b.example", Hosts: []string{"b.example"}, Status: tenant.Active, Key: made.Key, Version: 1}
	require.NoError(t, h.store.InsertTenant(t.Context(), other))
	_, err = h.Box(reqctx.WithTenant(t.Context(), other.ID))
	require.ErrorIs(t, err, seal.ErrUnreadable)
}

func TestNewRefuses(t *testing.T) {
	h := open(t)
	for _, without := range []func(*tenant.Deps, *tenant.Config){
		func(d *tenant.Deps, _ *tenant.Config) { d.Store = nil },
		func(d *tenant.Deps, _ *tenant.Config) { d.Tx = nil },
		func(d *tenant.Deps, _ *tenant.Config) { d.Events = nil },
		func(d *tenant.Deps, _ *tenant.Config) { d.Clock = nil },
		func(d *tenant.Deps, _ *tenant.Config) { d.Root = nil },
		func(_ *tenant.Deps, c *tenant.Config) { c.CacheFor = 0 },
		func(_ *tenant.Deps, c *tenant.Config) { c.CacheFor = time.Hour },
		func(_ *tenant.Deps, c *tenant.Config) { c.CacheSize = 0 },
	} {
		deps, config := h.deps, tenant.Default()
		without(&deps, &config)
		_, err := tenant.New(deps, config)
		require.Error(t, err)
	}
}
