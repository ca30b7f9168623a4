package message_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// openWithin is open with other budgets.
func openWithin(t *testing.T, change func(*budget.Config)) *house {
	t.Helper()
	h := open(t, nil)
	h.budgets(t, change)
	h.Service = h.node(t, nil)
	return h
}

// Promise: messages cost money, so they are counted before they are queued: per reader, per
// whoever asks, and per tenant.
func TestPromise_MessagesAreBudgeted_PerReaderSourceAndTenant(t *testing.T) {
	few := rate.Limit{Rate: 2, Period: time.Hour, Burst: 2}
	for name, test := range map[string]struct {
		change func(*budget.Config)
		to     func(i int) string
		from   string
		other  string // who is not bound
		after  time.Duration
	}{
		"of a recipient": {func(b *budget.Config) { b.Recipient = few }, func(int) string { return "ada@example.com" }, "203.0.113.7", "grace@example.com", 30 * time.Minute},
		"of a source":    {func(b *budget.Config) { b.Source = few }, func(i int) string { return string(rune('a'+i)) + "@example.com" }, "2001:db8::7", "", 30 * time.Minute},
		"of a tenant": {
			func(b *budget.Config) { b.Tenant = budget.Allowance{Count: 2, Window: 30 * time.Minute} },
			func(i int) string { return string(rune('a'+i)) + "@example.com" }, "203.0.113.7", "", 30 * time.Minute,
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := openWithin(t, test.change)
			ctx := reqctx.WithClient(h.ctx, reqctx.Client{Address: netip.MustParseAddr(test.from)})
			for i := range 2 {
				_, err := h.Test(ctx, message.Email, test.to(i), "en")
				require.NoError(t, err)
			}
			_, err := h.Test(ctx, message.Email, test.to(2), "en")
			require.ErrorIs(t, err, message.ErrBudget)
			require.Equal(t, test.after, fault.As(err).RetryAfter)
			require.Equal(t, []string{"message.queued", "message.queued"}, h.told(t), "nothing is queued, or told")
			if test.other != "" {
				_, err := h.Test(ctx, message.Email, test.other, "en")
				require.NoError(t, err)
			}
			h.clock.Advance(test.after)
			_, err = h.Test(ctx, message.Email, test.to(3), "en")
			require.NoError(t, err)
		})
	}
}

// What is refused by one budget is charged to none, and a worker has no source.
func TestARefusedMessageCostsNothing(t *testing.T) {
	h := openWithin(t, func(b *budget.Config) {
		b.Recipient = rate.Limit{Rate: 1, Period: time.Hour, Burst: 1}
		b.Tenant = budget.Allowance{Count: 2, Window: time.Hour}
	})
	_, err := h.Test(h.ctx, message.Email, "ada@example.com", "en")
	require.NoError(t, err)
	for range 5 {
		_, err = h.Test(h.ctx, message.Email, "ada@example.com", "en")
		require.ErrorIs(t, err, message.ErrBudget)
	}
	_, err = h.Test(h.ctx, message.Email, "grace@example.com", "en")
	require.NoError(t, err, "the tenant has one left")
	h.clock.Advance(time.Hour)
	_, err = h.Test(h.ctx, message.Email, "nobody", "en")
	require.ErrorIs(t, err, message.ErrRecipient)
}

// What is prepared and dropped is not paid for; what an application sends is on its own
// account.
func TestADroppedMessageCostsNothing(t *testing.T) {
	h := openWithin(t, func(b *budget.Config) { b.Application = budget.Allowance{Count: 1, Window: time.Hour} })
	draft := message.Draft{Kind: message.Test, Channel: message.Email, To: "ada@example.com", Locales: []string{"en"}, ValidFor: time.Hour, Application: "app_1"}
	for range 3 {
		prepared, err := h.Prepare(h.ctx, draft)
		require.NoError(t, err)
		h.Drop(h.ctx, prepared)
	}
	_, err := h.Queue(h.ctx, draft)
	require.NoError(t, err)
	_, err = h.Queue(h.ctx, draft)
	require.ErrorIs(t, err, message.ErrBudget)
	draft.Application = "app_2"
	_, err = h.Queue(h.ctx, draft)
	require.NoError(t, err)
}

// Sending again costs what sending does, whoever pays for it.
func TestPromise_MessagesAreBudgeted_AgainToo(t *testing.T) {
	for name, change := range map[string]func(*budget.Config){
		"of a recipient":     func(b *budget.Config) { b.Recipient = rate.Limit{Rate: 2, Period: time.Hour, Burst: 2} },
		"of an application":  func(b *budget.Config) { b.Application = budget.Allowance{Count: 2, Window: time.Hour} },
		"of a whole tenant":  func(b *budget.Config) { b.Tenant = budget.Allowance{Count: 2, Window: time.Hour} },
		"of everybody there": func(b *budget.Config) { b.Domain = budget.Allowance{Count: 2, Window: time.Hour} },
	} {
		t.Run(name, func(t *testing.T) {
			h := openWithin(t, change)
			h.provider.answer = func(int) error {
				return &message.Refusal{Code: message.RecipientRefused, Final: true, Cause: errors.New("550")}
			}
			queued, err := h.Queue(h.ctx, message.Draft{
				Kind: message.Test, Channel: message.Email, To: "ada@example.com", Locales: []string{"en"}, ValidFor: time.Hour, Application: "app_01h455vb4pex5vsknk084sn02q",
			})
			require.NoError(t, err)
			for _, want := range []error{nil, message.ErrBudget} {
				require.NoError(t, h.SendAll(h.ctx))
				_, err := h.Resend(h.ctx, queued.ID)
				require.ErrorIs(t, err, want)
			}
			require.Equal(t, 2, h.provider.asked)
		})
	}
}
