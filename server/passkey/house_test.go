package passkey_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/message/gate"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

const (
	site   = "example.com"
	origin = "https://example.com"
)

// house is the room over a real database.
type house struct {
	*passkey.Service
	db       *storage.DB
	ctx      context.Context
	clock    *clock.Fake
	tenants  *tenant.Service
	users    *user.Service
	messages *message.Service
	store    *storage.Passkeys
	told     *told
	ways     ways
	deps     passkey.Deps
}

// ways are the users who get in without a passkey.
type ways map[user.ID]bool

func (w ways) OtherWay(_ context.Context, owner user.ID) (bool, error) { return w[owner], nil }

// told notes the events that are recorded, besides recording them.
type told struct {
	event.Recorder
	mu    sync.Mutex
	names []string
	data  []any
}

func (t *told) Record(ctx context.Context, draft event.Draft) error {
	if err := t.Recorder.Record(ctx, draft); err != nil {
		return err
	}
	tx.AfterCommit(ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.names, t.data = append(t.names, draft.Type.Name), append(t.data, draft.Data)
	})
	return nil
}

// take gives the events since the last time.
func (t *told) take() (names []string, data []any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	names, data = t.names, t.data
	t.names, t.data = nil, nil
	return names, data
}

type sealer struct {
	tenants func() *tenant.Service
	keys    *seal.UserKeys
}

func (s sealer) SealPersonal(ctx context.Context, person string, plaintext, associated []byte) ([]byte, error) {
	box, err := s.tenants().Box(ctx)
	if err != nil {
		return nil, err
	}
	own, err := s.keys.Box(ctx, box, person)
	if err != nil {
		return nil, err
	}
	return own.Seal("event.personal", plaintext, associated)
}

func keyring(t testing.TB) *seal.Keyring {
	t.Helper()
	text, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	keys, err := seal.ParseRootKeys(text)
	require.NoError(t, err)
	ring, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	return ring
}

// build is the house on SQLite, without metadata.
func build(t testing.TB) *house {
	t.Helper()
	return buildOn(t, sqlite(t), models.Default())
}

func sqlite(t testing.TB) *storage.DB {
	t.Helper()
	return storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: clock.NewFake(storetest.Start()), Logger: slog.New(slog.DiscardHandler)})
}

func buildOn(t testing.TB, db *storage.DB, metadata models.Config) *house {
	t.Helper()
	now, logger := clock.NewFake(storetest.Start()), slog.New(slog.DiscardHandler)
	keys, err := seal.NewUserKeys(seal.UserKeysDeps{Store: storage.NewUserKeys(db), Clock: now, AfterCommit: tx.AfterCommit}, seal.DefaultUserKeysConfig())
	require.NoError(t, err)
	h := &house{db: db, clock: now, store: storage.NewPasskeys(db), ways: ways{}}
	log := event.New(event.Deps{
		Store: storage.NewEvents(db), Sealer: sealer{tenants: func() *tenant.Service { return h.tenants }, keys: keys}, Clock: now, Wake: func() {},
	})
	h.told = &told{Recorder: log}
	config := tenant.Default()
	config.Development = true
	h.tenants, err = tenant.New(tenant.Deps{
		Store: storage.NewTenants(db), Revisions: storage.NewTenantSettings(db), Tx: db, Events: h.told, Clock: now, Root: keyring(t),
	}, config)
	require.NoError(t, err)
	made, err := h.tenants.Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: "http://localhost:8080"})
	require.NoError(t, err)
	h.ctx = reqctx.WithTenant(t.Context(), made.ID)
	h.users, err = user.New(user.Deps{Store: storage.NewUsers(db), Tx: db, Events: h.told, Clock: now, Schemas: storetest.ProfileSchemas(t, db, h.told, now)}, user.Default())
	require.NoError(t, err)
	h.letterbox(t, logger)
	notices, err := notice.New(notice.Deps{Users: h.users, Messages: h.messages, Logger: logger})
	require.NoError(t, err)
	known, err := models.Open(models.Deps{Clock: now, Logger: logger}, metadata)
	require.NoError(t, err)
	h.deps = passkey.Deps{
		Store: h.store, Tenants: h.tenants, Users: h.users, Models: known, Ways: h.ways, Holder: storage.NewUsers(db), Notices: notices,
		Tx: db, Events: h.told, Clock: now,
	}
	h.Service, err = passkey.New(h.deps)
	require.NoError(t, err)
	h.told.take()
	return h
}

// letterbox makes the room of messages, which keeps what they say.
func (h *house) letterbox(t testing.TB, logger *slog.Logger) {
	t.Helper()
	texts, err := api.Texts()
	require.NoError(t, err)
	writer, err := letter.New(letter.Deps{Texts: texts, Sender: func(context.Context) (string, error) { return "id.example.com", nil }})
	require.NoError(t, err)
	limiter, err := rate.NewMemory(rate.MemoryDeps{Clock: h.clock}, rate.DefaultMemoryConfig())
	require.NoError(t, err)
	budgets, err := budget.New(budget.Deps{
		Store: storage.NewMessageBudgets(h.db), Tenants: h.tenants, Limiter: limiter, Tx: h.db, Events: h.told, Clock: h.clock, Logger: logger,
	}, budget.Default())
	require.NoError(t, err)
	finder, err := recovery.NewFinder(recovery.FinderDeps{Store: storage.NewRecoveries(h.db), Tenants: h.tenants, Clock: h.clock})
	require.NoError(t, err)
	readers, err := gate.New(gate.Deps{Users: h.users, Holder: storage.NewUsers(h.db), Recoveries: finder, Clock: h.clock})
	require.NoError(t, err)
	keeping := message.Default()
	keeping.KeepContent = true
	h.messages, err = message.New(message.Deps{
		Store: storage.NewMessages(h.db), Writer: writer, Tenants: h.tenants, Budgets: budgets, Tx: h.db, Events: h.told, Clock: h.clock, Logger: logger,
		Providers: map[message.Channel]message.Provider{message.Email: mail.Inbox{}, message.SMS: gateway.Inbox{}},
		Gate:      readers, TellsUnknown: func(context.Context) (bool, error) { return false, nil },
	}, keeping)
	require.NoError(t, err)
}

// person is a user who is reached at an address.
func (h *house) person(t testing.TB, address string) user.ID {
	t.Helper()
	proven := h.clock.Now()
	made, err := h.users.Create(h.ctx, user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Email, Value: address, VerifiedAt: &proven}}})
	require.NoError(t, err)
	h.told.take()
	return made.ID
}

// elsewhere is another tenant.
func (h *house) elsewhere(t testing.TB) *house {
	t.Helper()
	made, err := h.tenants.Create(h.ctx, tenant.Declaration{Name: "other", BaseURL: "http://127.0.0.1:8081"})
	require.NoError(t, err)
	other := *h
	other.ctx = reqctx.WithTenant(t.Context(), made.ID)
	h.told.take()
	return &other
}

// asked is a question at one turn of one run.
func asked(policy relyingparty.Policy, turn int64, purpose passkey.Purpose) passkey.Ceremony {
	return passkey.Ceremony{
		Policy: *policy.Settled(), Name: "Example", Origins: []string{origin, "https://elsewhere.example"},
		Challenge: passkey.Challenge([]byte("a seed of thirty-two bytes, or so"), "run", turn, purpose),
	}
}

func toMake(policy relyingparty.Policy) passkey.Ceremony { return asked(policy, 1, passkey.ToMake) }

func toProve(policy relyingparty.Policy) passkey.Ceremony { return asked(policy, 2, passkey.ToProve) }

func usual() relyingparty.Policy { return relyingparty.Policy{ID: site} }

// handle is what the user is called at the site.
func (h *house) handle(t testing.TB, owner user.ID) []byte {
	t.Helper()
	handle, err := h.HandleFor(h.ctx, owner, site, []byte("seed"), owner.String())
	require.NoError(t, err)
	return handle
}

// add makes what was checked a user's.
func (h *house) add(owner user.ID, fresh passkey.Fresh) (added passkey.Passkey, err error) {
	err = h.db.Run(h.ctx, func(ctx context.Context) error {
		added, err = h.Add(ctx, owner, fresh)
		return err
	})
	return added, err
}

// enrol makes a passkey of a device, under a policy.
func (h *house) enrol(t testing.TB, owner user.ID, d *device, policy relyingparty.Policy) passkey.Passkey {
	t.Helper()
	d.handle = h.handle(t, owner)
	c := toMake(policy)
	fresh, err := h.Check(h.ctx, c, passkey.Made{Credential: d.create(c.Challenge), Handle: d.handle})
	require.NoError(t, err)
	added, err := h.add(owner, fresh)
	require.NoError(t, err)
	h.clock.Advance(time.Second)
	h.told.take()
	return added
}

// spend has a proof take effect.
func (h *house) spend(use passkey.Use) error {
	return h.db.Run(h.ctx, func(ctx context.Context) error { return h.Spend(ctx, use) })
}

// held are the passkeys and handles of users.
func (h *house) held(t testing.TB, owners ...user.ID) (all []any) {
	t.Helper()
	for _, owner := range owners {
		passkeys, err := h.List(h.ctx, owner)
		require.NoError(t, err)
		handles, err := h.store.HandlesOf(h.ctx, owner)
		require.NoError(t, err)
		all = append(all, passkeys, handles)
	}
	return all
}
