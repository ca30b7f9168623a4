package api_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/reversal"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/reclaim"
	"github.com/lintel-id/lintel/storage"
)

// telling is what tells users of changes, and the way back.
func telling(t testing.TB, h *house, db *storage.DB, events event.Recorder, messages *message.Service, deps reversal.Deps) (*notice.Service, *passkey.Service, *reversal.Service) {
	t.Helper()
	notices, err := notice.New(notice.Deps{Users: deps.Users, Messages: messages, Logger: deps.Logger})
	require.NoError(t, err)
	held := storage.NewUsers(db)
	known, err := models.Open(models.Deps{Clock: h.clock, Logger: deps.Logger}, models.Default())
	require.NoError(t, err)
	deps.Passkeys, err = passkey.New(passkey.Deps{
		Store: storage.NewPasskeys(db), Tenants: deps.Tenants.(*tenant.Service), Users: deps.Users, Models: known, Ways: noOtherWay{}, Holder: held,
		Notices: notices, Tx: db, Events: events, Clock: h.clock,
	})
	require.NoError(t, err)
	deps.Reclaims, err = reclaim.New(reclaim.Deps{Users: deps.Users, Store: held, Tx: db, Events: events, Clock: h.clock})
	require.NoError(t, err)
	deps.Store, deps.Holder, deps.Notices, deps.Tx, deps.Events, deps.Clock = storage.NewReversals(db), held, notices, db, events, h.clock
	deps.Window = func(context.Context) (time.Duration, error) { return 0, nil }
	reversals, err := reversal.New(deps)
	require.NoError(t, err)
	return notices, deps.Passkeys, reversals
}

// noOtherWay is a house that everybody enters with a passkey.
type noOtherWay struct{}

func (noOtherWay) OtherWay(context.Context, user.ID) (bool, error) { return false, nil }
