package storage

import (
	"context"

	"gorm.io/gorm"
)

// Handle lets the tests of this folder run any statement.
func Handle(ctx context.Context, db *DB) *gorm.DB { return across(db.read(ctx)) }

// Prepared counts the statements that the SQLite writer has prepared so far.
func Prepared(db *DB) uint64 { return db.engine.(*sqliteEngine).pool.prepared.Load() }

// Queued counts the units that wait for the SQLite writer.
func Queued(db *DB) int { return len(db.engine.(*sqliteEngine).queue) }

// Explain is what a unit of work makes of an error.
func Explain(err error) error { return explain(err, true) }

// Tell runs a statement on the SQLite writer's connection, between two batches.
func Tell(db *DB, statement string) error { return db.engine.(*sqliteEngine).exec(statement) }
