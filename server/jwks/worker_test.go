package jwks_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
)

var errDown = errors.New("down")

// looked is a store that is down, and notes when it was asked what is due.
type looked struct {
	jwks.Store // what is not needed here is nil and would be noticed
	looks      chan time.Time
}

func (l looked) TenantsDue(_ context.Context, _, expired time.Time) ([]id.Tenant, error) {
	l.looks <- expired
	return nil, errDown
}

// nothing stands where nothing is called.
type nothing struct {
	tenant.Store
	tenant.SettingsStore
}

func (nothing) Run(context.Context, func(context.Context) error) error { return errDown }
func (nothing) Record(context.Context, event.Draft) error              { return errDown }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func aTenantService(t *testing.T) *tenant.Service {
	t.Helper()
	text, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	keys, err := seal.ParseRootKeys(text)
	require.NoError(t, err)
	root, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	tenants, err := tenant.New(tenant.Deps{Store: nothing{}, Revisions: nothing{}, Tx: nothing{}, Events: nothing{}, Clock: clock.System{}, Root: root}, tenant.Default())
	require.NoError(t, err)
	return tenants
}
