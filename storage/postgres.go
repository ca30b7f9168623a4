package storage

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// postgresEngine is one pool; pgx keeps the prepared statements of each
// connection.
type postgresEngine struct {
	db     *DB
	config *pgx.ConnConfig
	pool   *connections
}

func openPostgres(ctx context.Context, db *DB) error {
	config, err := pgx.ParseConfig(db.config.URL)
	if err != nil {
		return err // pgx leaves the password out
	}
	bound := func(name string, value string) {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	patience := milliseconds(db.config.StatementTimeout)
	bound("application_name", "lintel")
	bound("statement_timeout", patience)
	bound("idle_in_transaction_session_timeout", patience)
	bound("lock_timeout", milliseconds(db.config.Wait))
	config.RuntimeParams["timezone"] = "UTC"

	engine := &postgresEngine{db: db, config: config, pool: newConnections(config)}
	engine.pool.SetMaxOpenConns(db.config.MaxOpen)
	engine.pool.SetMaxIdleConns(db.config.MaxOpen)
	engine.pool.SetConnMaxIdleTime(5 * time.Minute)
	engine.pool.SetConnMaxLifetime(30 * time.Minute)
	if err := engine.ping(ctx); err != nil {
		return errors.Join(err, engine.pool.Close())
	}
	if db.reader, err = db.handle(postgres.New(postgres.Config{Conn: engine.pool})); err != nil {
		return errors.Join(err, engine.pool.Close())
	}
	db.engine = engine
	return nil
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// attempt is one transaction at the server's default isolation; see doc.go.
func (e *postgresEngine) attempt(ctx context.Context, body func(context.Context, *gorm.DB) error) error {
	conn, transaction, err := e.pool.begin(ctx)
	if err != nil {
		return err
	}
	committed, keep := false, true
	defer func() {
		if !committed {
			// A connection on which this fails is thrown away, and the server undoes it.
			_ = transaction.Rollback()
		}
		if !keep {
			discard(conn)
		}
		_ = conn.Close() // back to the pool
	}()
	if err := body(ctx, over(ctx, e.db.reader, transaction)); err != nil {
		keep = !unwritable(err) // another may reach the server that takes changes by now
		return err
	}
	if err := transaction.Commit(); err != nil {
		return err
	}
	committed = true
	e.db.counter.commits.Add(1)
	return nil
}

// connect opens a pool without time limits, since a migration may take its time.
func (e *postgresEngine) connect(context.Context) (*sql.DB, error) {
	config := e.config.Copy()
	for _, name := range []string{"statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"} {
		config.RuntimeParams[name] = "0"
	}
	return stdlib.OpenDB(*config), nil
}

func (e *postgresEngine) ping(ctx context.Context) error { return e.pool.PingContext(ctx) }

func (e *postgresEngine) close() error { return e.pool.Close() }
