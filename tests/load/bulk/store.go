package bulk

import (
	"context"
	"database/sql"
	"errors"
)

// ErrTemplate says that there is nobody to copy.
var ErrTemplate = errors.New("bulk: no person to copy")

// Store is a database that rows are put into, beside a server that does not work.
type Store interface {
	// tables lists those that have a column of that name, those they refer to first.
	tables(ctx context.Context, column string) ([]string, error)
	// rows are all of a table where a column has a value.
	rows(ctx context.Context, table, column string, value any) (columns []string, found [][]any, err error)
	// insert puts rows in, in one go; next gives nil after the last.
	insert(ctx context.Context, table string, columns []string, next func() []any) error
	// id spells an id as the engine stores it, plain the other way round.
	id(raw [16]byte) any
	plain(stored any) (raw [16]byte, ok bool)
	// Settle makes the database what it would be after growing slowly.
	Settle(ctx context.Context) error
	// Reader opens the database for so many to read at once, whom the caller ends.
	Reader(connections int) (*sql.DB, error)
	// Writer opens a database for rows of the caller's own, each commit as durable as the
	// server's, whom the caller ends.
	Writer(connections int) (*sql.DB, error)
	// MB is what the database takes on disk.
	MB(ctx context.Context) (float64, error)
	// Close ends the connection.
	Close() error
}
