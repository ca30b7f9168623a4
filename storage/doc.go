// Package storage keeps every row, on SQLite and on PostgreSQL, behind the Store
// interfaces that the capabilities declare.
//
// It owns SQL, units of work (tx.Runner), the scope of a tenant on every
// statement, the migrations and the event log's table. It does not own rules: a
// store answers with a capability's fault or with an error nobody should see.
//
// Shape of a store: row structs and their fromRow/toRow are private; a read goes
// through DB.scoped, a write through DB.write, and every statement names its
// tenant with of(tenant) or is refused. A statement that serves the whole
// process says so with across. On any error from a store the caller leaves the
// unit of work, or has it in a nested Run: PostgreSQL does nothing more in a
// unit after a failed statement.
//
// Names: a unique index is called <table>_<column>_<column>_key and a primary
// key <table>_pkey on both engines, so that a migration can name it on either.
//
// Isolation: PostgreSQL runs at its default, READ COMMITTED, and SQLite one unit
// at a time. A store never reads and then writes on the strength of it: it makes
// one guarded UPDATE (one row affected, or somebody else was first), and
// uniqueness belongs to an index. Engines that are stricter by themselves answer
// with a serialization failure, and Run begins the unit again.
package storage
