// Package sweep deletes what is over, in small batches, for as long as a server runs.
//
// It owns the pace. It does not own what is over, or its deletion, which is the room's whose
// rows they are.
package sweep
