// Package growth compares the event catalogue with those of earlier releases: within one
// version of a type it only grows, and no version is ever taken away, since events of it
// stay in the log.
//
// It owns what a consumer may rely on. How a catalogue is written is lint's, and the
// comparison of operations is left to another tool; see openapi/released.
package growth
