package password_test

import (
	"context"
	"crypto/sha256"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

// memory is the smallest thing that keeps the Store's promises, for the rules;
// the engines are proven by their own suite.
type memory struct {
	mu    sync.Mutex
	rows  map[user.ID]password.Credential
	reads atomic.Int64
	// meanwhile runs once, right after the next read: what somebody else does
	// between a read and a write.
	meanwhile func()
}

func (m *memory) PasswordOf(_ context.Context, userID user.ID) (password.Credential, error) {
	m.reads.Add(1)
	m.mu.Lock()
	row, ok := m.rows[userID]
	meanwhile := m.meanwhile
	m.meanwhile = nil
	m.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	if !ok {
		return password.Credential{}, password.ErrNone
	}
	return row, nil
}

func (m *memory) InsertPassword(_ context.Context, row password.Credential) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, taken := m.rows[row.UserID]; taken {
		return password.ErrChanged
	}
	m.rows[row.UserID] = row
	return nil
}

func (m *memory) UpdatePassword(_ context.Context, row password.Credential) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows[row.UserID].Version != row.Version || row.Version == 0 {
		return password.ErrChanged
	}
	row.Version++
	m.rows[row.UserID] = row
	return nil
}

func (m *memory) DeletePassword(_ context.Context, owner user.ID) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, held := m.rows[owner]
	delete(m.rows, owner)
	return held, nil
}

func (m *memory) PasswordSchemes(context.Context) (map[string]int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	counts := map[string]int64{}
	for _, row := range m.rows {
		counts[row.Scheme]++
	}
	return counts, nil
}

// units opens and joins as an engine does, without rolling back.
type units struct{}

func (units) Run(ctx context.Context, body func(context.Context) error) error {
	if tx.Active(ctx) {
		return body(ctx)
	}
	ctx, unit := tx.Open(ctx)
	if err := body(ctx); err != nil {
		return err
	}
	unit.Committed()
	return nil
}

// told remembers the names of the events.
type told struct{ names []string }

func (r *told) Record(ctx context.Context, draft event.Draft) error {
	if !tx.Active(ctx) {
		return event.ErrNoTransaction
	}
	r.names = append(r.names, draft.Type.Name+" "+draft.Subject)
	return nil
}

// fresh makes an id of the same kind as the one given.
func fresh[K id.Kind](id.Of[K]) id.Of[K] { return id.New[K](noon) }

type house struct {
	*password.Service
	store  *memory
	told   *told
	clock  *clock.Fake
	hasher *password.Hasher
	ctx    context.Context
	deps   password.Deps
}

func build(t testing.TB, change func(*password.Deps, *password.Config)) house {
	t.Helper()
	h := house{
		store: &memory{rows: map[user.ID]password.Credential{}}, told: &told{},
		clock: clock.NewFake(noon), hasher: hasher(t, cheap, 4, 100),
	}
	h.ctx = reqctx.WithTenant(t.Context(), fresh(id.Tenant{}))
	h.deps = password.Deps{
		MinLength: func(context.Context) (int, error) { return 0, nil },
		Store:     h.store, Tx: units{}, Events: h.told, Clock: h.clock, Hasher: h.hasher, Breached: password.NoBreached{},
		MAC: func(_ context.Context, parts ...[]byte) ([32]byte, error) {
			hash := sha256.New()
			for _, part := range parts {
				hash.Write(part)
			}
			return [32]byte(hash.Sum(nil)), nil
		},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	config := password.DefaultConfig()
	if change != nil {
		change(&h.deps, &config)
	}
	service, err := password.New(h.deps, config)
	require.NoError(t, err)
	h.Service, h.hasher = service, h.deps.Hasher
	return h
}
