package flow_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/ending"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/message/gate"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/passkey/models"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// letterbox makes the room of messages, which keeps what they say.
func (h *house) letterbox(t testing.TB, tenants *tenant.Service, events event.Recorder, limiter rate.Limiter, logger *slog.Logger) *message.Service {
	t.Helper()
	texts, err := api.Texts()
	require.NoError(t, err)
	writer, err := letter.New(letter.Deps{Texts: texts, Sender: func(context.Context) (string, error) { return "id.example.com", nil }})
	require.NoError(t, err)
	config := budget.Default()
	wide := rate.Limit{Rate: 1000, Period: time.Second, Burst: 100}
	config.Recipient, config.Source = wide, wide // what they bound is tested in their own room
	budgets, err := budget.New(budget.Deps{
		Store: storage.NewMessageBudgets(h.db), Tenants: tenants, Limiter: limiter, Tx: h.db, Events: events, Clock: h.clock, Logger: logger,
	}, config)
	require.NoError(t, err)
	readers, err := gate.New(gate.Deps{Users: h.users, Holder: storage.NewUsers(h.db), Recoveries: h.opens(t, tenants), Clock: h.clock})
	require.NoError(t, err)
	keeping := message.Default()
	keeping.KeepContent = true
	h.messages, err = message.New(message.Deps{
		Store: storage.NewMessages(h.db), Writer: writer, Tenants: tenants, Budgets: budgets, Tx: h.db, Events: events, Clock: h.clock, Logger: logger,
		Providers: map[message.Channel]message.Provider{message.Email: mail.Inbox{}, message.SMS: gateway.Inbox{}},
		Gate:      readers, TellsUnknown: func(context.Context) (bool, error) { return false, nil },
	}, keeping)
	require.NoError(t, err)
	return h.messages
}

// coded makes the room of codes and links.
func (h *house) coded(t testing.TB, tenants *tenant.Service, guesses *risk.Guesses, messages *message.Service) *code.Service {
	t.Helper()
	codes, err := code.New(code.Deps{
		Messages: messages, Tenants: tenants, Guesses: guesses, Clock: h.clock,
		Limits: func(ctx context.Context) (code.Limits, error) {
			settings, err := tenants.Settings(ctx)
			return code.Limits(settings.Codes()), err
		},
	})
	require.NoError(t, err)
	return codes
}

// inbox is what somebody has been sent, the newest first.
func (h house) inbox(t testing.TB, to string) []message.Readable {
	t.Helper()
	require.NoError(t, h.messages.SendAll(h.ctx))
	found, err := h.messages.Inbox(h.ctx, to, message.ID{}, 0)
	require.NoError(t, err)
	return found
}

// last is one value of what somebody was sent last.
func (h house) last(t testing.TB, to, name string) string {
	t.Helper()
	found := h.inbox(t, to)
	require.NotEmpty(t, found, to)
	return found[0].Values[name]
}

// opens finds accounts by the address that they are recovered to.
func (h *house) opens(t testing.TB, tenants *tenant.Service) *recovery.Finder {
	t.Helper()
	finder, err := recovery.NewFinder(recovery.FinderDeps{Store: storage.NewRecoveries(h.db), Tenants: tenants, Clock: h.clock})
	require.NoError(t, err)
	return finder
}

// ends makes the room in which runs end.
func (h *house) ends(t testing.TB, tenants *tenant.Service, guesses *risk.Guesses, codes *code.Service, events event.Recorder) *ending.Service {
	t.Helper()
	recoveries, err := recovery.New(recovery.Deps{
		Store: storage.NewRecoveries(h.db), Finder: h.opens(t, tenants), Holder: storage.NewUsers(h.db), Users: h.users, Applications: h.apps, Operators: nobodyRuns{},
		Codes: codes, Notices: h.notices, Guesses: guesses, Tx: h.db, Events: events,
	}, recovery.Default())
	require.NoError(t, err)
	ends, err := ending.New(ending.Deps{
		Users: h.users, Passwords: h.passwords, Sessions: h.sessions, Consents: h.consents, Notices: h.notices, Recoveries: recoveries, WaysBack: noWayBack{}, Invitations: h.invited, Passkeys: h.passkeys,
	})
	require.NoError(t, err)
	return ends
}

// keeps makes the room of passkeys, and that which tells of them.
func (h *house) keeps(t testing.TB, tenants *tenant.Service, events event.Recorder, logger *slog.Logger) {
	t.Helper()
	var err error
	h.notices, err = notice.New(notice.Deps{Users: h.users, Messages: h.messages, Logger: logger})
	require.NoError(t, err)
	known, err := models.Open(models.Deps{Clock: h.clock, Logger: logger}, models.Default())
	require.NoError(t, err)
	h.passkeys, err = passkey.New(passkey.Deps{
		Store: storage.NewPasskeys(h.db), Tenants: tenants, Users: h.users, Models: known, Ways: noOtherWay{}, Holder: storage.NewUsers(h.db),
		Notices: h.notices, Tx: h.db, Events: events, Clock: h.clock,
	})
	require.NoError(t, err)
}

// noOtherWay is a house that everybody enters with a passkey.
type noOtherWay struct{}

func (noOtherWay) OtherWay(context.Context, user.ID) (bool, error) { return false, nil }

// nobodyRuns is a tenant that nobody runs.
type nobodyRuns struct{}

func (nobodyRuns) IsOperator(context.Context, user.ID) (bool, error) { return false, nil }

// noWayBack is a tenant in which nobody has taken anything back.
type noWayBack struct{}

func (noWayBack) WithdrawAll(context.Context, user.ID) error { return nil }
