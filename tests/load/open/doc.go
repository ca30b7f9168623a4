// Package open offers a server requests by the clock, whatever it answers.
//
// It owns the schedule and what became of each request. A request has a time at
// which it is due, and its latency counts from then: a server that makes the next
// ones wait is told about them too, which a closed loop (drive) leaves out.
package open
