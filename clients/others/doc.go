// Command others tries the published contract on the generators of others: each makes a
// client of each document, compiles it where a compiler is at hand, and signs somebody up
// and in with it, at the server whose address is in LINTEL_SERVER.
//
//	go run ./tests/fixtures/server/cmd/withserver go run ./clients/others [-quick] [name …]
//
// What they are expected to reach is in list.go and told in clients/README.md; one that
// reaches less, or more, fails the run. It owns the generators' pins and the logins that
// are written against them, one folder each, and not our own clients, whose neighbours are
// clients/generator and clients/conformance.
package main
