// Package recall keeps what was read a moment ago, for the rooms whose rows are asked
// for at every request and hardly ever change.
//
// It owns how long an answer may be repeated, that it is read once for all who wait,
// and that forgetting takes back what is being read meanwhile. It does not own what is
// read, nor what is kept for as long as it is true: a node learns of another's change
// by reading again a few seconds later, so nothing that must end at once is kept here.
//
// Neighbours: clock says how old an answer is, tx whether what is read may be repeated.
package recall
