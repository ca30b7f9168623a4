// Package risk slows down whoever is guessing.
//
// It owns the counters of wrong answers per account and per source. It does not
// own what is being guessed (password, later code and totp), or limits on requests
// as such, which the edge applies.
package risk
