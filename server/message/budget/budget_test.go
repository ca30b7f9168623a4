package budget_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// counted counts how often the database is written to.
type counted struct {
	budget.Store

	asked atomic.Int64
}

func (c *counted) Reserve(ctx context.Context, asks []budget.Ask) ([]budget.Grant, error) {
	c.asked.Add(1)
	return c.Store.Reserve(ctx, asks)
}

// house is a database that nodes share.
type house struct {
	db    *storage.DB
	clock *clock.Fake
	store *counted
	deps  budget.Deps
	ctx   context.Context
}

func open(t testing.TB, config storage.Config) *house {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start())}
	config.Clock, config.Logger = h.clock, slog.New(slog.DiscardHandler)
	h.db = storetest.Migrated(t, config)
	events := event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: nil, Clock: h.clock, Wake: func() {}})
	text, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	keys, err := seal.ParseRootKeys(text)
	require.NoError(t, err)
	root, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	tenants, err := tenant.New(tenant.Deps{Store: storage.NewTenants(h.db), Revisions: storage.NewTenantSettings(h.db), Tx: h.db, Events: events, Clock: h.clock, Root: root}, tenant.Default())
	require.NoError(t, err)
	here, err := tenants.Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: "https://id.example.com"})
	require.NoError(t, err)
	h.ctx = reqctx.WithTenant(t.Context(), here.ID)
	h.store = &counted{Store: storage.NewMessageBudgets(h.db)}
	h.deps = budget.Deps{Store: h.store, Tenants: tenants, Tx: h.db, Events: events, Clock: h.clock, Logger: slog.New(slog.DiscardHandler)}
	return h
}

// each runs a test on both engines.
func each(t *testing.T, test func(t *testing.T, h *house)) {
	for engine, config := range map[string]func(*testing.T) storage.Config{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(engine, func(t *testing.T) { test(t, open(t, config(t))) })
	}
}

// node is one of several, with budgets that bound nothing but what is changed.
func (h *house) node(t testing.TB, change func(*budget.Config)) *budget.Service {
	t.Helper()
	config, wide := budget.Default(), budget.Allowance{Count: 1_000_000, Window: time.Hour}
	config.Recipient = rate.Limit{Rate: 1000, Period: time.Second, Burst: 1_000_000}
	config.Source = config.Recipient
	config.Range, config.Domain, config.Country, config.Application, config.Tenant = wide, wide, wide, wide, wide
	config.NewNumbers.Count, config.MoneyPerDay = 0, 0
	if change != nil {
		change(&config)
	}
	deps := h.deps
	var err error
	deps.Limiter, err = rate.NewMemory(rate.MemoryDeps{Clock: h.clock}, rate.DefaultMemoryConfig())
	require.NoError(t, err)
	made, err := budget.New(deps, config)
	require.NoError(t, err)
	return made
}

func mail(to string) budget.Bill {
	return budget.Bill{Channel: "email", To: to, Address: sha256.Sum256([]byte(to))}
}

func text(to string) budget.Bill {
	return budget.Bill{Channel: "sms", Phone: true, To: to, Address: sha256.Sum256([]byte(to))}
}

// british is a number in a range of its own.
func british(i int) string { return fmt.Sprintf("+447700900%03d", i) }

// told are the events since the tenant was made.
func (h *house) told(t *testing.T) (found []string) {
	t.Helper()
	all, err := storage.NewEvents(h.db).UnsequencedEvents(h.ctx, nil, 1000)
	require.NoError(t, err)
	for _, one := range all[1:] {
		found = append(found, one.Type+" "+string(one.Data))
	}
	return found
}

// Promise: messages cost money, so they are counted before they are queued, by everything
// that somebody could aim at.
func TestPromise_MessagesAreBudgeted_ByWhatTheyAreFor(t *testing.T) {
	two := budget.Allowance{Count: 2, Window: time.Hour}
	mailTo := func(format string) func(int) budget.Bill {
		return func(i int) budget.Bill { return mail(fmt.Sprintf(format, i)) }
	}
	textTo := func(format string) func(int) budget.Bill {
		return func(i int) budget.Bill { return text(fmt.Sprintf(format, i)) }
	}
	of := func(application string) func(int) budget.Bill {
		return func(i int) budget.Bill {
			bill := mail(fmt.Sprintf("a%d@%d.example", i, i))
			bill.Application = application
			return bill
		}
	}
	for name, test := range map[string]struct {
		change func(*budget.Config)
		bound  func(i int) budget.Bill
		free   func(i int) budget.Bill
	}{
		"domain":      {func(c *budget.Config) { c.Domain = two }, mailTo("a%d@Example.com"), mailTo("a%d@example.org")},
		"range":       {func(c *budget.Config) { c.Range = two }, textTo("+44770090012%d"), textTo("+44790090012%d")},
		"country":     {func(c *budget.Config) { c.Country = two }, textTo("+447%d00900123"), textTo("+3361200900%d")},
		"application": {func(c *budget.Config) { c.Application = two }, of("app_1"), of("app_2")},
		"tenant":      {func(c *budget.Config) { c.Tenant = two }, mailTo("a%d@%[1]d.example"), textTo("+44770090012%d")},
		"money": {
			func(c *budget.Config) {
				c.MoneyPerDay, c.Price, c.Prices = 100_000, 1, map[string]int{"GB": 50_000, "FR": 0}
			},
			textTo("+447%d00900123"), textTo("+3361200900%d"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				nodes := []*budget.Service{h.node(t, test.change), h.node(t, test.change)}
				for i := range 2 {
					_, err := nodes[i].Pay(h.ctx, test.bound(i))
					require.NoError(t, err)
				}
				for _, node := range nodes {
					_, err := node.Pay(h.ctx, test.bound(3))
					require.ErrorIs(t, err, budget.ErrSpent)
					require.Positive(t, fault.As(err).RetryAfter)
					_, err = node.Pay(h.ctx, test.free(5))
					require.NoError(t, err)
				}
				_, err := nodes[0].Pay(h.another(t), test.bound(4))
				require.NoError(t, err, "another tenant has its own")
				h.clock.Advance(fault.As(err2(nodes[0].Pay(h.ctx, test.bound(6)))).RetryAfter)
				_, err = nodes[1].Pay(h.ctx, test.bound(6))
				require.NoError(t, err)
			})
		})
	}
}

func err2(_ budget.Receipt, err error) error { return err }

// another is a second tenant.
func (h *house) another(t *testing.T) context.Context {
	t.Helper()
	tenants, _ := h.deps.Tenants.(*tenant.Service)
	other, err := tenants.Ensure(t.Context(), tenant.Declaration{Name: "other", BaseURL: "https://other.example.com"})
	require.NoError(t, err)
	return reqctx.WithTenant(t.Context(), other.ID)
}

// Nodes that spend from blocks of one budget never spend more than it together, and all of
// it when it is wanted.
func TestPromise_MessagesAreBudgeted_OverAllNodes(t *testing.T) {
	const most = 500
	each(t, func(t *testing.T, h *house) {
		narrow := func(c *budget.Config) {
			c.Tenant = budget.Allowance{Count: most, Window: time.Hour}
			c.MoneyPerDay = most * 3 * 7
			c.Price = 7
		}
		var paid atomic.Int64
		var all sync.WaitGroup
		for range 2 {
			node := h.node(t, narrow)
			for racer := range storetest.Racers {
				all.Go(func() {
					for i := 0; ; i++ {
						_, err := node.Pay(h.ctx, text(fmt.Sprintf("+4477%02d90%04d", racer, i)))
						if err != nil {
							require.ErrorIs(t, err, budget.ErrSpent)
							return
						}
						paid.Add(1)
					}
				})
			}
		}
		all.Wait()
		require.EqualValues(t, most, paid.Load())
	})
}

// What a node does not use is another one's again: when it rests, when it stops, and when it
// died and the window has ended.
func TestBlocksComeBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		narrow := func(c *budget.Config) { c.Tenant = budget.Allowance{Count: 80, Window: time.Hour} }
		spendAll := func(node *budget.Service) (paid int) {
			for ; ; paid++ {
				if _, err := node.Pay(h.ctx, mail("ada@example.com")); err != nil {
					require.ErrorIs(t, err, budget.ErrSpent)
					return paid
				}
			}
		}
		idle, busy := h.node(t, narrow), h.node(t, narrow)
		_, err := idle.Pay(h.ctx, mail("ada@example.com"))
		require.NoError(t, err)
		require.Equal(t, 70, spendAll(busy), "the idle node holds nine")
		idle.GiveBack(h.ctx, time.Minute)
		require.Zero(t, spendAll(busy))
		h.clock.Advance(time.Minute)
		idle.GiveBack(h.ctx, time.Minute)
		require.Equal(t, 9, spendAll(busy))

		h.clock.Advance(time.Hour)
		stopped, stop := context.WithCancel(h.ctx)
		_, err = idle.Pay(h.ctx, mail("ada@example.com"))
		require.NoError(t, err)
		stop()
		idle.Run(stopped)
		require.Equal(t, 79, spendAll(busy))

		h.clock.Advance(time.Hour)
		_, err = idle.Pay(h.ctx, mail("ada@example.com"))
		require.NoError(t, err)
		h.clock.Advance(time.Hour) // and it is never seen again
		require.Equal(t, 80, spendAll(busy))
	})
}

// What is given back is spent again, in its window only.
func TestARefundIsWorthWhatWasPaid(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	node := h.node(t, func(c *budget.Config) { c.Tenant = budget.Allowance{Count: 2, Window: time.Hour} })
	for range 10 {
		receipt, err := node.Pay(h.ctx, mail("ada@example.com"))
		require.NoError(t, err)
		node.Refund(h.ctx, receipt)
	}
	receipt, err := node.Pay(h.ctx, mail("ada@example.com"))
	require.NoError(t, err)
	h.clock.Advance(time.Hour)
	node.Refund(h.ctx, receipt)
	for range 2 {
		_, err = node.Pay(h.ctx, mail("ada@example.com"))
		require.NoError(t, err)
	}
	_, err = node.Pay(h.ctx, mail("ada@example.com"))
	require.ErrorIs(t, err, budget.ErrSpent)
}

// In a unit of work that is undone nothing is paid, and no block comes from it.
func TestAnUndoneUnitReservesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		narrow := func(c *budget.Config) { c.Tenant = budget.Allowance{Count: 20, Window: time.Hour} }
		node := h.node(t, narrow)
		for range 3 {
			require.ErrorIs(t, h.db.Run(h.ctx, func(ctx context.Context) error {
				for i := range 20 {
					_, err := node.Pay(ctx, mail(fmt.Sprintf("%d@example.com", i)))
					require.NoError(t, err)
				}
				_, err := node.Pay(ctx, mail("ada@example.com"))
				require.ErrorIs(t, err, budget.ErrSpent)
				return err
			}), budget.ErrSpent)
		}
		require.NoError(t, h.db.Run(h.ctx, func(ctx context.Context) error {
			_, err := node.Pay(ctx, mail("ada@example.com"))
			return err
		}))
		paid := 0
		for _, err := node.Pay(h.ctx, mail("ada@example.com")); err == nil; _, err = node.Pay(h.ctx, mail("ada@example.com")) {
			paid++
		}
		require.Equal(t, 19, paid)
	})
}

// The queue tells each node what the others have sent to an address.
func TestPromise_MessagesAreBudgeted_PerReaderOverAllNodes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		narrow := func(c *budget.Config) { c.Recipient = rate.Limit{Rate: 2, Period: time.Hour, Burst: 2} }
		one, other := h.node(t, narrow), h.node(t, narrow)
		for range 2 {
			_, err := one.Pay(h.ctx, mail("ada@example.com"))
			require.NoError(t, err)
			h.queued(t, mail("ada@example.com"))
		}
		for range 5 {
			_, err := other.Pay(h.ctx, mail("ada@example.com"))
			require.ErrorIs(t, err, budget.ErrSpent)
			require.Equal(t, 30*time.Minute, fault.As(err).RetryAfter)
		}
		h.clock.Advance(30*time.Minute - time.Microsecond)
		_, err := other.Pay(h.ctx, mail("ada@example.com"))
		require.ErrorIs(t, err, budget.ErrSpent)
		h.clock.Advance(time.Microsecond)
		_, err = other.Pay(h.ctx, mail("ada@example.com"))
		require.NoError(t, err, "what was refused has cost nothing")
	})
}

// Countries are a matter of the number alone.
func TestPromise_MessagesAreBudgeted_ByCountry(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	node := h.node(t, func(c *budget.Config) { c.Countries = []string{"GB", "CA"} })
	for to, want := range map[string]error{
		british(1): nil, "+16135550123": nil, "+12125550123": budget.ErrCountry, "+33612009001": budget.ErrCountry, "+80012345678": budget.ErrCountry,
	} {
		_, err := node.Pay(h.ctx, text(to))
		require.ErrorIs(t, err, want, to)
	}
	_, err := node.Pay(h.ctx, mail("ada@example.com"))
	require.NoError(t, err, "a mailbox is in no country")
	require.Empty(t, h.told(t))
}

// queued has the queue know that an address was written to.
func (h *house) queued(t *testing.T, bill budget.Bill) {
	t.Helper()
	now := h.clock.Now()
	made := message.Message{
		Kind: message.Test, Channel: message.Channel(bill.Channel), Address: bill.Address, Status: message.Queued,
		CreatedAt: now, DueAt: now, OutdatedAt: now.Add(time.Hour), ExpiresAt: now.Add(time.Hour),
	}
	named(&made.ID, now)
	require.NoError(t, storage.NewMessages(h.db).InsertMessage(h.ctx, made))
}

func named[K id.Kind](which *id.Of[K], now time.Time) { *which = id.New[K](now) }

// Promise: whoever has messages sent to many made-up numbers of a range is stopped, on all
// nodes, and operators are told.
func TestPromise_MessagesAreBudgeted_ManyNewNumbersStopARange(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		few := func(c *budget.Config) { c.NewNumbers = budget.Allowance{Count: 4, Window: 10 * time.Minute} }
		nodes := []*budget.Service{h.node(t, few), h.node(t, few)}
		h.queued(t, text(british(0)))
		for i := range 4 {
			for _, to := range []string{british(0), british(i)} { // one that is known does not count
				_, err := nodes[i%2].Pay(h.ctx, text(to))
				require.NoError(t, err)
			}
			h.queued(t, text(british(i)))
		}
		require.Empty(t, h.told(t), "three are new")
		_, err := nodes[0].Pay(h.ctx, text(british(4)))
		require.NoError(t, err, "the last that may be")
		require.Equal(t, []string{`message.range_stopped {"prefix":"447700","country":"GB","numbers":4,"until":"2026-03-01T18:00:00Z"}`}, h.told(t))
		for _, node := range nodes {
			for _, to := range []string{british(0), british(1), british(5)} {
				_, err := node.Pay(h.ctx, text(to))
				require.ErrorIs(t, err, budget.ErrSpent, "whether it is known is not told")
				require.Equal(t, 6*time.Hour, fault.As(err).RetryAfter)
			}
			_, err = node.Pay(h.ctx, text("+447911123456"))
			require.NoError(t, err)
		}
		_, err = nodes[0].Pay(h.another(t), text(british(5)))
		require.NoError(t, err)
		h.clock.Advance(6 * time.Hour)
		_, err = nodes[1].Pay(h.ctx, text(british(5)))
		require.NoError(t, err)
		require.NoError(t, nodes[1].DeleteEnded(h.ctx))
	})
}

// Whether a number was written to before takes as many questions to find out as that it was not.
func TestPromise_NoEnumeration_KnownAndNewNumbersCostTheSame(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		node := h.node(t, func(c *budget.Config) { c.NewNumbers = budget.Allowance{Count: 50, Window: time.Hour} })
		h.queued(t, text(british(0)))
		asked := func(to string) int64 {
			before := h.store.asked.Load()
			_, err := node.Pay(h.ctx, text(to))
			require.NoError(t, err)
			return h.store.asked.Load() - before
		}
		asked(british(1)) // the budgets that both pay from have a block now
		for i := range 5 {
			require.EqualValues(t, 1, asked(british(0)))
			require.EqualValues(t, 1, asked(british(10+i)))
		}
	})
}

func TestAStoppedRangeIsLifted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		few := func(c *budget.Config) { c.NewNumbers = budget.Allowance{Count: 2, Window: 10 * time.Minute} }
		node, other := h.node(t, few), h.node(t, few)
		for _, to := range []string{british(1), british(2), "+33612009001", "+33612009002"} {
			_, err := node.Pay(h.ctx, text(to))
			require.NoError(t, err)
		}
		page, err := other.Ranges(h.ctx, "", 1)
		require.NoError(t, err)
		require.Equal(t, budget.Page{Items: []budget.Range{{
			Prefix: "336120", Country: "FR", Numbers: 2, StoppedAt: storetest.Start(), EndsAt: storetest.Start().Add(6 * time.Hour),
		}}, Next: "336120"}, page)
		page, err = other.Ranges(h.ctx, page.Next, 1)
		require.NoError(t, err)
		require.Equal(t, "447700", page.Items[0].Prefix)
		require.Empty(t, page.Next)
		require.NoError(t, other.Lift(h.ctx, "447700"))
		require.ErrorIs(t, other.Lift(h.ctx, "447700"), budget.ErrRangeUnknown)
		require.ErrorIs(t, other.Lift(h.another(t), "336120"), budget.ErrRangeUnknown)
		_, err = node.Pay(h.ctx, text(british(3)))
		require.NoError(t, err)
		require.Len(t, slices.DeleteFunc(h.told(t), func(one string) bool { return one[:13] == "tenant.create" }), 3, "the next new number is the first")
		_, err = node.Pay(h.ctx, text(british(4)))
		require.NoError(t, err)
		_, err = other.Pay(h.ctx, text(british(4)))
		require.ErrorIs(t, err, budget.ErrSpent)
	})
}

// Of a source that stays within its own bound no budget that others share suffers much.
func TestPromise_LockoutIsNoWeapon_ASourceIsBoundBeforeWhatOthersShare(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	node := h.node(t, func(c *budget.Config) {
		c.Source = rate.Limit{Rate: 3, Period: time.Hour, Burst: 3}
		c.Tenant = budget.Allowance{Count: 4, Window: time.Hour}
	})
	from := reqctx.WithClient(h.ctx, reqctx.Client{Address: netip.MustParseAddr("2001:db8::7")})
	for i := range 20 {
		_, err := node.Pay(from, mail(fmt.Sprintf("%d@example.com", i)))
		require.Equal(t, i < 3, err == nil)
	}
	_, err := node.Pay(h.ctx, mail("ada@example.com"))
	require.NoError(t, err)
	_, err = node.Pay(h.ctx, mail("ada@example.com"))
	require.ErrorIs(t, err, budget.ErrSpent)
}
