package storage

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// What a caller is told when it is the database's turn to fail.
var (
	// ErrBusy tells that too many writes wait; none of this one was done.
	ErrBusy = fault.New(fault.Unavailable, "overloaded", "Too much is going on. Try again shortly.")
	// ErrAway tells that the database is gone, full, read-only or out of something. A
	// change that was being committed at that moment may have come true.
	ErrAway = fault.New(fault.Unavailable, "unavailable", "This is not possible at the moment. Try again shortly.")
)

// The mistakes of a program, as opposed to those of a caller.
var (
	// ErrClosed is what a closed DB answers.
	ErrClosed = errors.New("storage: closed")
	// ErrUnitOver is what a unit's context answers once the unit has ended.
	ErrUnitOver = errors.New("storage: the unit of work in this context has ended")
	// ErrForeignUnit refuses a unit within another database's unit: the two could
	// not become true together.
	ErrForeignUnit = errors.New("storage: the context is inside another database's unit of work")
	// ErrUnscoped refuses a statement on a tenant's table that does not name the
	// tenant of its context.
	ErrUnscoped = errors.New("storage: the statement does not name the tenant of its context")
)

// errCommit is the reason that a whole batch was lost with its COMMIT.
var errCommit = errors.New("storage: commit failed")

// errPanicked keeps a unit of work from being committed of which a part did not come to its end.
var errPanicked = errors.New("storage: a part of the unit of work panicked")

// repeatable tells whether the engine asks for the unit to be run again: a
// serialization failure or a deadlock.
func repeatable(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}
