package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// DB is one open database. It implements tx.Runner.
type DB struct {
	config  Config
	engine  engine
	reader  *gorm.DB // statements outside a unit of work
	counter counter

	mu       sync.Mutex
	closed   bool
	accepted sync.WaitGroup // outermost units that Close waits for
}

// engine is what differs between the two systems.
type engine interface {
	// attempt runs body once in a transaction of its own and commits it when body
	// returns nil. The handle is good until body returns.
	attempt(ctx context.Context, body func(ctx context.Context, handle *gorm.DB) error) error
	// connect opens a pool for the migrations, apart from all others.
	connect(ctx context.Context) (*sql.DB, error)
	dialect() goose.Dialect
	locker() lock.Locker
	tableExists() string // a query that counts the tables of one name
	ping(ctx context.Context) error
	close() error
}

// Stats counts what the DB has done since it was opened.
type Stats struct {
	Units     uint64 // units of work that were committed
	Commits   uint64 // COMMITs it took: fewer than units where units share them
	Rollbacks uint64 // attempts of units that were undone
	Repeats   uint64 // attempts made again after a serialization failure
}

type counter struct{ units, commits, rollbacks, repeats atomic.Uint64 }

// Open opens the database that config names and makes the data directory if
// need be. It does not migrate.
func Open(ctx context.Context, config Config) (*DB, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	db := &DB{config: config.withDefaults()}
	open := openSQLite
	if config.engine() == Postgres {
		open = openPostgres
	}
	if err := open(ctx, db); err != nil {
		return nil, fmt.Errorf("storage: open %s: %w", config.engine(), err)
	}
	return db, nil
}

// Close refuses new units of work, finishes those it accepted and closes the
// connections.
func (d *DB) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	d.mu.Unlock()
	d.accepted.Wait()
	return d.engine.close()
}

// enter accepts one outermost unit of work; leave must follow.
func (d *DB) enter() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return ErrClosed
	}
	d.accepted.Add(1)
	return nil
}

func (d *DB) leave() { d.accepted.Done() }

// Engine tells which system this is.
func (d *DB) Engine() Engine { return d.config.engine() }

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.engine.ping(ctx) }

// Stats counts what was done so far.
func (d *DB) Stats() Stats {
	return Stats{
		Units: d.counter.units.Load(), Commits: d.counter.commits.Load(),
		Rollbacks: d.counter.rollbacks.Load(), Repeats: d.counter.repeats.Load(),
	}
}

// handle makes a gorm handle over a pool. gorm's own log is off: it would print
// what the statements hold.
func (d *DB) handle(dialector gorm.Dialector) (*gorm.DB, error) {
	handle, err := gorm.Open(explained{dialector}, &gorm.Config{
		SkipDefaultTransaction: true,
		QueryFields:            true, // a SELECT * breaks when a newer node adds a column
		DisableAutomaticPing:   true,
		TranslateError:         true,
		Logger:                 logger.Discard,
		NowFunc:                d.config.Clock.Now,
	})
	if err != nil {
		return nil, err
	}
	return handle, errors.Join(guard(handle), explainRows(handle))
}

// over gives a copy of the handle that speaks through another pool.
func over(ctx context.Context, handle *gorm.DB, pool gorm.ConnPool) *gorm.DB {
	session := handle.Session(&gorm.Session{Context: ctx, NewDB: true})
	session.Statement.ConnPool = pool
	return session
}
