package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	sqlitedriver "modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// retryAfter is what a caller is told to wait for a database to recover.
const retryAfter = time.Second

// explained is a dialect whose errors outside a unit of work say what they mean for
// a caller; those within are explained at its end.
type explained struct{ gorm.Dialector }

// Translate explains one error; gorm calls it.
func (explained) Translate(err error) error { return explain(err, false) }

// explainRows covers the queries whose errors gorm does not have translated.
func explainRows(handle *gorm.DB) error {
	return handle.Callback().Row().After("gorm:row").Register("lintel:explain", func(db *gorm.DB) {
		db.Error = explain(db.Error, false)
	})
}

// explain makes a fault of what the database cannot do now and may do later, so
// that callers come back instead of giving up. What stays as it is is a mistake of
// ours, or the end of the caller's own time. A write where only reads belong is such
// a mistake, and no sign of a database that takes none.
func explain(err error, writing bool) error {
	switch {
	case err == nil, fault.As(err) != nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case repeatable(err), waited(err):
		return ErrBusy.After(retryAfter).Because(err)
	case away(err), writing && unwritable(err):
		return ErrAway.After(retryAfter).Because(err)
	}
	return err
}

// waited tells that somebody else had what was wanted for too long.
func waited(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		// lock_not_available, query_canceled (statement_timeout),
		// idle_in_transaction_session_timeout
		return pg.Code == "55P03" || pg.Code == "57014" || pg.Code == "25P03"
	}
	switch sqliteCode(err) {
	case sqlitecode.SQLITE_BUSY, sqlitecode.SQLITE_LOCKED:
		return true
	}
	return errors.Is(err, sql.ErrTxDone) // undone under the body, since its time was over
}

// away tells that the database cannot be reached, or lacks what it needs itself.
// Spec: PostgreSQL, Appendix A (error codes).
func away(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && len(pg.Code) == 5 {
		switch pg.Code[:2] {
		case "08", "53", "58": // connection, resources, the system below
			return true
		case "57": // shutting down, crashed, starting up; a dropped database
			return pg.Code[:3] == "57P"
		}
	}
	switch sqliteCode(err) {
	case sqlitecode.SQLITE_FULL, sqlitecode.SQLITE_IOERR, sqlitecode.SQLITE_CANTOPEN, sqlitecode.SQLITE_NOMEM,
		sqlitecode.SQLITE_PROTOCOL:
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, cut := range []error{errCommit, driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, cut) {
			return true
		}
	}
	return pgconn.SafeToRetry(err) // a connection that was found closed before anything was sent
}

// unwritable tells that the database takes no changes: read_only_sql_transaction on
// PostgreSQL, a standby or one that was told so.
func unwritable(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "25006"
	}
	return sqliteCode(err) == sqlitecode.SQLITE_READONLY
}

// sqliteCode is the primary result code, 0 for what is not SQLite's.
func sqliteCode(err error) int {
	failed, ok := errors.AsType[*sqlitedriver.Error](err)
	if !ok {
		return 0
	}
	return failed.Code() & 0xff
}
