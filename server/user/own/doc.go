// Package own is what signed-in users change themselves about what finds them.
//
// It owns what they are refused that an operator is not, and that they are told of it. It does
// not own identifiers (user), or how users are told (notice, reversal).
package own
