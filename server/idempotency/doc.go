// Package idempotency lets the callers of the management API repeat a request whose
// answer they did not get.
//
// It owns which request has been begun, and its answer for a day, sealed so that only who
// can make the same request can cause it to be opened. It does not own what is asked and
// answered (the edge gives it bytes), or the answers of flows, which are kept in the unit
// of work that makes them (flow).
package idempotency
