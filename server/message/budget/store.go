package budget

import (
	"context"
	"time"
)

// Key is the fingerprint of what a budget is of: no number and no name is stored.
type Key = [32]byte

// Ask is what a node would have of a budget in a window.
type Ask struct {
	Key   Key
	Start time.Time // of the window
	End   time.Time
	Most  int64 // what all nodes may have together
	Least int64 // less is of no use
	Block int64 // no more is needed, and at least Least
}

// Grant is what it was given: nothing where less than Least was left.
type Grant struct {
	Got  int64
	Left int64 // for everybody else
}

// Unspent is what a node has left of a budget in a window.
type Unspent struct {
	Key    Key
	Start  time.Time
	Amount int64
}

// Range is the numbers with the same first digits that nothing is sent to for now.
type Range struct {
	Prefix    string // the country code and what follows, without +
	Country   string
	Numbers   int64 // how many new ones there were
	StoppedAt time.Time
	EndsAt    time.Time
}

// Store keeps what the nodes share.
type Store interface {
	// Reserve takes from each budget an eighth of what is left, at least Least and at most
	// Block. The asks come in the order of their keys.
	Reserve(ctx context.Context, asks []Ask) ([]Grant, error)
	// GiveBack returns what was reserved and not spent, where the window is still known.
	GiveBack(ctx context.Context, unspent []Unspent) error
	// ForgetBudget has a budget begin anew.
	ForgetBudget(ctx context.Context, key Key) error
	// WrittenAt tells when messages to an address were queued that are still known, the
	// newest first, but for those of some kinds.
	WrittenAt(ctx context.Context, address Key, aside []string, limit int) ([]time.Time, error)
	// StopRange writes a stop; false where the range is stopped already at StoppedAt.
	StopRange(ctx context.Context, stopped Range) (bool, error)
	// RangeByPrefix finds the stop of a range at a time; ErrRangeUnknown.
	RangeByPrefix(ctx context.Context, prefix string, now time.Time) (Range, error)
	// Ranges lists the stops at a time by their prefixes, above the one that is given.
	Ranges(ctx context.Context, after string, now time.Time, limit int) ([]Range, error)
	// LiftRange ends a stop; ErrRangeUnknown.
	LiftRange(ctx context.Context, prefix string, now time.Time) error
	// DeleteEnded removes up to limit windows and stops each that ended before a time, over
	// all tenants, and tells how many.
	DeleteEnded(ctx context.Context, before time.Time, limit int) (int, error)
}
