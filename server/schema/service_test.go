package schema_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// house is a service on a real database.
type house struct {
	*schema.Service
	db    *storage.DB
	clock *clock.Fake
	store *counted
	deps  schema.Deps
	log   *said
}

// counted counts how often all versions are read.
type counted struct {
	schema.Store
	mu    sync.Mutex
	whole int
}

func (c *counted) Versions(ctx context.Context) ([]schema.Version, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole++
	return c.Store.Versions(ctx)
}

type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(line)
}

func open(t *testing.T) (*house, context.Context) {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start()), log: &said{}}
	h.db = storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: slog.New(slog.DiscardHandler)})
	h.store = &counted{Store: storage.NewSchemas(h.db)}
	h.deps = schema.Deps{
		Store: h.store, Tx: h.db, Clock: h.clock, Logger: slog.New(slog.NewTextHandler(h.log, nil)),
		Events: event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: nil, Clock: h.clock, Wake: func() {}}),
	}
	h.Service = h.node(t)
	return h, storetest.Within(t.Context(), storetest.NewTenant())
}

// node is another server on the same database.
func (h *house) node(t *testing.T) *schema.Service {
	t.Helper()
	made, err := schema.New(h.deps, schema.Default())
	require.NoError(t, err)
	return made
}

func (h *house) told(ctx context.Context, t *testing.T) []string {
	t.Helper()
	events, err := storage.NewEvents(h.db).UnsequencedEvents(ctx, nil, 100)
	require.NoError(t, err)
	told := []string{}
	for _, e := range events {
		tenant, err := reqctx.Tenant(ctx)
		require.NoError(t, err)
		require.Equal(t, tenant.String(), e.Subject)
		require.Empty(t, e.Person)
		told = append(told, e.Type+" "+string(e.Data))
	}
	return told
}

func current(ctx context.Context, t *testing.T, s *schema.Service) int {
	t.Helper()
	found, err := s.Current(ctx)
	require.NoError(t, err)
	return found.Version()
}

func TestEnsure(t *testing.T) {
	h, ctx := open(t)
	require.Equal(t, 1, current(ctx, t, h.Service))
	require.NoError(t, h.Ensure(ctx, schema.Builtin()))
	require.Empty(t, h.told(ctx, t), "everybody has it already")
	first, second := with(`"a":{"type":"string"}`), with(`"a":{"type":"string","maxLength":3}`)
	require.NoError(t, h.Ensure(ctx, []byte(first)))
	require.Equal(t, 2, current(ctx, t, h.Service), "this node sees it at once")
	respelt := `{"properties": {"a": {"type": "\u0073tring"}},` + "\n" + ` "additionalProperties": false, "type": "object"}`
	require.NoError(t, h.Ensure(ctx, []byte(respelt)))
	require.NoError(t, h.Ensure(ctx, []byte(second)))
	require.Equal(t, 3, current(ctx, t, h.Service))
	stored, err := h.store.Versions(ctx)
	require.NoError(t, err)
	require.Equal(t, []schema.Version{
		{Number: 2, Document: json.RawMessage(`{"additionalProperties":false,"properties":{"a":{"type":"string"}},"type":"object"}`), ManagedBy: schema.ByConfiguration, CreatedAt: h.clock.Now()},
		{Number: 3, Document: json.RawMessage(`{"additionalProperties":false,"properties":{"a":{"maxLength":3,"type":"string"}},"type":"object"}`), ManagedBy: schema.ByConfiguration, CreatedAt: h.clock.Now()},
	}, stored)
	err = h.Ensure(ctx, []byte(with(`"a":{"type":"integer"},"name":{"type":"object"}`)))
	require.ErrorIs(t, err, schema.ErrInvalid)
	require.Equal(t, []string{"/properties/a incompatible", "/properties/name incompatible"}, places(err))
	require.ErrorIs(t, h.Ensure(ctx, []byte(`{}`)), schema.ErrInvalid)
	require.Equal(t, []string{`schema.version_created {"version":2}`, `schema.version_created {"version":3}`}, h.told(ctx, t))

	other := storetest.Within(t.Context(), storetest.NewTenant())
	require.Equal(t, 1, current(other, t, h.Service), "another tenant has its own")
	scope, err := reqctx.Tenant(ctx)
	require.NoError(t, err)
	tenants, err := h.Tenants(t.Context())
	require.NoError(t, err)
	require.Equal(t, []id.Tenant{scope}, tenants)
	_, err = h.Current(t.Context())
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	require.ErrorIs(t, h.Ensure(t.Context(), []byte(first)), reqctx.ErrNoTenant)
}

// Protects: what is stored under a claim is what the claim says, however it says so.
func TestPromise_ProfilesEvolve_NoClaimChangesItsType(t *testing.T) {
	h, ctx := open(t)
	beside := strings.Replace(chain(3), `{"type":"integer"}`, `{"type":["string","null"]}`, 1)
	before := `"list":{"type":["string","null"]},"enum":{"enum":["x"]},"const":{"const":true},"number":{"enum":[1,2.0]},"any":{},"far":{"$ref":"#/$defs/d0"}`
	require.NoError(t, h.Ensure(ctx, []byte(with(before, beside))))
	err := h.Ensure(ctx, []byte(with(`"list":{"type":["object","array"]},"enum":{"enum":[1]},"const":{"const":null},"number":{"enum":[1,2.5]},"any":{"type":"string"},"far":{"$ref":"#/$defs/d0"}`, chain(3))))
	require.ErrorIs(t, err, schema.ErrInvalid)
	require.Equal(t, []string{
		"/properties/any incompatible", "/properties/const incompatible", "/properties/enum incompatible",
		"/properties/far incompatible", "/properties/list incompatible", "/properties/number incompatible",
	}, places(err))
	require.NoError(t, h.Ensure(ctx, []byte(with(`"list":{"$ref":"#/$defs/d0"},"enum":{"type":"string"},"const":{"enum":[true,false]},"number":{"type":"integer"},"any":{"title":"A"},"far":{"type":["null","string"]}`, beside))),
		"the same types are said in other words")
}

// A node that still declares what it was started with changes nothing for the others,
// and works by what they declare.
func TestPromise_BoringUpgrades_AnOlderDeclarationDoesNotFlipBack(t *testing.T) {
	h, ctx := open(t)
	first, second := []byte(with(`"a":{"type":"string"}`)), []byte(with(`"a":{"type":"string"},"b":{"type":"string"}`))
	old, latest := h.node(t), h.node(t)
	require.NoError(t, old.Ensure(ctx, first))
	require.NoError(t, latest.Ensure(ctx, second))
	require.Empty(t, h.log.text.String())
	for range 2 {
		require.NoError(t, old.Ensure(ctx, first))
		require.NoError(t, latest.Ensure(ctx, second))
		require.NoError(t, old.Ensure(ctx, schema.Builtin()))
	}
	require.Len(t, h.told(ctx, t), 2)
	require.Contains(t, h.log.text.String(), "declared=2 version=3")
	require.Contains(t, h.log.text.String(), "declared=1 version=3")

	// What a newer program stores may be more than this one would let anybody declare.
	newer := schema.Version{Number: 4, Document: json.RawMessage(with(`"a":{"type":"string","format":"unheard-of","x-later":1},"b":{"type":"string","x-user-access":"sometimes"}`, `"allOf":[{}]`)), CreatedAt: h.clock.Now()}
	require.NoError(t, h.store.InsertVersion(ctx, newer))
	h.clock.Advance(schema.Default().CacheFor)
	found, err := old.Current(ctx)
	require.NoError(t, err)
	require.Equal(t, 4, found.Version())
	require.Equal(t, []string{"a"}, found.Writable(), "an access that is not known is none")
	_, err = found.Check(json.RawMessage(`{"a":"x"}`), schema.Person)
	require.NoError(t, err)
}

func TestPromise_ProfilesEvolve_OneNodeMakesTheNextVersion(t *testing.T) {
	h, ctx := open(t)
	wins := storetest.Race(t, func(int) (bool, error) {
		err := h.node(t).Ensure(ctx, []byte(with(`"a":{"type":"string"}`)))
		return err == nil, err
	})
	require.Equal(t, storetest.Racers, wins)
	require.Equal(t, []string{`schema.version_created {"version":2}`}, h.told(ctx, t))
}

func TestNodesFollowEachOther(t *testing.T) {
	h, ctx := open(t)
	other := h.node(t)
	require.Equal(t, 1, current(ctx, t, other))
	require.NoError(t, h.Ensure(ctx, []byte(with(`"a":{"type":"string"}`))))
	require.Equal(t, 1, current(ctx, t, other), "it remembers for a moment")
	found, err := other.For(ctx, 2)
	require.NoError(t, err)
	require.Equal(t, 2, found.Version(), "what a profile was written under is looked for at once")
	h.clock.Advance(schema.Default().CacheFor)
	require.Equal(t, 2, current(ctx, t, other))

	whole := h.store.whole
	for range 3 {
		h.clock.Advance(schema.Default().CacheFor)
		require.Equal(t, 2, current(ctx, t, other))
	}
	require.Equal(t, whole, h.store.whole, "a version is read and compiled once")
	require.NoError(t, h.db.Run(ctx, func(ctx context.Context) error {
		require.Equal(t, 2, current(ctx, t, other), "in a unit of work too")
		return nil
	}))
}

func TestABrokenStoreIsNoSchema(t *testing.T) {
	for _, version := range []schema.Version{
		{Number: 3, Document: json.RawMessage(`{}`)}, {Number: 2, Document: json.RawMessage(`[]`)},
		{Number: 2, Document: json.RawMessage(`{"type":"nonsense"}`)},
	} {
		h, ctx := open(t)
		version.CreatedAt = h.clock.Now()
		require.NoError(t, h.store.InsertVersion(ctx, version))
		_, err := h.Current(ctx)
		require.Error(t, err)
		require.Nil(t, fault.As(err), "it is nobody's fault but ours")
	}
}

func TestNewRefuses(t *testing.T) {
	h, _ := open(t)
	for _, without := range []func(*schema.Deps, *schema.Config){
		func(d *schema.Deps, _ *schema.Config) { d.Store = nil }, func(d *schema.Deps, _ *schema.Config) { d.Tx = nil },
		func(d *schema.Deps, _ *schema.Config) { d.Events = nil }, func(d *schema.Deps, _ *schema.Config) { d.Clock = nil },
		func(d *schema.Deps, _ *schema.Config) { d.Logger = nil }, func(_ *schema.Deps, c *schema.Config) { c.CacheFor = 0 },
		func(_ *schema.Deps, c *schema.Config) { c.CacheFor = time.Hour }, func(_ *schema.Deps, c *schema.Config) { c.CacheSize = 0 },
	} {
		deps, config := h.deps, schema.Default()
		without(&deps, &config)
		_, err := schema.New(deps, config)
		require.Error(t, err)
	}
}
