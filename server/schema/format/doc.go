// Package format has the formats of texts that a profile schema may ask for.
//
// It owns their names and what fits them. It does not own which claim has which (schema).
package format
