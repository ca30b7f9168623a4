package budget

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// due is what a message owes to one budget.
type due struct {
	key    Key
	most   int64
	window time.Duration
	cost   int64
	block  int64 // what a node reserves at most
}

// entry is a due that was paid.
type entry struct {
	due

	start time.Time // of the window
	last  bool      // nothing is left for anybody
	kept  bool      // it came from a block of this node, and can go back there
}

// account is what this node has of a budget.
type account struct {
	start, end time.Time // of the window
	left       int64
	dry        bool // there is nothing beyond it
	usedAt     time.Time
	asking     chan struct{} // one at a time asks for more
}

type name struct {
	tenant id.Tenant
	key    Key
}

// ledger keeps the blocks of a node.
type ledger struct {
	store Store
	now   func() time.Time

	mu       sync.Mutex
	accounts map[name]*account
}

// take pays all dues, or none; ErrSpent.
func (l *ledger) take(ctx context.Context, tenant id.Tenant, dues []due) ([]entry, error) {
	slices.SortFunc(dues, func(a, b due) int { return bytes.Compare(a.key[:], b.key[:]) })
	for {
		now := l.now()
		paid, lacking := l.spend(tenant, dues, now, tx.Active(ctx))
		switch {
		case len(lacking) == 0:
			return paid, nil
		case tx.Active(ctx):
			within, err := l.within(ctx, lacking, now)
			if err != nil {
				l.back(tenant, paid)
				return nil, err
			}
			return append(paid, within...), nil
		}
		if err := l.fill(ctx, tenant, lacking, now); err != nil {
			return nil, err
		}
	}
}

// spend pays from the blocks what can be paid (some: although others cannot) and tells which
// dues lack.
func (l *ledger) spend(tenant id.Tenant, dues []due, now time.Time, some bool) (paid []entry, lacking []due) {
	l.mu.Lock()
	defer l.mu.Unlock()
	enough := make([]due, 0, len(dues))
	for _, one := range dues {
		if l.account(tenant, one, now).left >= one.cost {
			enough = append(enough, one)
		} else {
			lacking = append(lacking, one)
		}
	}
	if len(lacking) > 0 && !some {
		return nil, lacking
	}
	for _, one := range enough {
		held := l.account(tenant, one, now)
		held.left -= one.cost
		paid = append(paid, entry{due: one, start: held.start, last: held.dry && held.left < one.cost, kept: true})
	}
	return paid, lacking
}

// account finds what there is in the window of now; what is left of another one is void.
func (l *ledger) account(tenant id.Tenant, of due, now time.Time) *account {
	key, start := name{tenant, of.key}, now.Truncate(of.window)
	held := l.accounts[key]
	if held == nil {
		held = &account{asking: make(chan struct{}, 1)}
		l.accounts[key] = held
	}
	if !held.start.Equal(start) {
		held.start, held.end, held.left, held.dry = start, start.Add(of.window), 0, false
	}
	held.usedAt = now
	return held
}

// within pays in the caller's unit of work, exactly: a block would be lost, or worse, be
// spent without having been reserved, where the unit is undone.
func (l *ledger) within(ctx context.Context, lacking []due, now time.Time) ([]entry, error) {
	asks := make([]Ask, len(lacking))
	for i, one := range lacking {
		asks[i] = one.ask(now)
		asks[i].Block = one.cost
	}
	grants, err := l.store.Reserve(ctx, asks)
	if err != nil {
		return nil, err
	}
	paid := make([]entry, len(lacking))
	for i, grant := range grants {
		if grant.Got == 0 {
			return nil, ErrSpent.After(asks[i].End.Sub(now))
		}
		paid[i] = entry{due: lacking[i], start: asks[i].Start, last: grant.Left < lacking[i].cost, kept: false}
	}
	return paid, nil
}

// fill reserves what is lacking; ErrSpent.
func (l *ledger) fill(ctx context.Context, tenant id.Tenant, lacking []due, now time.Time) error {
	leave, err := l.enter(ctx, tenant, lacking, now)
	if err != nil {
		return err
	}
	defer leave()
	lacking = l.lacking(tenant, lacking, now) // others may have asked meanwhile
	if len(lacking) == 0 {
		return nil
	}
	asks := make([]Ask, len(lacking))
	for i, one := range lacking {
		asks[i] = one.ask(now)
	}
	grants, err := l.store.Reserve(ctx, asks)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, grant := range grants {
		held := l.account(tenant, lacking[i], now)
		if held.dry = grant.Left < lacking[i].cost; grant.Got == 0 {
			err = ErrSpent.After(held.end.Sub(now))
		}
		held.left += grant.Got
	}
	return err
}

// enter waits until nobody else of this node asks for the same. The dues are in order, so
// that two that wait for each other's budgets do not stand still.
func (l *ledger) enter(ctx context.Context, tenant id.Tenant, dues []due, now time.Time) (leave func(), err error) {
	var entered []chan struct{}
	leave = func() {
		for _, one := range entered {
			<-one
		}
	}
	for _, one := range dues {
		asking := l.asking(tenant, one, now)
		select {
		case asking <- struct{}{}:
			entered = append(entered, asking)
		case <-ctx.Done():
			leave()
			return nil, ctx.Err()
		}
	}
	return leave, nil
}

func (l *ledger) asking(tenant id.Tenant, of due, now time.Time) chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.account(tenant, of, now).asking
}

func (l *ledger) lacking(tenant id.Tenant, dues []due, now time.Time) (found []due) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range dues {
		if l.account(tenant, one, now).left < one.cost {
			found = append(found, one)
		}
	}
	return found
}

func (d due) ask(now time.Time) Ask {
	start := now.Truncate(d.window)
	return Ask{Key: d.key, Start: start, End: start.Add(d.window), Most: d.most, Least: d.cost, Block: max(d.block, d.cost)}
}

// back returns what was paid to the blocks it came from, in the windows that are still open.
func (l *ledger) back(tenant id.Tenant, paid []entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range paid {
		held := l.accounts[name{tenant, one.key}]
		if one.kept && held != nil && held.start.Equal(one.start) {
			held.left += one.cost
		}
	}
}

// unspent takes away what has not been used for a while, by tenant.
func (l *ledger) unspent(now time.Time, idle time.Duration) map[id.Tenant][]Unspent {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := map[id.Tenant][]Unspent{}
	for key, held := range l.accounts {
		over := !now.Before(held.end)
		if !over && now.Sub(held.usedAt) < idle {
			continue
		}
		if !over && held.left > 0 {
			found[key.tenant] = append(found[key.tenant], Unspent{Key: key.key, Start: held.start, Amount: held.left})
		}
		delete(l.accounts, key)
	}
	return found
}
