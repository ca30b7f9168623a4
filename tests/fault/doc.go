// Package fault holds whole servers to their promises while something breaks: the
// process, the database, the disk, the network, the clock of another node.
//
// It owns the tests that need real processes, and what breaks things for them. It
// does not own what an answer looks like in good times; that is tests/api.
//
// Neighbours: tests/fixtures/process starts the servers, tests/fixtures/postgres
// their database.
package fault
