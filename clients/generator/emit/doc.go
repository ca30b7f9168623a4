// Package emit makes every generated client of a contract.
//
// It owns which files there are, and does not own what is in them: there is one emitter per
// language beside it.
package emit
