package password

import (
	"fmt"
	"time"
)

// Config is the policy.
type Config struct {
	// MinLength is in characters after normalisation. Where a password is the only
	// factor anybody can have, 15 is recommended. Spec: NIST SP 800-63B-4 §3.1.1.2.
	MinLength int
	// MaxLength is in characters after normalisation.
	MaxLength int
	// MinScore is the least strength: 0 (anything) to 4 (very strong).
	MinScore int
	// BreachedFailClosed refuses new passwords while the breached list cannot be
	// asked. By default they are accepted and a warning is logged, so that a foreign
	// service's outage stops nobody from registering.
	BreachedFailClosed bool
	// BreachedAtLogin asks the list at each login too, so that a password that has
	// leaked since is noticed. With the range service a login waits for its answer.
	BreachedAtLogin bool
	// SchemesFor is how long the tenant's proportions of hash schemes are remembered.
	SchemesFor time.Duration
}

// DefaultConfig is the policy of a deployment that offers other factors too.
func DefaultConfig() Config {
	return Config{MinLength: 8, MaxLength: 128, MinScore: 2, BreachedFailClosed: false, BreachedAtLogin: true, SchemesFor: 10 * time.Minute}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch {
	case c.MinLength < 8 || c.MinLength > 64:
		return fmt.Errorf("password.min_length: must be 8 to 64, not %d", c.MinLength)
	case c.MaxLength < 64 || c.MaxLength > 512:
		return fmt.Errorf("password.max_length: must be 64 to 512, not %d", c.MaxLength)
	case c.MinScore < 0 || c.MinScore > 4:
		return fmt.Errorf("password.min_score: must be 0 to 4, not %d", c.MinScore)
	case c.SchemesFor <= 0:
		return fmt.Errorf("password.schemes_for: must be positive, not %s", c.SchemesFor)
	}
	return nil
}

// For is the policy with a tenant's own least length; 0 for none.
func (c Config) For(minLength int) Config {
	if minLength > 0 {
		c.MinLength = minLength
	}
	return c
}
