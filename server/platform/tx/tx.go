package tx

import "context"

// Runner runs units of work; storage implements it for each engine.
type Runner interface {
	// Run opens a unit of work, or joins the one in ctx. Only the outermost
	// commits, and only it runs the body again after a serialization failure, so
	// a body is repeatable, quick and free of I/O other than its stores. The error
	// of the body is returned as it is; on any error nothing was written.
	Run(ctx context.Context, body func(ctx context.Context) error) error
}

type (
	unitKey  struct{}
	wholeKey struct{}
)

// Unit is an open unit of work, seen from the engine that runs it.
type Unit struct{ after []func() }

// Open marks ctx as being inside a unit of work. Engines call it, once per
// attempt, so that a repeated body starts with no hooks.
func Open(ctx context.Context) (context.Context, *Unit) {
	unit := &Unit{}
	return context.WithValue(ctx, unitKey{}, unit), unit
}

// Committed runs the hooks, in the order they were left.
func (u *Unit) Committed() {
	for _, hook := range u.after {
		hook()
	}
}

// Active tells whether ctx is inside a unit of work.
func Active(ctx context.Context) bool { return ctx.Value(unitKey{}) != nil }

// AfterCommit leaves a hook that runs once the writes are durable and never when
// they are rolled back. Outside a unit of work there is nothing to wait for and
// it runs at once. A hook is for memory (caches, wake-ups), not for I/O.
func AfterCommit(ctx context.Context, hook func()) {
	if unit, ok := ctx.Value(unitKey{}).(*Unit); ok {
		unit.after = append(unit.after, hook)
		return
	}
	hook()
}

// Whole marks ctx for a caller whose unit of work stands and falls with whatever joins it. What
// joins has no savepoint of its own, which on a database elsewhere are two round trips, and on
// its error nothing of the unit is kept, whatever the caller makes of it.
func Whole(ctx context.Context) context.Context { return context.WithValue(ctx, wholeKey{}, true) }

// IsWhole tells whether ctx is so marked.
func IsWhole(ctx context.Context) bool { return ctx.Value(wholeKey{}) != nil }
