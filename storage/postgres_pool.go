package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/lintel-id/lintel/server/platform/clock"
)

// connections is a pool that notices when its server went away and came back, as in
// a restart or a failover: what lies in the pool then is dead and does not know.
// The first that is found so puts every older one in doubt, which is asked before it
// is used again, and what asked on it is asked anew where nothing was done yet.
type connections struct {
	*sql.DB
	doubted atomic.Pointer[clock.Stopwatch]
}

func newConnections(config *pgx.ConnConfig) *connections {
	c := &connections{}
	c.DB = stdlib.OpenDB(*config, stdlib.OptionShouldPing(c.doubtful))
	return c
}

// doubtful tells which connections are asked before they are used: those that lay
// idle, and those that are older than the last loss.
func (c *connections) doubtful(_ context.Context, it stdlib.ShouldPingParams) bool {
	loss := c.doubted.Load()
	return it.IdleDuration > time.Second || loss != nil && it.IdleDuration >= loss.Elapsed()
}

// lost tells whether err is the loss of a connection that may happen to others as
// well, and remembers it.
func (c *connections) lost(err error) bool {
	if err == nil || !cutOff(err) {
		return false
	}
	now := clock.Started()
	c.doubted.Store(&now)
	return true
}

// begin opens a transaction on a connection that is alive. The caller closes both.
func (c *connections) begin(ctx context.Context) (*sql.Conn, *sql.Tx, error) {
	for again := true; ; again = false {
		conn, err := c.Conn(ctx)
		if err != nil {
			return nil, nil, err
		}
		transaction, err := conn.BeginTx(ctx, nil)
		if err == nil {
			return conn, transaction, nil
		}
		_ = conn.Close() // back to the pool, which throws away what is dead
		if !c.lost(err) || !again {
			return nil, nil, err
		}
	}
}

// QueryContext asks a question once more if its connection turns out to be dead.
func (c *connections) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := c.DB.QueryContext(ctx, query, args...)
	if c.lost(err) && question(query) {
		return c.DB.QueryContext(ctx, query, args...)
	}
	return rows, err
}

// QueryRowContext is QueryContext for one row.
func (c *connections) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	row := c.DB.QueryRowContext(ctx, query, args...)
	if c.lost(row.Err()) && question(query) {
		return c.DB.QueryRowContext(ctx, query, args...)
	}
	return row
}

// question tells what may be asked twice.
func question(query string) bool { return strings.HasPrefix(query, "SELECT ") }

// discard keeps a connection from being used again.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // which is its answer, too
}

// cutOff tells that a connection ended under the statement, or before it: not that
// there was none to be had, nor that it took too long.
func cutOff(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "57P01" || pg.Code == "57P02" // shut down, crashed
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return false
	}
	if network, ok := errors.AsType[net.Error](err); ok {
		return !network.Timeout()
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
