package jwks_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/jose"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// house is one node over a database that others may share.
type house struct {
	*jwks.Service
	db    *storage.DB
	clock *clock.Fake
	deps  jwks.Deps
	store *storage.SigningKeys
	here  tenant.Tenant
}

func open(t *testing.T) (*house, context.Context) {
	t.Helper()
	at := clock.NewFake(storetest.Start())
	return openOn(t, storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: at, Logger: slog.New(slog.DiscardHandler)}), at, at)
}

// openOn wires a node whose own clock may differ from that of its tenants.
func openOn(t *testing.T, db *storage.DB, fake *clock.Fake, at clock.Clock) (*house, context.Context) {
	t.Helper()
	h := &house{db: db, clock: fake, store: storage.NewSigningKeys(db)}
	events := event.New(event.Deps{Store: storage.NewEvents(db), Sealer: nil, Clock: at, Wake: func() {}})
	text, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	keys, err := seal.ParseRootKeys(text)
	require.NoError(t, err)
	root, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	tenants, err := tenant.New(tenant.Deps{Store: storage.NewTenants(db), Revisions: storage.NewTenantSettings(db), Tx: db, Events: events, Clock: at, Root: root}, tenant.Default())
	require.NoError(t, err)
	h.here, err = tenants.Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: "https://id.example.com"})
	require.NoError(t, err)
	h.deps = jwks.Deps{Store: h.store, Tx: db, Events: events, Clock: at, Tenants: tenants, Logger: slog.New(slog.DiscardHandler)}
	h.Service = h.node(t, at)
	return h, reqctx.WithTenant(t.Context(), h.here.ID)
}

// node is another server on the same database, with a clock of its own.
func (h *house) node(t *testing.T, at clock.Clock) *jwks.Service {
	t.Helper()
	deps := h.deps
	deps.Clock = at
	service, err := jwks.New(deps, jwks.DefaultConfig())
	require.NoError(t, err)
	return service
}

// told are the events of keys so far, oldest first.
func (h *house) told(ctx context.Context, t *testing.T) []event.Envelope {
	t.Helper()
	all, err := storage.NewEvents(h.db).UnsequencedEvents(ctx, nil, 1000)
	require.NoError(t, err)
	require.Equal(t, "tenant.created", all[0].Type)
	return all[1:]
}

func (h *house) types(ctx context.Context, t *testing.T) []string {
	t.Helper()
	types := []string{}
	for _, one := range h.told(ctx, t) {
		types = append(types, one.Type)
	}
	return types
}

// published are the kids of the document.
func published(ctx context.Context, t *testing.T, node *jwks.Service) []string {
	t.Helper()
	document, err := node.Document(ctx)
	require.NoError(t, err)
	var set struct {
		Keys []struct{ Kid string }
	}
	require.NoError(t, json.Unmarshal(document, &set))
	kids := []string{}
	for _, key := range set.Keys {
		kids = append(kids, key.Kid)
	}
	return kids
}

// signed is a token and the kid in its header, which the present document verifies.
func (h *house) signed(ctx context.Context, t *testing.T, node *jwks.Service) (token, kid string) {
	t.Helper()
	token, err := node.Sign(ctx, "JWT", map[string]string{"sub": "usr_x"})
	require.NoError(t, err)
	return token, h.verify(ctx, t, node, token).KeyID
}

func (h *house) verify(ctx context.Context, t *testing.T, node *jwks.Service, token string) *jose.Token {
	t.Helper()
	verified, err := h.check(ctx, t, node, token)
	require.NoError(t, err)
	return verified
}

func (h *house) check(ctx context.Context, t *testing.T, node *jwks.Service, token string) (*jose.Token, error) {
	t.Helper()
	document, err := node.Document(ctx)
	require.NoError(t, err)
	set, err := jose.ParseKeySet(document)
	require.NoError(t, err)
	return jose.Verify(token, set, jose.Expectations{
		Algorithms: []jose.Algorithm{jose.ES256}, Types: []string{"JWT"}, AnyIssuer: true, AnyAudience: true, NoExpiry: true,
	}, h.clock.Now())
}

func states(keys []jwks.Key, now time.Time) []jwks.State {
	found := []jwks.State{}
	for _, key := range keys {
		found = append(found, key.State(now))
	}
	return found
}

// states are those of the stored keys, in their order.
func (h *house) states(ctx context.Context, t *testing.T) []jwks.State {
	t.Helper()
	keys, err := h.store.Keys(ctx)
	require.NoError(t, err)
	return states(keys, h.clock.Now())
}
