// Package notice tells users what happened to their accounts.
//
// It owns who is told and where: a notice goes to every address that its user has proven, and
// to no other, as whoever reads an unproven one may be somebody else. A user who is kept out,
// or is to be deleted, is told like any other; one who is deleted has no address left. What
// whoever manages the tenant changes is not told: that is theirs to do.
//
// A notice is queued in the unit of work of what it tells of, and goes out after the commit, or
// not at all without one. Where one cannot be sent, for its budget or for want of a provider,
// that is logged, and what it tells of has happened all the same.
//
// It does not own the words (message/letter), what may be sent (message/budget), or the way
// back that a notice may bring (reversal).
package notice
