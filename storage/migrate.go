package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql
var migrationFiles embed.FS

const (
	versionTable  = "schema_version"
	lockTable     = "schema_lock"
	sqliteLock    = "migrate.lock"
	migrationWait = 5 * time.Minute
)

// Migrate brings the tables to what this program needs. Two processes may call it
// at once: one works, the other waits and finds nothing left to do.
func (d *DB) Migrate(ctx context.Context) (err error) {
	current, latest, err := d.MigrationState(ctx)
	if err != nil {
		return err
	}
	if current >= latest {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, migrationWait)
	defer cancel()
	pool, err := d.engine.connect(ctx)
	if err != nil {
		return fmt.Errorf("storage: migrate: %w", err)
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	files, err := fs.Sub(migrationFiles, "migrations/"+string(d.Engine()))
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(d.engine.dialect(), pool, files,
		goose.WithTableName(versionTable), goose.WithSlog(d.config.Logger),
		goose.WithDisableGlobalRegistry(true), goose.WithLocker(d.engine.locker()))
	if err != nil {
		return fmt.Errorf("storage: migrate: %w", err)
	}
	applied, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("storage: migrate: %w", err)
	}
	for _, one := range applied {
		d.config.Logger.InfoContext(ctx, "storage: migrated",
			"version", one.Source.Version, "duration", one.Duration)
	}
	return nil
}

// MigrationState tells the version of the tables and the one this program needs;
// current is 0 before the first migration. It changes nothing.
func (d *DB) MigrationState(ctx context.Context) (current, latest int64, err error) {
	if latest, err = latestMigration(d.Engine()); err != nil {
		return 0, 0, err
	}
	handle := across(d.reader.WithContext(ctx))
	var tables int64
	if err := handle.Raw(d.engine.tableExists(), versionTable).Scan(&tables).Error; err != nil {
		return 0, 0, fmt.Errorf("storage: migration state: %w", err)
	}
	if tables == 0 {
		return 0, latest, nil
	}
	err = handle.
		Raw("SELECT COALESCE(MAX(version_id), 0) FROM " + versionTable + " WHERE is_applied").
		Scan(&current).Error
	if err != nil {
		return 0, 0, fmt.Errorf("storage: migration state: %w", err)
	}
	return current, latest, nil
}

func latestMigration(engine Engine) (int64, error) {
	files, err := fs.Glob(migrationFiles, "migrations/"+string(engine)+"/*.sql")
	if err != nil {
		return 0, err
	}
	var latest int64
	for _, file := range files {
		version, err := goose.NumericComponent(file)
		if err != nil {
			return 0, err
		}
		latest = max(latest, version)
	}
	return latest, nil
}

func (e *sqliteEngine) dialect() goose.Dialect { return goose.DialectSQLite3 }

func (e *postgresEngine) dialect() goose.Dialect { return goose.DialectPostgres }

func (e *sqliteEngine) tableExists() string {
	return "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
}

func (e *postgresEngine) tableExists() string {
	return "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = ?"
}

// locker leases a row, since not every PostgreSQL-compatible system has advisory
// locks; a process that died is waited for until its lease ends.
func (e *postgresEngine) locker() lock.Locker {
	const interval = 100 * time.Millisecond
	locker, err := lock.NewPostgresTableLocker(
		lock.WithTableName(lockTable), lock.WithTableLogger(e.db.config.Logger),
		lock.WithTableLockTimeout(interval, uint64(migrationWait/interval)),
		lock.WithTableUnlockTimeout(interval, 20))
	if err != nil {
		return refusal{err}
	}
	return locker
}

// locker is an exclusive transaction on a file beside the database; the operating
// system frees it when the process dies.
func (e *sqliteEngine) locker() lock.Locker {
	return &fileLock{path: filepath.Join(e.db.config.DataDir, sqliteLock), wait: migrationWait}
}

type fileLock struct {
	path string
	wait time.Duration
	pool *sql.DB
	held *sql.Conn
}

// Lock waits until no other process has the file.
func (l *fileLock) Lock(ctx context.Context, _ *sql.DB) (err error) {
	path, err := filepath.Abs(l.path)
	if err != nil {
		return err
	}
	if err := ownFile(path); err != nil {
		return err
	}
	if l.pool, err = sql.Open(sqliteDriver, lockDSN(path, l.wait)); err != nil {
		return err
	}
	if l.held, err = l.pool.Conn(ctx); err != nil {
		return errors.Join(err, l.pool.Close())
	}
	if _, err = l.held.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		return errors.Join(err, l.held.Close(), l.pool.Close())
	}
	return nil
}

// Unlock lets the next one in.
func (l *fileLock) Unlock(ctx context.Context, _ *sql.DB) error {
	_, err := l.held.ExecContext(ctx, "ROLLBACK")
	return errors.Join(err, l.held.Close(), l.pool.Close())
}

type refusal struct{ err error }

// Lock fails.
func (r refusal) Lock(context.Context, *sql.DB) error { return r.err }

// Unlock fails.
func (r refusal) Unlock(context.Context, *sql.DB) error { return r.err }
