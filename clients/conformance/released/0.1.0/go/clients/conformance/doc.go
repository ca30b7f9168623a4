// Package conformance is the suite that every client of Lintel passes, whatever it is
// written in: cases as data, and a stub that plays the server's part in them.
//
// It owns the form of a case (README.md explains it), the reading of cases, and the stub,
// which compares what a client sends with what the case says and answers as it is told:
// also with what no server should say. It does not own how a client is called; each
// client's own tests do that (clients/typescript/test, clients/go). Nor does it ask a
// server: the stub answers what the contract says and worse, and that the contract is
// the server is proven in tests/api.
//
// cmd/withstub runs a command with a stub beside it. released holds the built clients of
// earlier releases with the suites they were released with.
package conformance
