package risk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Deps are what Guesses needs.
type Deps struct {
	Limiter rate.Limiter
	Clock   clock.Clock
}

// Config sets how many answers are taken.
type Config struct {
	// Submissions counts every answer from one address, right or wrong: each may cost
	// a slow hash and a stored row.
	Submissions rate.Limit
	// Source counts over all accounts from one address (IPv6: one /64).
	Source rate.Limit
	// AccountFromSource counts for one account from one address.
	AccountFromSource rate.Limit
	// Account counts for one account from everywhere. It is wide, so that strangers
	// cannot lock anybody out, and still bounds a guess spread over many addresses.
	Account rate.Limit
	// Guests counts the guests that are made from one address: each is a user, and nobody
	// has to show anything to become one.
	Guests rate.Limit
	// KnownFor is how long an address that gave a right answer for an account is
	// exempt from what strangers have spent of Account.
	KnownFor time.Duration
	// KnownSize bounds how many such pairs are remembered.
	KnownSize int
}

// DefaultConfig lets a person mistype and a machine starve.
// Spec: NIST SP 800-63B-4 §3.2.2.
func DefaultConfig() Config {
	return Config{
		Submissions:       rate.Limit{Rate: 5, Period: time.Second, Burst: 60},
		Source:            rate.Limit{Rate: 1, Period: 2 * time.Second, Burst: 60},
		AccountFromSource: rate.Limit{Rate: 1, Period: 30 * time.Second, Burst: 6},
		Account:           rate.Limit{Rate: 1, Period: 10 * time.Second, Burst: 100},
		Guests:            rate.Limit{Rate: 30, Period: time.Hour, Burst: 30},
		KnownFor:          30 * 24 * time.Hour,
		KnownSize:         1 << 17,
	}
}

// Validate names the limit that cannot be used.
func (c Config) Validate() error {
	if c.KnownFor <= 0 || c.KnownSize < 1 {
		return errors.New("risk: what is known needs a time and a bound")
	}
	return errors.Join(
		named("risk.submissions", c.Submissions.Validate()),
		named("risk.source", c.Source.Validate()),
		named("risk.account_from_source", c.AccountFromSource.Validate()),
		named("risk.account", c.Account.Validate()),
		named("risk.guests", c.Guests.Validate()),
	)
}

func named(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Guesses counts wrong answers.
type Guesses struct {
	deps   Deps
	config Config
	known  *known
}

// New makes a Guesses.
func New(deps Deps, config Config) (*Guesses, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	known, err := newKnown(deps.Clock, config)
	if err != nil {
		return nil, err
	}
	return &Guesses{deps: deps, config: config, known: known}, nil
}

type charge struct {
	key   string
	limit rate.Limit
}

// Attempt is one answer that is being checked. It has been counted as a wrong one;
// Ended gives that back when it turns out not to be.
type Attempt struct {
	guesses *Guesses
	charges []charge
	pair    string
}

// Submission counts one answer from the address in ctx, whatever it will turn out
// to be; ErrTooMany when there have been too many.
func (g *Guesses) Submission(ctx context.Context) error {
	return g.count(ctx, "submit|", g.config.Submissions)
}

// Guest counts one guest that the address in ctx wants to be; ErrTooMany when it has been
// too many.
func (g *Guesses) Guest(ctx context.Context) error {
	return g.count(ctx, "guest|", g.config.Guests)
}

func (g *Guesses) count(ctx context.Context, what string, limit rate.Limit) error {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return err
	}
	key := what + tenant.String() + "|" + rate.Source(reqctx.ClientOf(ctx).Address)
	decision, err := g.deps.Limiter.Take(ctx, key, limit, 1)
	if err != nil {
		return fmt.Errorf("count %s: %w", what, err)
	}
	if !decision.Allowed {
		return ErrTooMany.After(decision.RetryAfter)
	}
	return nil
}

// Begin counts an attempt on an account before it is checked, so that parallel
// guesses cannot slip through; ErrTooMany when there have been too many. The
// account is any name that stands for it; an unknown one counts like a known one.
// Strangers spend the account's own limit, and not that of an address from which
// the right answer has come before: a lockout must not be a weapon.
func (g *Guesses) Begin(ctx context.Context, account string) (*Attempt, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	source := rate.Source(reqctx.ClientOf(ctx).Address)
	scope := "guess|" + tenant.String() + "|"
	pair := scope + "pair|" + source + "|" + account
	attempt := &Attempt{guesses: g, charges: nil, pair: pair}
	due := []charge{ // the source first: a flood of accounts from one address stops at its own limit
		{key: scope + "source|" + source, limit: g.config.Source},
		{key: pair, limit: g.config.AccountFromSource},
	}
	if !g.known.has(pair) {
		due = append(due, charge{key: scope + "account|" + account, limit: g.config.Account})
	}
	for _, c := range due {
		decision, err := g.deps.Limiter.Take(ctx, c.key, c.limit, 1)
		if err != nil {
			attempt.refund(ctx)
			return nil, fmt.Errorf("count guesses: %w", err)
		}
		if !decision.Allowed {
			attempt.refund(ctx)
			return nil, ErrTooMany.After(decision.RetryAfter)
		}
		attempt.charges = append(attempt.charges, c)
	}
	return attempt, nil
}

// Ended passes the result on. A wrong answer (a fault of kind Invalid) stays
// counted; a right one, and one that was not checked, is given back.
func (a *Attempt) Ended(ctx context.Context, result error) error {
	if f := fault.As(result); f == nil || f.Kind != fault.Invalid {
		a.refund(ctx)
	}
	if result == nil {
		a.guesses.known.add(a.pair)
	}
	return result
}

func (a *Attempt) refund(ctx context.Context) {
	for _, c := range a.charges {
		// Not giving back errs on the side of slowing down; the next Take tells.
		_ = a.guesses.deps.Limiter.Refund(ctx, c.key, c.limit, 1)
	}
	a.charges = nil
}
