package budget_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// notice is what tells somebody what happened.
func notice(bill budget.Bill, word string) budget.Bill {
	bill.Notice, bill.Aside = word, []string{"told"}
	return bill
}

// Promise: whoever spends what goes to an address keeps nobody from being told what happened to
// their account: neither what they ask for there, nor the source, domain, range and country that
// they empty, nor many changes where a way back is sent.
func TestPromise_LockoutIsNoWeapon_NobodySpendsTheNoticesOfOthers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		none := budget.Allowance{Count: 1, Window: time.Hour}
		node := h.node(t, func(c *budget.Config) {
			c.Recipient = rate.Limit{Rate: 2, Period: time.Hour, Burst: 2}
			c.Source, c.Notice = c.Recipient, c.Recipient
			c.Domain, c.Application, c.NewNumbers = none, none, none
			c.Range.Count, c.Country.Count = 3, 3
		})
		ctx := reqctx.WithClient(h.ctx, reqctx.Client{Address: netip.MustParseAddr("203.0.113.7")})
		for _, to := range []budget.Bill{mail("ada@example.com"), text(british(1))} {
			for range 5 {
				_, _ = node.Pay(ctx, to)
			}
			_, err := node.Pay(ctx, to)
			require.ErrorIs(t, err, budget.ErrSpent)
			for n := range 9 { // of the same range
				_, _ = node.Pay(h.ctx, text(british(2+n)))
			}
			for range 2 {
				_, err = node.Pay(ctx, notice(to, "told"))
				require.NoError(t, err)
			}
			_, err = node.Pay(ctx, notice(to, "told"))
			require.ErrorIs(t, err, budget.ErrSpent, "there is a bound")
			_, err = node.Pay(ctx, notice(to, "undo"))
			require.NoError(t, err, "and it is not that of a way back")
		}
	})
}

// Promise: notices, too, are paid for by the tenant, and what they cost is its money.
func TestPromise_MessagesAreBudgeted_NoticesAreTheTenants(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		node := h.node(t, func(c *budget.Config) { c.Tenant.Count, c.Countries = 1, []string{"GB"} })
		_, err := node.Pay(h.ctx, notice(text("+33612009001"), "told"))
		require.ErrorIs(t, err, budget.ErrCountry)
		_, err = node.Pay(h.ctx, notice(text(british(1)), "told"))
		require.NoError(t, err)
		_, err = node.Pay(h.ctx, notice(text(british(2)), "told"))
		require.ErrorIs(t, err, budget.ErrSpent)
	})
	each(t, func(t *testing.T, h *house) {
		dear := h.node(t, func(c *budget.Config) { c.MoneyPerDay, c.Price = 3, 2 })
		_, err := dear.Pay(h.ctx, notice(text(british(1)), "told"))
		require.NoError(t, err)
		_, err = dear.Pay(h.ctx, notice(text(british(2)), "undo"))
		require.ErrorIs(t, err, budget.ErrSpent)
	})
}

// Promise: as many notices by SMS go to a range and to a country as codes may, beside those, so
// that somebody with many numbers of their own cannot have them pumped.
func TestPromise_MessagesAreBudgeted_NoticesToManyNumbers(t *testing.T) {
	for what, narrow := range map[string]func(c *budget.Config){
		"range":   func(c *budget.Config) { c.Range.Count = 2 },
		"country": func(c *budget.Config) { c.Country.Count = 2 },
	} {
		t.Run(what, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				node := h.node(t, narrow)
				for _, pay := range []func(n int) budget.Bill{
					func(n int) budget.Bill { return text(british(n)) },
					func(n int) budget.Bill { return notice(text(british(n)), "told") },
				} {
					for n := range 2 {
						_, err := node.Pay(h.ctx, pay(n))
						require.NoError(t, err)
					}
					_, err := node.Pay(h.ctx, pay(2))
					require.ErrorIs(t, err, budget.ErrSpent)
				}
				_, err := node.Pay(h.ctx, notice(text("+33612009001"), "told"))
				require.NoError(t, err, "another country has its own")
			})
		})
	}
}
