package bulk

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

type postgresStore struct {
	conn    *pgx.Conn
	address string
}

// CreatePostgres makes an empty database beside others and gives its address.
func CreatePostgres(ctx context.Context, server, name string) (string, error) {
	address, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx) //nolint:errcheck // it has done its work
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()+" TEMPLATE template0"); err != nil {
		return "", err
	}
	address.Path = "/" + name
	return address.String(), nil
}

// OpenPostgres opens a database.
func OpenPostgres(ctx context.Context, address string) (Store, error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "SET synchronous_commit = off"); err != nil {
		return nil, err
	}
	return &postgresStore{conn: conn, address: address}, nil
}

func (s *postgresStore) tables(ctx context.Context, column string) ([]string, error) {
	rows, err := s.conn.Query(ctx, `SELECT table_name::text FROM information_schema.columns
		WHERE table_schema = current_schema() AND column_name = $1 ORDER BY table_name`, column)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func (s *postgresStore) rows(ctx context.Context, table, column string, value any) (columns []string, found [][]any, err error) {
	rows, err := s.conn.Query(ctx, "SELECT * FROM "+table+" WHERE "+column+" = $1", value)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for _, described := range rows.FieldDescriptions() {
		columns = append(columns, described.Name)
	}
	for rows.Next() {
		row, err := rows.Values()
		if err != nil {
			return nil, nil, err
		}
		found = append(found, row)
	}
	return columns, found, rows.Err()
}

func (s *postgresStore) insert(ctx context.Context, table string, columns []string, next func() []any) error {
	_, err := s.conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) { return next(), nil }))
	return err
}

func (s *postgresStore) id(raw [16]byte) any { return raw }

func (s *postgresStore) plain(stored any) (raw [16]byte, ok bool) {
	raw, ok = stored.([16]byte)
	return raw, ok
}

// Settle does what the server's own housekeeping would have done by then, so that it
// does not begin while something is measured.
func (s *postgresStore) Settle(ctx context.Context) error {
	for _, statement := range []string{"VACUUM (ANALYZE)", "CHECKPOINT"} {
		if _, err := s.conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// Reader keeps what it prepares, as the server's connections do.
func (s *postgresStore) Reader(connections int) (*sql.DB, error) {
	config, err := pgx.ParseConfig(s.address)
	if err != nil {
		return nil, err
	}
	return pooled(stdlib.OpenDB(*config), connections), nil
}

// Writer is no other: what it writes is in the server's database, beside its tables.
func (s *postgresStore) Writer(connections int) (*sql.DB, error) { return s.Reader(connections) }

// MB counts tables and indexes.
func (s *postgresStore) MB(ctx context.Context) (size float64, err error) {
	err = s.conn.QueryRow(ctx, "SELECT pg_database_size(current_database()) / 1048576.0").Scan(&size)
	return size, err
}

// Close ends the connection.
func (s *postgresStore) Close() error { return s.conn.Close(context.Background()) }
