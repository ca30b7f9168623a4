// Package running starts whole servers inside a test's process.
//
// It owns a server's life in a test: a database of its own, a free port, a clock
// that stands still, a log that is kept. It does not own what is asked of the
// server; that is for the tests.
//
// Neighbours: server/boot, which it starts, and tests/fixtures/postgres.
package running
