package password

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// maxTenants bounds how many tenants' proportions are remembered.
const maxTenants = 1024

// proportions are a tenant's schemes with running totals, in a fixed order, so
// that one number always picks the same scheme.
type proportions struct {
	names  []string
	totals []uint64
	until  time.Time
}

func newProportions(counts map[string]int64, until time.Time) proportions {
	p := proportions{names: nil, totals: nil, until: until}
	total := uint64(0)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if counts[name] <= 0 {
			continue
		}
		total += uint64(counts[name])
		p.names, p.totals = append(p.names, name), append(p.totals, total)
	}
	return p
}

// pick is the scheme on which a number falls; empty when there are none.
func (p proportions) pick(number uint64) string {
	if len(p.names) == 0 {
		return ""
	}
	number %= p.totals[len(p.totals)-1]
	at, exact := slices.BinarySearch(p.totals, number)
	if exact {
		at++
	}
	return p.names[at]
}

// schemes remembers the proportions per tenant for a while.
type schemes struct {
	keepFor time.Duration

	mu      sync.Mutex
	tenants map[id.Tenant]proportions
}

func newSchemes(keepFor time.Duration) *schemes {
	return &schemes{keepFor: keepFor, mu: sync.Mutex{}, tenants: map[id.Tenant]proportions{}}
}

func (c *schemes) get(tenant id.Tenant, now time.Time) (proportions, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, ok := c.tenants[tenant]
	return known, ok && now.Before(known.until)
}

func (c *schemes) put(tenant id.Tenant, fresh proportions) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.tenants) >= maxTenants {
		clear(c.tenants)
	}
	c.tenants[tenant] = fresh
}

// schemeFor picks what verifying the subject's password would cost if there were
// one: always the same for the same subject, and over all subjects as often as
// the tenant's users have it.
func (s *Service) schemeFor(ctx context.Context, subject []byte) (string, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return "", err
	}
	now := s.deps.Clock.Now()
	known, ok := s.schemes.get(tenant, now)
	if !ok {
		counts, err := s.deps.Store.PasswordSchemes(ctx)
		if err != nil {
			return "", fmt.Errorf("count password schemes: %w", err)
		}
		known = newProportions(counts, now.Add(s.schemes.keepFor))
		s.schemes.put(tenant, known)
	}
	sum, err := s.deps.MAC(ctx, []byte("password.absent"), subject)
	if err != nil {
		return "", fmt.Errorf("mac of an absent identifier: %w", err)
	}
	return known.pick(binary.BigEndian.Uint64(sum[:8])), nil
}
