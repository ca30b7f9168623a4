// Package api holds the scenarios: what a caller of the HTTP API sees, on every
// engine, with a whole server behind it.
//
// It owns the promises that only hold end to end: status and code of each answer,
// the contract that every answer is checked against, exactly which events were
// recorded, and that no secret was logged or recorded. One file per noun, and
// edge_test.go for what no operation is meant to see.
//
// It does not own the rules themselves; those are tested beside their code. The
// servers come from running, their PostgreSQL from tests/fixtures/postgres.
package api
