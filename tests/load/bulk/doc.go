// Package bulk fills a database with people who never registered.
//
// It owns the rows: copies of those of a person who did, with ids, identifiers,
// tokens and times of their own. Columns and tables are asked of the database, so
// that a new one is copied like the rest. It does not own the tables (storage) or
// what is measured on them (scale).
//
// History lies in the past: loaded events have numbers below all that the server has
// given, so that nobody who follows the log goes through them again.
package bulk
