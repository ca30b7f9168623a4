package message

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Budgets bound what is sent before it is queued, since a message costs money, and its
// reader's patience.
type Budgets struct {
	// Recipient is of one address.
	Recipient rate.Limit
	// Source is of whoever has messages sent, by their address (IPv6: one /64).
	Source rate.Limit
	// Tenant is of one tenant in all.
	Tenant rate.Limit
}

// DefaultBudgets lets a person ask again and a machine starve.
func DefaultBudgets() Budgets {
	return Budgets{
		Recipient: rate.Limit{Rate: 10, Period: time.Hour, Burst: 10},
		Source:    rate.Limit{Rate: 60, Period: time.Hour, Burst: 60},
		Tenant:    rate.Limit{Rate: 100, Period: time.Second, Burst: 6000},
	}
}

// Validate names the budget that cannot be used.
func (b Budgets) Validate() error {
	var problems []error
	for _, one := range []struct {
		path  string
		limit rate.Limit
	}{{"message.recipient", b.Recipient}, {"message.source", b.Source}, {"message.tenant", b.Tenant}} {
		if err := one.limit.Validate(); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", one.path, err))
		}
	}
	return errors.Join(problems...)
}

// charge is a message that was paid for.
type charge struct {
	key   string
	limit rate.Limit
}

// pay charges every budget for a message, or none; ErrBudget. The narrowest comes first, so
// that whoever floods one address spends nobody else's.
func (s *Service) pay(ctx context.Context, channel Channel, address [32]byte) (paid []charge, err error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	scope := "message|" + tenant.String() + "|" + string(channel) + "|"
	due := []charge{{scope + "to|" + hex.EncodeToString(address[:]), s.config.Budgets.Recipient}}
	if source := reqctx.ClientOf(ctx).Address; source.IsValid() { // what a worker has sent comes from nowhere
		due = append(due, charge{scope + "from|" + rate.Source(source), s.config.Budgets.Source})
	}
	due = append(due, charge{scope + "all", s.config.Budgets.Tenant})
	for _, one := range due {
		decision, err := s.deps.Limiter.Take(ctx, one.key, one.limit, 1)
		if err == nil && !decision.Allowed {
			err = ErrBudget.After(decision.RetryAfter)
		}
		if err != nil {
			s.refund(ctx, paid)
			return nil, err
		}
		paid = append(paid, one)
	}
	return paid, nil
}

// refund gives back what a message cost that is not sent after all.
func (s *Service) refund(ctx context.Context, paid []charge) {
	for _, one := range paid {
		// Not giving back errs on the side of sending less; the next Take tells.
		_ = s.deps.Limiter.Refund(ctx, one.key, one.limit, 1)
	}
}
