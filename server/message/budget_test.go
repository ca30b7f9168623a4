package message_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Promise: messages cost money, so they are counted before they are queued: per reader, per
// whoever asks, and per tenant.
func TestPromise_MessagesAreBudgeted_PerReaderSourceAndTenant(t *testing.T) {
	few := rate.Limit{Rate: 2, Period: time.Hour, Burst: 2}
	for name, test := range map[string]struct {
		change func(*message.Budgets)
		to     func(i int) string
		from   string
		other  string // who is not bound
	}{
		"of a recipient": {func(b *message.Budgets) { b.Recipient = few }, func(int) string { return "ada@example.com" }, "203.0.113.7", "grace@example.com"},
		"of a source":    {func(b *message.Budgets) { b.Source = few }, func(i int) string { return string(rune('a'+i)) + "@example.com" }, "2001:db8::7", ""},
		"of a tenant":    {func(b *message.Budgets) { b.Tenant = few }, func(i int) string { return string(rune('a'+i)) + "@example.com" }, "203.0.113.7", ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(c *message.Config) { test.change(&c.Budgets) })
			ctx := reqctx.WithClient(h.ctx, reqctx.Client{Address: netip.MustParseAddr(test.from)})
			for i := range 2 {
				_, err := h.Test(ctx, message.Email, test.to(i), "en")
				require.NoError(t, err)
			}
			_, err := h.Test(ctx, message.Email, test.to(2), "en")
			require.ErrorIs(t, err, message.ErrBudget)
			require.Equal(t, 30*time.Minute, fault.As(err).RetryAfter)
			require.Equal(t, []string{"message.queued", "message.queued"}, h.told(t), "nothing is queued, or told")
			if test.other != "" {
				_, err := h.Test(ctx, message.Email, test.other, "en")
				require.NoError(t, err)
			}
			h.clock.Advance(30 * time.Minute)
			_, err = h.Test(ctx, message.Email, test.to(3), "en")
			require.NoError(t, err)
		})
	}
}

// What is refused by one budget is charged to none, and a worker has no source.
func TestARefusedMessageCostsNothing(t *testing.T) {
	h := open(t, func(c *message.Config) {
		c.Budgets.Recipient = rate.Limit{Rate: 1, Period: time.Hour, Burst: 1}
		c.Budgets.Tenant = rate.Limit{Rate: 1, Period: time.Hour, Burst: 2}
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
	require.Error(t, message.Budgets{}.Validate())
}

// Sending again costs what sending does.
func TestPromise_MessagesAreBudgeted_AgainToo(t *testing.T) {
	h := open(t, func(c *message.Config) { c.Budgets.Recipient = rate.Limit{Rate: 2, Period: time.Hour, Burst: 2} })
	h.provider.answer = func(int) error {
		return &message.Refusal{Code: message.RecipientRefused, Final: true, Cause: errors.New("550")}
	}
	queued := h.queued(t)
	for _, want := range []error{nil, message.ErrBudget} {
		require.NoError(t, h.SendAll(h.ctx))
		_, err := h.Resend(h.ctx, queued.ID)
		require.ErrorIs(t, err, want)
	}
	require.Equal(t, 2, h.provider.asked)
}
