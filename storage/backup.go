package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	driver "modernc.org/sqlite"
)

// copyPages is how much of the database is copied between two looks at the context.
const copyPages = 1024

// ErrNotEmbedded tells that a database server keeps the rows, and has tools of its own.
var ErrNotEmbedded = errors.New("storage: this is for the embedded database only")

// DatabaseFile is where the embedded database of a data directory is.
func DatabaseFile(dir string) string { return filepath.Join(dir, sqliteFile) }

// CopyTo copies the embedded database, as it is at one moment, into a file that is not
// there yet or empty. Writers go on meanwhile: the copy reads under one snapshot, which
// only keeps the WAL from being begun anew. Whoever calls flushes the file, and removes
// it after an error. Spec: https://www.sqlite.org/backup.html.
func (d *DB) CopyTo(ctx context.Context, path string) (err error) {
	engine, ok := d.engine.(*sqliteEngine)
	if !ok {
		return ErrNotEmbedded
	}
	conn, err := engine.readers.Conn(ctx)
	if err != nil {
		return explain(err, false)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return explain(err, false)
	}
	defer func() {
		_, undone := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		err = errors.Join(err, undone)
	}()
	var tables int // the first read takes the snapshot
	if err := conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&tables); err != nil {
		return explain(err, false)
	}
	// What is not finished is thrown away, so nothing of it has to survive a crash.
	target, err := pathURL(path, url.Values{"_journal_mode": {"OFF"}, "_synchronous": {"OFF"}})
	if err != nil {
		return err
	}
	return conn.Raw(func(raw any) error { return copyInto(ctx, raw, target) })
}

// pathURL is fileURL for a path that somebody has typed.
func pathURL(path string, query url.Values) (string, error) {
	path, err := filepath.Abs(path)
	return fileURL(path, query), err
}

func copyInto(ctx context.Context, raw any, target string) (err error) {
	source, ok := raw.(interface {
		NewBackup(target string) (*driver.Backup, error)
	})
	if !ok {
		return errors.New("storage: the driver copies no databases")
	}
	pages, err := source.NewBackup(target)
	if err != nil {
		return fmt.Errorf("storage: copy: %w", err)
	}
	defer func() { err = errors.Join(err, pages.Finish()) }()
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if more, err = pages.Step(copyPages); err != nil {
			return fmt.Errorf("storage: copy: %w", err)
		}
	}
	return nil
}

// Contents is what a copy of the database holds.
type Contents struct {
	Schema       int64 // the version of the tables
	LastSequence int64 // the last number an event was given
	Users        int64
	Events       int64
	SealedKeys   [][]byte // of the tenants
}

// ErrUnsound tells that a file is no database of ours, or a damaged one.
var ErrUnsound = errors.New("is not a sound database of lintel")

// Inspect examines a copy in which nobody writes, page by page and row by row, and
// makes one file of it: without a WAL beside it. It refuses what would run by itself,
// which no migration makes. ErrUnsound.
func Inspect(ctx context.Context, path string) (found Contents, err error) {
	source, err := pathURL(path, url.Values{
		"mode": {"rw"}, "_journal_mode": {"DELETE"}, "_synchronous": {"FULL"}, "_dqs": {"0"}, "_defensive": {"1"},
		"_pragma": {"trusted_schema(OFF)", "cell_size_check(ON)", "temp_store(MEMORY)"},
	})
	if err != nil {
		return Contents{}, err
	}
	pool, err := sql.Open(sqliteDriver, source)
	if err != nil {
		return Contents{}, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	pool.SetMaxOpenConns(1)
	if err := sound(ctx, pool); err != nil {
		return Contents{}, err
	}
	for query, into := range map[string]*int64{
		"SELECT COALESCE(MAX(version_id), 0) FROM " + versionTable + " WHERE is_applied": &found.Schema,
		"SELECT last_seq FROM event_sequencer WHERE name = '" + sequencerName + "'":      &found.LastSequence,
		"SELECT COUNT(*) FROM users":  &found.Users,
		"SELECT COUNT(*) FROM events": &found.Events,
	} {
		if err := pool.QueryRowContext(ctx, query).Scan(into); err != nil {
			return Contents{}, unsound(ctx, err)
		}
	}
	found.SealedKeys, err = sealedKeys(ctx, pool)
	return found, err
}

// sound asks SQLite for the first thing that is wrong.
func sound(ctx context.Context, pool *sql.DB) error {
	var lively int // triggers, views and tables of modules: all that has no pages of its own
	err := pool.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE type NOT IN ('table', 'index') OR rootpage = 0").Scan(&lively)
	if err != nil {
		return unsound(ctx, err)
	}
	if lively > 0 {
		return unsound(ctx, errors.New("it has triggers, views or virtual tables"))
	}
	var verdict string
	if err := pool.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return unsound(ctx, err)
	}
	if verdict != "ok" {
		return unsound(ctx, errors.New(verdict))
	}
	var dangling int
	if err := pool.QueryRowContext(ctx, "SELECT COUNT(*) FROM pragma_foreign_key_check").Scan(&dangling); err != nil {
		return unsound(ctx, err)
	}
	if dangling > 0 {
		return unsound(ctx, errors.New("a row points to another that is not there"))
	}
	return nil
}

func sealedKeys(ctx context.Context, pool *sql.DB) (keys [][]byte, err error) {
	rows, err := pool.QueryContext(ctx, "SELECT sealed_key FROM tenants")
	if err != nil {
		return nil, unsound(ctx, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var key []byte
		if err := rows.Scan(&key); err != nil {
			return nil, unsound(ctx, err)
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

// unsound keeps apart that somebody lost patience, or that the disk did not answer.
func unsound(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", ErrUnsound, err)
}
