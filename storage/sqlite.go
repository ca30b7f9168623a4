package storage

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	_ "modernc.org/sqlite" // the driver, in pure Go
)

const (
	sqliteDriver = "sqlite"
	sqliteFile   = "lintel.db"
)

// sqliteEngine is one writing and a few reading connections to one file.
type sqliteEngine struct {
	db      *DB
	readers *sql.DB
	writers *sql.DB // holds exactly one connection, which the writer keeps
	conn    *sql.Conn
	pool    *keptStatements
	handle  *gorm.DB // speaks through the writer's connection

	queue   chan *ticket
	stopped chan struct{}
}

// openSQLite makes the directory and the file for our own user only, then opens
// the writer first, since it is what turns the file to WAL.
func openSQLite(ctx context.Context, db *DB) error {
	if err := os.MkdirAll(db.config.DataDir, 0o700); err != nil {
		return err
	}
	path, err := filepath.Abs(filepath.Join(db.config.DataDir, sqliteFile))
	if err != nil {
		return err
	}
	if err := ownFile(path); err != nil {
		return err
	}
	engine := &sqliteEngine{
		db: db, queue: make(chan *ticket, db.config.QueueUnits), stopped: make(chan struct{}),
	}
	if err := engine.open(ctx, path); err != nil {
		return errors.Join(err, engine.disconnect())
	}
	db.engine = engine
	go engine.write() //nolint:contextcheck // the writer outlives the call that opened it
	return nil
}

// ownFile makes the file, for our own user only, unless it is there.
func ownFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

func (e *sqliteEngine) open(ctx context.Context, path string) (err error) {
	if e.writers, err = sql.Open(sqliteDriver, e.db.sqliteDSN(path, false)); err != nil {
		return err
	}
	e.writers.SetMaxOpenConns(1)
	if e.conn, err = e.writers.Conn(ctx); err != nil {
		return err
	}
	if e.readers, err = sql.Open(sqliteDriver, e.db.sqliteDSN(path, true)); err != nil {
		return err
	}
	e.readers.SetMaxOpenConns(e.db.config.Readers)
	e.readers.SetMaxIdleConns(e.db.config.Readers)
	e.pool = keepStatements(e.conn)
	if e.handle, err = e.db.handle(sqlite.New(sqlite.Config{Conn: e.pool})); err != nil {
		return err
	}
	e.db.reader, err = e.db.handle(sqlite.New(sqlite.Config{Conn: keepStatements(e.readers)}))
	return err
}

// sqliteDSN spells the settings of one connection. A reader cannot write, so that
// a write that missed its unit of work fails.
func (d *DB) sqliteDSN(path string, reader bool) string {
	wait := strconv.FormatInt(d.config.Wait.Milliseconds(), 10)
	query := url.Values{
		"_busy_timeout": {wait}, "_journal_mode": {"WAL"}, "_synchronous": {d.config.Synchronous},
		"_foreign_keys": {"on"}, "_txlock": {"immediate"}, "_dqs": {"0"}, "_defensive": {"1"},
		"_time_integer_format": {"unix_micro"}, "_inttotime": {"1"},
		"_pragma": {"temp_store(MEMORY)", "journal_size_limit(67108864)", "secure_delete(on)"}, // what is erased is not left in the file
	}
	if reader {
		query.Set("_query_only", "on")
	}
	return fileURL(path, query)
}

// lockDSN opens the file that only locks; whoever has it waits for nobody's data.
func lockDSN(path string, wait time.Duration) string {
	return fileURL(path, url.Values{"_busy_timeout": {strconv.FormatInt(wait.Milliseconds(), 10)}})
}

func fileURL(path string, query url.Values) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a drive letter
	}
	return (&url.URL{Scheme: "file", Path: slashed, RawQuery: query.Encode()}).String()
}

func (e *sqliteEngine) path() string {
	path, _ := filepath.Abs(filepath.Join(e.db.config.DataDir, sqliteFile))
	return path
}

func (e *sqliteEngine) connect(context.Context) (*sql.DB, error) {
	pool, err := sql.Open(sqliteDriver, e.db.sqliteDSN(e.path(), false))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	return pool, nil
}

func (e *sqliteEngine) ping(ctx context.Context) error {
	return e.readers.PingContext(ctx)
}

// close ends the writer once its queue is empty. The last connection to close
// moves the WAL into the file.
func (e *sqliteEngine) close() error {
	close(e.queue)
	<-e.stopped
	return e.disconnect()
}

func (e *sqliteEngine) disconnect() error {
	var failed []error
	if e.readers != nil {
		failed = append(failed, e.readers.Close())
	}
	if e.pool != nil {
		failed = append(failed, e.pool.close())
	}
	if e.conn != nil {
		failed = append(failed, e.conn.Close())
	}
	if e.writers != nil {
		failed = append(failed, e.writers.Close())
	}
	return errors.Join(failed...)
}
