package budget

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// keyPurpose is what the fingerprints of budgets are made for.
const keyPurpose = "message.budget"

const (
	// block is how many messages a node reserves at once at most.
	block = 100
	// recentMost is how many messages to an address are looked at in the queue at most.
	recentMost = 100

	sweepEvery  = 10 * time.Second
	idleFor     = time.Minute
	deleteEvery = 10 * time.Minute
	deleteBatch = 500
	// leaveIn is how long giving back may take where a node stops.
	leaveIn = 3 * time.Second
)

// Boxes gives the box of the tenant in scope.
type Boxes interface {
	// Box is the tenant's own; whatever is wrong with it is no fault.
	Box(ctx context.Context) (*seal.Box, error)
}

// Deps are what a Service needs.
type Deps struct {
	Store   Store
	Tenants Boxes
	Limiter rate.Limiter
	Tx      tx.Runner
	Events  event.Recorder
	Clock   clock.Clock
	Logger  *slog.Logger
}

// Service has messages paid for.
type Service struct {
	deps   Deps
	config Config
	ledger *ledger
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Tenants == nil || deps.Limiter == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Logger == nil {
		return nil, errDeps
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return &Service{
		deps: deps, config: config,
		ledger: &ledger{store: deps.Store, now: deps.Clock.Now, mu: sync.Mutex{}, accounts: map[name]*account{}},
	}, nil
}

// Bill is a message to pay for.
type Bill struct {
	Channel     string
	Phone       bool     // the address is a phone number
	To          string   // the address: a number as E.164, a mailbox with its domain
	Address     [32]byte // the fingerprint that the queue knows it by
	Application string   // which has it sent; empty: none
}

// Receipt is what was paid.
type Receipt struct {
	tenant  id.Tenant
	limits  []charge
	entries []entry
}

// charge is what a limiter was told.
type charge struct {
	key   string
	limit rate.Limit
}

// Pay charges every budget for a message, or none; ErrSpent, ErrCountry. The narrowest comes
// first, so that whoever floods one address spends nobody else's.
func (s *Service) Pay(ctx context.Context, bill Bill) (Receipt, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return Receipt{}, err
	}
	at := placeOf(bill)
	if bill.Phone {
		if err := s.reachable(ctx, at); err != nil {
			return Receipt{}, err
		}
	}
	receipt := Receipt{tenant: tenant, limits: nil, entries: nil}
	if receipt.limits, err = s.limit(ctx, tenant, bill); err != nil {
		return Receipt{}, err
	}
	if err = s.share(ctx, bill, at, &receipt); err != nil {
		s.Refund(ctx, receipt)
		return Receipt{}, err
	}
	return receipt, nil
}

// Refund gives back what a message cost that is not sent after all.
func (s *Service) Refund(ctx context.Context, receipt Receipt) {
	for _, one := range receipt.limits {
		// Not giving back errs on the side of sending less; the next Take tells.
		_ = s.deps.Limiter.Refund(ctx, one.key, one.limit, 1)
	}
	s.ledger.back(receipt.tenant, receipt.entries)
}

// reachable tells whether anything goes to a number at all.
func (s *Service) reachable(ctx context.Context, at place) error {
	if !s.config.allowed(at.country) {
		return ErrCountry
	}
	now := s.deps.Clock.Now()
	switch stopped, err := s.deps.Store.RangeByPrefix(ctx, at.prefix, now); {
	case err == nil:
		return ErrSpent.After(stopped.EndsAt.Sub(now))
	case !errors.Is(err, ErrRangeUnknown):
		return fmt.Errorf("find stopped range: %w", err)
	}
	return nil
}

// limit charges what this node counts by itself.
func (s *Service) limit(ctx context.Context, tenant id.Tenant, bill Bill) (paid []charge, err error) {
	scope := "message|" + tenant.String() + "|" + bill.Channel + "|"
	due := []charge{{scope + "to|" + hex.EncodeToString(bill.Address[:]), s.config.Recipient}}
	if source := reqctx.ClientOf(ctx).Address; source.IsValid() { // what a worker has sent comes from nowhere
		due = append(due, charge{scope + "from|" + rate.Source(source), s.config.Source})
	}
	for _, one := range due {
		decision, err := s.deps.Limiter.Take(ctx, one.key, one.limit, 1)
		if err == nil && !decision.Allowed {
			err = ErrSpent.After(decision.RetryAfter)
		}
		if err != nil {
			s.Refund(ctx, Receipt{tenant: tenant, limits: paid, entries: nil})
			return nil, err
		}
		paid = append(paid, one)
	}
	return paid, nil
}

// share charges what the nodes count together.
func (s *Service) share(ctx context.Context, bill Bill, at place, receipt *Receipt) error {
	now := s.deps.Clock.Now()
	written, err := s.deps.Store.WrittenAt(ctx, bill.Address, min(s.config.Recipient.Burst, recentMost))
	if err != nil {
		return fmt.Errorf("find messages to the same address: %w", err)
	}
	if wait := overrun(written, s.config.Recipient, now); wait > 0 {
		return ErrSpent.After(wait)
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	dues, counted := s.dues(box, bill, at), Key{}
	if bill.Phone && s.config.NewNumbers.Count > 0 {
		one := s.newcomer(box, at)
		if len(written) > 0 {
			one = s.acquaintance(box, at)
		}
		dues, counted = append(dues, one), one.key
	}
	if receipt.entries, err = s.ledger.take(ctx, receipt.tenant, dues); err != nil {
		return err
	}
	for _, one := range receipt.entries {
		if one.last && one.key == counted {
			return s.stop(ctx, at)
		}
	}
	return nil
}

// dues are what a message owes to the budgets that the nodes share.
func (s *Service) dues(box *seal.Box, bill Bill, at place) []due {
	of := func(what, which string, within Allowance) due {
		return due{key: keyOf(box, bill.Channel, what, which), most: int64(within.Count), window: within.Window, cost: 1, block: block}
	}
	dues := []due{of("tenant", "", s.config.Tenant)}
	if bill.Application != "" {
		dues = append(dues, of("application", bill.Application, s.config.Application))
	}
	if !bill.Phone {
		return append(dues, of("domain", at.domain, s.config.Domain))
	}
	dues = append(dues, of("range", at.prefix, s.config.Range), of("country", at.country, s.config.Country))
	if price := s.config.price(at.country); price > 0 && s.config.MoneyPerDay > 0 {
		dues = append(dues, due{key: keyOf(box, "", "money", ""), most: int64(s.config.MoneyPerDay), window: day, cost: price, block: block * price})
	}
	return dues
}

// newcomer is what a number owes that was not written to before. It is counted one by one:
// how many there are is what is asked.
func (s *Service) newcomer(box *seal.Box, at place) due {
	return due{key: keyOf(box, "", "new", at.prefix), most: int64(s.config.NewNumbers.Count), window: s.config.NewNumbers.Window, cost: 1, block: 1}
}

// acquaintance is what a number owes that was written to before: as much work as a new one,
// so that the time does not tell the two apart, and a budget that is never spent.
func (s *Service) acquaintance(box *seal.Box, at place) due {
	one := s.newcomer(box, at)
	one.key, one.most = keyOf(box, "", "known", at.prefix), math.MaxInt32
	return one
}

func keyOf(box *seal.Box, channel, what, which string) Key {
	return box.MAC(keyPurpose, []byte(channel+"|"+what+"|"+which))
}

// overrun is how long to wait until an address may be written to again that was written to at
// these times, the newest first, where another node may have done so.
func overrun(written []time.Time, limit rate.Limit, now time.Time) time.Duration {
	interval, full := limit.Window()/time.Duration(limit.Burst), now.Add(-limit.Window())
	for _, at := range slices.Backward(written) {
		if full.Before(at) {
			full = at
		}
		full = full.Add(interval)
	}
	if full.Before(now) {
		full = now
	}
	return max(0, full.Add(interval-limit.Window()).Sub(now))
}

// Run gives back what is not used and removes what has ended, until ctx ends. Then this node
// gives everything back.
func (s *Service) Run(ctx context.Context) {
	sweep, remove := time.NewTicker(sweepEvery), time.NewTicker(deleteEvery)
	defer sweep.Stop()
	defer remove.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-sweep.C:
			s.GiveBack(ctx, idleFor)
		case <-remove.C:
			if err := s.DeleteEnded(ctx); err != nil && ctx.Err() == nil {
				s.deps.Logger.WarnContext(ctx, "budget: will try again", "error", err)
			}
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveIn)
	defer cancel()
	s.GiveBack(last, 0)
}

// GiveBack returns the blocks that this node has not used for a while.
func (s *Service) GiveBack(ctx context.Context, idle time.Duration) {
	for tenant, unspent := range s.ledger.unspent(s.deps.Clock.Now(), idle) {
		if err := s.deps.Store.GiveBack(reqctx.WithTenant(ctx, tenant), unspent); err != nil { // it comes back with the window
			s.deps.Logger.WarnContext(ctx, "budget: not given back", "error", err)
		}
	}
}

// DeleteEnded removes what counts no more.
func (s *Service) DeleteEnded(ctx context.Context) error {
	for {
		count, err := s.deps.Store.DeleteEnded(reqctx.WithEveryTenant(ctx), s.deps.Clock.Now(), deleteBatch)
		if err != nil || count < deleteBatch {
			return err
		}
	}
}
