// Package stand is the test stand: the real programs, built from the sources at hand
// and started as processes of their own, with people who use them.
//
// It owns how a server is configured to be measured, and the requests that people
// make. It does not own how often they make them (drive, open) or how many there are
// (bulk).
package stand
