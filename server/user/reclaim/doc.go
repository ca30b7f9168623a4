// Package reclaim gives a user an identifier back that somebody took away who should not have.
//
// It owns what goes with that: which identifiers may be those of whoever did, and which one is
// the first choice afterwards. It does not own when it is done (reversal), or the rules of
// identifiers (user).
package reclaim
