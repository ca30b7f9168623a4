package storage

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// ErrBusy tells a caller that too many writes wait; none of this one was done.
var ErrBusy = fault.New(fault.Unavailable, "overloaded", "Too much is going on. Try again shortly.")

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

// isUnique tells whether err is a violation of the unique index of that name.
func isUnique(err error, index string) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505" && pg.ConstraintName == index
	}
	lite, ok := errors.AsType[*sqlitedriver.Error](err)
	return ok && index != "" && violated(lite) == index
}

// violated is the name of the unique index an SQLite error tells of. SQLite names
// the columns, so the name follows the convention of doc.go; empty means it is
// some other error.
func violated(err *sqlitedriver.Error) string {
	const marker = "UNIQUE constraint failed: "
	primary := err.Code() == sqlitecode.SQLITE_CONSTRAINT_PRIMARYKEY
	if !primary && err.Code() != sqlitecode.SQLITE_CONSTRAINT_UNIQUE {
		return ""
	}
	_, list, ok := strings.Cut(err.Error(), marker)
	if !ok {
		return ""
	}
	if at := strings.LastIndex(list, " ("); at >= 0 {
		list = list[:at]
	}
	if name, ok := strings.CutPrefix(list, "index '"); ok {
		return strings.TrimSuffix(name, "'")
	}
	columns := strings.Split(list, ", ")
	table, _, _ := strings.Cut(columns[0], ".")
	if primary {
		return table + "_pkey"
	}
	for i, column := range columns {
		columns[i] = strings.TrimPrefix(column, table+".")
	}
	return table + "_" + strings.Join(columns, "_") + "_key"
}

// repeatable tells whether the engine asks for the unit to be run again: a
// serialization failure or a deadlock.
func repeatable(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}
