// Package password owns the one secret that a person remembers: what makes an
// acceptable one, how it is hashed, and whether a typed one is right.
//
// It owns the bounded pool in which every slow hash runs, the policy (length,
// strength, likeness to the identifiers, breached lists), and the work that is
// done for users who do not exist, so that time tells nothing.
//
// It does not own throttling of guesses (risk and flow), what happens to sessions
// when a password changes (session, asked by whoever changes it), or hashes of
// foreign schemes (migration). Nothing slow runs inside a unit of work: prepare
// first, then set.
package password
