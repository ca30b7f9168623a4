package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver
)

const (
	rowBytes       = 1024 // about what a login takes
	mostConnection = 20   // those of a server on PostgreSQL
)

// rows takes one for each request, in a transaction of its own: a statement alone is one, and
// in the fewest round trips.
type rows struct {
	insert *sql.Stmt
	next   atomic.Int64
}

// openRows opens a database as a server does; nil where neither is named.
func openRows(ctx context.Context, sqlite, postgres string) (*rows, error) {
	if sqlite == "" && postgres == "" {
		return nil, nil
	}
	db, text, err := openSQLite(sqlite), "INSERT INTO bare_rows (id, content) VALUES (?, ?)", error(nil)
	if postgres != "" {
		db, err = openPostgres(postgres)
		text = "INSERT INTO bare_rows (id, content) VALUES ($1, $2)"
	}
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, "CREATE TABLE bare_rows (id BIGINT PRIMARY KEY, content TEXT NOT NULL)"); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	insert, err := db.PrepareContext(ctx, text)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &rows{insert: insert}, nil
}

// openSQLite writes through one connection, each commit as durable as a server's.
func openSQLite(path string) *sql.DB {
	query := url.Values{
		"_busy_timeout": {"10000"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"on"}, "_txlock": {"immediate"},
		"_pragma": {"temp_store(MEMORY)", "journal_size_limit(67108864)", "secure_delete(on)"},
	}
	db, err := sql.Open("sqlite", "file:"+path+"?"+query.Encode())
	if err != nil {
		panic(err) // the driver is there, and nothing was opened yet
	}
	db.SetMaxOpenConns(1)
	return db
}

func openPostgres(address string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["timezone"] = "UTC"
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(mostConnection)
	db.SetMaxIdleConns(mostConnection)
	return db, nil
}

// add answers once the row is durable.
func (r *rows) add(c *fiber.Ctx) error {
	if _, err := r.insert.ExecContext(c.UserContext(), r.next.Add(1), strings.Repeat("x", rowBytes)); err != nil {
		return err
	}
	return c.SendString("Inserted")
}
