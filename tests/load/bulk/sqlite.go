package bulk

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver
)

// rowsAtOnce is how many rows one statement puts in.
const rowsAtOnce = 40

type sqliteStore struct {
	db   *sql.DB
	path string
}

// OpenSQLite opens a file that a server has made.
func OpenSQLite(ctx context.Context, path string) (Store, error) {
	query := url.Values{
		"_busy_timeout": {"60000"}, "_journal_mode": {"WAL"}, "_synchronous": {"OFF"}, "_txlock": {"immediate"},
		"_pragma": {"cache_size(-500000)", "temp_store(MEMORY)"},
	}
	db, err := sql.Open("sqlite", "file:"+path+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &sqliteStore{db: db, path: path}, nil
}

func (s *sqliteStore) tables(ctx context.Context, column string) ([]string, error) {
	return queryTexts(ctx, s.db, `SELECT t.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
		WHERE t.type = 'table' AND c.name = ? ORDER BY t.name`, column)
}

func queryTexts(ctx context.Context, db *sql.DB, query string, values ...any) (found []string, err error) {
	rows, err := db.QueryContext(ctx, query, values...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		found = append(found, text)
	}
	return found, rows.Err()
}

func (s *sqliteStore) rows(ctx context.Context, table, column string, value any) (columns []string, found [][]any, err error) {
	rows, err := s.db.QueryContext(ctx, "SELECT * FROM "+table+" WHERE "+column+" = ?", value) //nolint:gosec // names of the schema's own
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, nil, err
		}
		found = append(found, row)
	}
	return columns, found, rows.Err()
}

func (s *sqliteStore) insert(ctx context.Context, table string, columns []string, next func() []any) (err error) {
	transaction, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, transaction.Rollback())
		}
	}()
	if err := fill(ctx, transaction, table, columns, next); err != nil {
		return err
	}
	return transaction.Commit()
}

func fill(ctx context.Context, transaction *sql.Tx, table string, columns []string, next func() []any) (err error) {
	statement, err := transaction.PrepareContext(ctx, insertion(table, columns, rowsAtOnce))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, statement.Close()) }()
	values := make([]any, 0, rowsAtOnce*len(columns))
	for row := next(); row != nil; row = next() {
		if values = append(values, row...); len(values) < cap(values) {
			continue
		}
		if _, err := statement.ExecContext(ctx, values...); err != nil {
			return err
		}
		values = values[:0]
	}
	if rest := len(values) / len(columns); rest > 0 {
		_, err = transaction.ExecContext(ctx, insertion(table, columns, rest), values...)
	}
	return err
}

func insertion(table string, columns []string, rows int) string {
	row := "(" + strings.Join(slices.Repeat([]string{"?"}, len(columns)), ", ") + ")"
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " +
		strings.Join(slices.Repeat([]string{row}, rows), ", ")
}

func (s *sqliteStore) id(raw [16]byte) any { return raw[:] }

func (s *sqliteStore) plain(stored any) (raw [16]byte, ok bool) {
	if bytes, is := stored.([]byte); is && len(bytes) == len(raw) {
		return [16]byte(bytes), true
	}
	return raw, false
}

// Settle moves all of the log into the file, and the file onto the disk: the server's
// first flush is not to wait for what was loaded before it.
func (s *sqliteStore) Settle(ctx context.Context) (err error) {
	if _, err := s.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	file, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return file.Sync()
}

// Reader cannot write, as the server's cannot.
func (s *sqliteStore) Reader(connections int) (*sql.DB, error) {
	query := url.Values{"_busy_timeout": {"60000"}, "_query_only": {"on"}, "_pragma": {"temp_store(MEMORY)"}}
	db, err := sql.Open("sqlite", "file:"+s.path+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	return pooled(db, connections), nil
}

// Writer has a file of its own beside the server's, which has one writer alone, and writes
// through one connection as the server does.
func (s *sqliteStore) Writer(int) (*sql.DB, error) {
	query := url.Values{
		"_busy_timeout": {"60000"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_txlock": {"immediate"},
		"_pragma": {"temp_store(MEMORY)", "journal_size_limit(67108864)"},
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(filepath.Dir(s.path), "rows.db")+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	return pooled(db, 1), nil
}

// pooled keeps as many connections as may be in use.
func pooled(db *sql.DB, connections int) *sql.DB {
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db
}

// MB counts the file.
func (s *sqliteStore) MB(context.Context) (float64, error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return 0, err
	}
	return float64(info.Size()) / (1 << 20), nil
}

// Close ends the connection.
func (s *sqliteStore) Close() error { return s.db.Close() }
