// Package step holds what a flow can ask: for each type of step, what is offered,
// what an answer looks like, and what answering means.
//
// It owns the typed state of a run, the handlers and the one table they stand in.
// It does not own the order of questions (flow/journey) or transactions, tokens
// and replay (flow). Handlers run outside any unit of work: they may be slow, and
// they write nothing; what a run has gathered is written when it completes.
package step
