// Package clock is the only place that asks the machine what time it is.
//
// It owns the Clock that every service is given and the Fake that tests move.
// It does not own timers and tickers: loops use the time package and are
// tested inside a testing/synctest bubble.
package clock
