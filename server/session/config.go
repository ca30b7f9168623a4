package session

import (
	"fmt"
	"time"
)

// Limits are how long a session lives.
type Limits struct {
	Idle     time.Duration // since its last use
	Absolute time.Duration // since its start, whatever happens
}

// Config sets limits and paces.
type Config struct {
	Cookie Limits // of sessions whose token is a cookie
	Token  Limits // of sessions whose token an app keeps
	// CacheSize is how many sessions are kept in memory, at about 1 KB each.
	CacheSize int
	// FollowEvery is how often other nodes' ends are looked for.
	FollowEvery time.Duration
	// BypassAfter is how long without a successful look the cache is still believed.
	BypassAfter time.Duration
	// SeenEvery is how often due uses are written.
	SeenEvery time.Duration
	// SeenBuffer is how many sessions' uses are held back at most.
	SeenBuffer int
	// KeepEnded is how long ended and expired sessions stay before they are deleted.
	KeepEnded time.Duration
}

// DefaultConfig is what suits most: a browser for a day of rest and a month in
// all, an app for three months.
func DefaultConfig() Config {
	const day = 24 * time.Hour
	return Config{
		Cookie: Limits{Idle: day, Absolute: 30 * day}, Token: Limits{Idle: 30 * day, Absolute: 90 * day},
		CacheSize: 50_000, FollowEvery: 250 * time.Millisecond, BypassAfter: 750 * time.Millisecond,
		SeenEvery: 10 * time.Second, SeenBuffer: 100_000, KeepEnded: 7 * day,
	}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	for name, limits := range map[string]Limits{"cookie": c.Cookie, "token": c.Token} {
		if limits.Idle < time.Minute || limits.Absolute < limits.Idle {
			return fmt.Errorf("session.%s: idle must be a minute or more and absolute no less than idle", name)
		}
		// A use may be written this late, and must be written before it matters.
		if c.SeenEvery <= 0 || c.SeenEvery > limits.Idle/seenShare {
			return fmt.Errorf("session.seen_every: must be positive and at most a twentieth of session.%s idle", name)
		}
	}
	switch {
	case c.CacheSize < shardCount:
		return fmt.Errorf("session.cache_size: must be %d or more, not %d", shardCount, c.CacheSize)
	case c.FollowEvery <= 0 || c.BypassAfter < 2*c.FollowEvery || c.BypassAfter > time.Second:
		return fmt.Errorf("session.bypass_after: must be at least twice follow_every and at most a second, not %s", c.BypassAfter)
	case c.SeenBuffer < 1:
		return fmt.Errorf("session.seen_buffer: must be positive, not %d", c.SeenBuffer)
	case c.KeepEnded < time.Hour:
		return fmt.Errorf("session.keep_ended: must be an hour or more, not %s", c.KeepEnded)
	}
	return nil
}

func (c Config) limits(transport Transport) (Limits, bool) {
	switch transport {
	case Cookie:
		return c.Cookie, true
	case Bearer:
		return c.Token, true
	}
	return Limits{}, false
}
