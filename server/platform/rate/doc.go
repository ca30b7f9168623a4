// Package rate says who is too fast.
//
// It owns the limit (so many per period, with a burst), the generic cell rate
// algorithm behind it, the Limiter interface and its in-memory form for one node;
// another store can fill the same interface for many nodes.
//
// It does not own which limits exist, what a key is made of, or what a caller is
// told: capabilities and the edge decide. A key belongs to one limit, so it begins
// with the limit's name.
//
// The memory is bounded, and a stranger can invent keys. Forgetting a key would
// give its owner a fresh start, so nothing that still counts is ever forgotten to
// make room: keys whose limit has recovered go first (they are worth as much as no
// key at all), and when none has, new keys are refused while known ones go on as
// before. Filling the memory is made expensive by the order of checks: take from
// the source's limit before the account's, so that one source can only invent as
// many keys as its own limit lets through.
package rate
