package storage

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"

	"gorm.io/gorm"
	sqlitedriver "modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"
)

// maxStatements bounds the prepared statements of one pool. The program's own are
// a few hundred; lists of varying length beyond that run unprepared.
const maxStatements = 1000

// keptStatements is a pool that prepares each statement once. gorm's own cache
// would not do for the writer: what it prepares inside a transaction dies with it.
type keptStatements struct {
	pool     gorm.ConnPool
	mu       sync.RWMutex
	kept     map[string]*sql.Stmt
	prepared atomic.Uint64
}

func keepStatements(pool gorm.ConnPool) *keptStatements {
	return &keptStatements{pool: pool, kept: make(map[string]*sql.Stmt)}
}

// statement is nil when it is not kept and the pool itself has to run the query.
func (k *keptStatements) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	k.mu.RLock()
	kept, full := k.kept[query], len(k.kept) >= maxStatements
	k.mu.RUnlock()
	if kept != nil || full {
		return kept, nil
	}
	made, err := k.pool.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	k.prepared.Add(1)
	k.mu.Lock()
	defer k.mu.Unlock()
	if kept := k.kept[query]; kept != nil {
		return kept, made.Close()
	}
	k.kept[query] = made
	return made, nil
}

// close ends the statements. Those of a single connection are nobody else's to end, and
// as long as one is open SQLite does not really close the connection.
func (k *keptStatements) close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var failed []error
	for _, kept := range k.kept {
		failed = append(failed, kept.Close())
	}
	clear(k.kept)
	return errors.Join(failed...)
}

// PrepareContext makes a statement that is the caller's own.
func (k *keptStatements) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return k.pool.PrepareContext(ctx, query)
}

// ExecContext runs a statement without rows.
func (k *keptStatements) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	statement, err := k.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case statement == nil:
		return k.pool.ExecContext(ctx, query, args...)
	default:
		return statement.ExecContext(ctx, args...)
	}
}

// QueryContext runs a statement with rows.
func (k *keptStatements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	statement, err := k.statement(ctx, query)
	switch {
	case err != nil:
		return nil, err
	case statement == nil:
		return k.pool.QueryContext(ctx, query, args...)
	default:
		return statement.QueryContext(ctx, args...)
	}
}

// QueryRowContext runs a statement with one row.
func (k *keptStatements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if statement, err := k.statement(ctx, query); err == nil && statement != nil {
		return statement.QueryRowContext(ctx, args...)
	}
	return k.pool.QueryRowContext(ctx, query, args...)
}

// unitPool is the writer's connection while one unit has its turn.
//
// Statements are not interrupted in the middle: SQLite would undo the whole
// transaction, and with it the other units of the batch. An ended context stops
// the unit before its next statement. After an error that may have undone the
// transaction nothing more is run, since it would commit by itself.
type unitPool struct {
	statements *keptStatements
	ended      atomic.Bool
	mu         sync.Mutex
	broken     error
}

func (p *unitPool) ready(ctx context.Context) (context.Context, error) {
	if p.ended.Load() {
		return nil, ErrUnitOver
	}
	if err := p.failure(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return context.WithoutCancel(ctx), nil
}

func (p *unitPool) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.broken
}

func (p *unitPool) note(err error) {
	failed, ok := errors.AsType[*sqlitedriver.Error](err)
	if !ok {
		return
	}
	switch failed.Code() & 0xff {
	case sqlitecode.SQLITE_CONSTRAINT, sqlitecode.SQLITE_ERROR, sqlitecode.SQLITE_MISMATCH:
		return // only the statement was undone
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = err
}

// PrepareContext makes a statement that is the caller's own.
func (p *unitPool) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	ctx, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	return p.statements.PrepareContext(ctx, query)
}

// ExecContext runs a statement without rows.
func (p *unitPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	result, err := p.statements.ExecContext(ctx, query, args...)
	p.note(err)
	return result, err
}

// QueryContext runs a statement with rows.
func (p *unitPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := p.statements.QueryContext(ctx, query, args...)
	p.note(err)
	return rows, err
}

// QueryRowContext runs a statement with one row; one that may not run answers
// with context.Canceled.
func (p *unitPool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	allowed, err := p.ready(ctx)
	if err != nil {
		canceled, cancel := context.WithCancel(context.WithoutCancel(ctx))
		cancel()
		return p.statements.pool.QueryRowContext(canceled, query, args...)
	}
	return p.statements.QueryRowContext(allowed, query, args...)
}
