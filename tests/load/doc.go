// Command load measures how the server compares with what the machine could do.
//
// It owns the ratios that the project promises and what is measured for them: every
// operation against a bare server of the same library, the password hash alone or the
// signature alone; flows that have a code sent against rows that are inserted alone;
// logins with a passkey against such rows and against passwords; what becomes of
// everybody under far too many logins; a large database against a small one; durable
// grouped commits against neither; and what a cold start takes. It does not own what is
// measured: the server is the real program, built and started as its own process, and
// commits are storage's own benchmark.
//
// A figure of a busy or a shared machine says little; a ratio says more, as long as
// both sides were measured under the same conditions. So all sides of a ratio take
// turns, round by round, a ratio is formed within each round, and its median and
// spread over the rounds are told. Absolute figures are told after them.
//
// Everything listens on the loopback and lives in a temporary folder. Every loop is
// bounded in time and in count, and every process is ended by who started it.
//
// Neighbours: stand puts up the servers, bulk fills their databases, drive and open
// send the requests, scale compares databases, report tells and keeps what was found,
// plot draws it. hello is the floor; tests/fixtures/postgres lends a PostgreSQL, and
// storage has the benchmark of commits.
package main
