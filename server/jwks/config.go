package jwks

import (
	"fmt"
	"time"
)

const (
	// MaxLifetime is the longest that a token signed here may live.
	MaxLifetime = time.Hour
	// MaxAge is how long a verifier may keep its copy of the document.
	MaxAge = 5 * time.Minute
	// drift is how far the clocks of nodes and verifiers may differ.
	drift = 5 * time.Minute
)

// Config sets the pace of rotation.
type Config struct {
	// RotateEvery is how long one key signs; 0 leaves rotation to the operator.
	RotateEvery time.Duration
	// PublishAhead is how long before its use a successor is published.
	PublishAhead time.Duration
	// Overlap is how long a key stays published after it has signed for the last time.
	Overlap time.Duration
	// CacheFor is how long a node may go on with the keys that it has read.
	CacheFor time.Duration
	// CacheSize bounds the tenants whose keys are in memory.
	CacheSize int
}

// DefaultConfig rotates four times a year.
func DefaultConfig() Config {
	return Config{
		RotateEvery: 90 * 24 * time.Hour, PublishAhead: time.Hour, Overlap: 2 * time.Hour,
		CacheFor: 3 * time.Second, CacheSize: 1024,
	}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch {
	case c.CacheFor <= 0 || c.CacheFor > c.PublishAhead/10:
		return fmt.Errorf("jwks.cache_for: must be positive and at most a tenth of jwks.publish_ahead, not %s", c.CacheFor)
	case c.PublishAhead < MaxAge+drift:
		return fmt.Errorf("jwks.publish_ahead: must be %s or more, so that verifiers know a key before it signs, not %s", MaxAge+drift, c.PublishAhead)
	case c.Overlap < MaxLifetime+MaxAge+drift:
		return fmt.Errorf("jwks.overlap: must be %s or more, so that no token outlives its key, not %s", MaxLifetime+MaxAge+drift, c.Overlap)
	case c.RotateEvery != 0 && c.RotateEvery < c.PublishAhead+c.Overlap:
		return fmt.Errorf("jwks.rotate_every: must be 0 or no less than jwks.publish_ahead and jwks.overlap together, not %s", c.RotateEvery)
	case c.CacheSize < 1:
		return fmt.Errorf("jwks.cache_size: must be positive, not %d", c.CacheSize)
	}
	return nil
}
