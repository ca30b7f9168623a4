package tenant_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage/storetest"
)

// under is a node that knows these root keys, the first of which seals.
func (h *house) under(t *testing.T, keys ...string) *tenant.Service {
	t.Helper()
	parsed, err := seal.ParseRootKeys(strings.Join(keys, ","))
	require.NoError(t, err)
	deps := h.deps
	deps.Root, err = seal.NewKeyring(parsed)
	require.NoError(t, err)
	service, err := tenant.New(deps, tenant.Default())
	require.NoError(t, err)
	return service
}

func rootKey(t *testing.T, name string) string {
	t.Helper()
	key, err := seal.GenerateRootKey(name)
	require.NoError(t, err)
	return key
}

func silent(tenant.Progress) {}

// Protects: a root key can be replaced while servers run, and nothing that was sealed
// is lost on the way.
func TestRewrapFreesAnOldRootKey(t *testing.T) {
	h := open(t)
	older, newer, wrong := rootKey(t, "older"), rootKey(t, "newer"), rootKey(t, "wrong")
	before := h.under(t, older)
	made, err := before.Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: "https://a.example"})
	require.NoError(t, err)
	scoped := reqctx.WithTenant(t.Context(), made.ID)
	box, err := before.Box(scoped)
	require.NoError(t, err)
	sealed, err := box.Seal("test", []byte("kept"), nil)
	require.NoError(t, err)
	opens := func(keys ...string) error {
		box, err := h.under(t, keys...).Box(scoped)
		if err != nil {
			return err
		}
		plain, err := box.Open("test", sealed, nil)
		require.NoError(t, err)
		require.Equal(t, "kept", string(plain))
		return nil
	}

	_, err = h.under(t, wrong).Rewrap(t.Context(), silent)
	require.ErrorIs(t, err, seal.ErrUnknownKey)
	require.ErrorContains(t, err, made.ID.String())
	_, err = h.under(t, newer).Rewrap(t.Context(), silent)
	require.ErrorIs(t, err, seal.ErrUnknownKey, "the old one has to be listed until then")
	require.ErrorIs(t, opens(newer), seal.ErrUnknownKey)
	require.NoError(t, opens(newer, older))

	moved, err := h.under(t, newer, older).Rewrap(t.Context(), silent)
	require.NoError(t, err)
	require.Equal(t, tenant.Progress{Total: 1, Seen: 1, Moved: 1}, moved)
	again, err := h.under(t, newer).Rewrap(t.Context(), silent)
	require.NoError(t, err)
	require.Equal(t, tenant.Progress{Total: 1, Seen: 1, Moved: 0}, again)
	require.NoError(t, opens(newer))
	require.ErrorIs(t, opens(older), seal.ErrUnknownKey)

	_, err = before.Box(scoped)
	require.NoError(t, err, "who ran beside it goes on")
	require.Len(t, h.events(t), 1)
}

// A key that is called the right name and is another one is found before the old one
// is thrown away.
func TestRewrapFindsAKeyThatDoesNotOpen(t *testing.T) {
	h := open(t)
	made, err := h.Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: "https://a.example"})
	require.NoError(t, err)
	made.Key[len(made.Key)-1] ^= 1
	require.NoError(t, h.store.UpdateTenant(t.Context(), made))
	_, err = h.Rewrap(t.Context(), silent)
	require.ErrorIs(t, err, seal.ErrUnreadable)
}

// Protects: stopped half-way it is begun again, and several at once do it once.
func TestRewrapIsRacedAndRepeatable(t *testing.T) {
	h := open(t)
	older, newer := rootKey(t, "older"), rootKey(t, "newer")
	_, err := h.under(t, older).Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: "https://a.example"})
	require.NoError(t, err)
	parsed, err := seal.ParseRootKeys(older)
	require.NoError(t, err)
	root, err := seal.NewKeyring(parsed)
	require.NoError(t, err)
	const many = 5
	for i := range many - 1 {
		one := tenant.Tenant{ID: storetest.NewTenant(), Name: strconv.Itoa(i), Status: tenant.Suspended, CreatedAt: h.clock.Now().Add(time.Duration(i+1) * time.Second), Version: 1}
		_, one.Key, err = seal.NewSealedBox(root, "tenant.key", []byte(one.ID.String()))
		require.NoError(t, err)
		require.NoError(t, h.store.InsertTenant(t.Context(), one))
	}

	ctx, stop := context.WithCancel(t.Context())
	half, err := h.under(t, newer, older).Rewrap(ctx, func(p tenant.Progress) {
		if p.Seen == 2 {
			stop()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, tenant.Progress{Total: many, Seen: 2, Moved: 2}, half)

	moved := make([]int, storetest.Racers)
	wins := storetest.Race(t, func(racer int) (bool, error) {
		progress, err := h.under(t, newer, older).Rewrap(t.Context(), silent)
		moved[racer] = progress.Moved
		return err == nil && progress.Seen == many, err
	})
	require.Equal(t, storetest.Racers, wins)
	total := 0
	for _, count := range moved {
		total += count
	}
	require.Equal(t, many-2, total)
	_, err = h.under(t, newer).Rewrap(t.Context(), silent)
	require.NoError(t, err)
	all, err := h.All(t.Context())
	require.NoError(t, err)
	require.Len(t, all, many)
}
