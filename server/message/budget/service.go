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

// Tenants tells what the tenant in scope has of its own; whatever is wrong with it is no fault.
type Tenants interface {
	// Box is the tenant's own.
	Box(ctx context.Context) (*seal.Box, error)
	// TextsTo tells whether it lets text messages go to a country.
	TextsTo(ctx context.Context, country string) (bool, error)
}

// Deps are what a Service needs.
type Deps struct {
	Store   Store
	Tenants Tenants
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
	// Notice is what a message tells of that nobody asked to have sent; those with the same word
	// share a budget. Empty: somebody asked, and it pays for all that strangers can do.
	Notice string
	// Aside are the kinds of the queue's messages that are notices.
	Aside []string
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
		if err := s.reachable(ctx, bill, at); err != nil {
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

// reachable tells whether anything goes to a number at all. A notice goes to a stopped range,
// too: there are as many as users have changed something, and not as strangers like.
func (s *Service) reachable(ctx context.Context, bill Bill, at place) error {
	allowed, err := s.deps.Tenants.TextsTo(ctx, at.country)
	if err != nil {
		return err
	}
	if !allowed || !s.config.allowed(at.country) {
		return ErrCountry
	}
	if bill.Notice != "" {
		return nil
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
	source := reqctx.ClientOf(ctx).Address
	switch {
	case bill.Notice != "": // whoever asks does not want it sent
		due[0] = charge{scope + "notice|" + bill.Notice + "|" + hex.EncodeToString(bill.Address[:]), s.config.Notice}
	case source.IsValid(): // what a worker has sent comes from nowhere
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
	if bill.Notice != "" {
		box, err := s.deps.Tenants.Box(ctx)
		if err != nil {
			return err
		}
		receipt.entries, err = s.ledger.take(ctx, receipt.tenant, s.noticeDues(box, bill, at))
		return err
	}
	now := s.deps.Clock.Now()
	written, err := s.deps.Store.WrittenAt(ctx, bill.Address, bill.Aside, min(s.config.Recipient.Burst, recentMost))
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
	dues := s.tenantDues(box, bill, at)
	if bill.Application != "" {
		dues = append(dues, within(s.config.Application, keyOf(box, bill.Channel, "application", bill.Application)))
	}
	if !bill.Phone {
		return append(dues, within(s.config.Domain, keyOf(box, bill.Channel, "domain", at.domain)))
	}
	return append(dues, within(s.config.Range, keyOf(box, bill.Channel, "range", at.prefix)), within(s.config.Country, keyOf(box, bill.Channel, "country", at.country)))
}

// noticeDues are those of a notice. A stranger who empties the budget of a domain, a range or a
// country keeps nobody's notice back: numbers have as much again for notices alone, so that
// whoever changes the accounts of many numbers of their own comes to an end.
func (s *Service) noticeDues(box *seal.Box, bill Bill, at place) []due {
	dues := s.tenantDues(box, bill, at)
	if !bill.Phone {
		return dues
	}
	return append(dues, within(s.config.Range, keyOf(box, bill.Channel, "notice_range", at.prefix)), within(s.config.Country, keyOf(box, bill.Channel, "notice_country", at.country)))
}

// tenantDues are what any message owes.
func (s *Service) tenantDues(box *seal.Box, bill Bill, at place) []due {
	dues := []due{within(s.config.Tenant, keyOf(box, bill.Channel, "tenant", ""))}
	if !bill.Phone {
		return dues
	}
	if price := s.config.price(at.country); price > 0 && s.config.MoneyPerDay > 0 {
		dues = append(dues, due{key: keyOf(box, "", "money", ""), most: int64(s.config.MoneyPerDay), window: day, cost: price, block: block * price})
	}
	return dues
}

// within is one message of an allowance.
func within(allowed Allowance, key Key) due {
	return due{key: key, most: int64(allowed.Count), window: allowed.Window, cost: 1, block: block}
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
