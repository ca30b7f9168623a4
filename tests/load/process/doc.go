// Package process starts the programs that are measured and sees what they take of
// the machine.
//
// It owns their start and end: nothing outlives the context or the caller's stop.
// It does not own what they are configured with.
package process
