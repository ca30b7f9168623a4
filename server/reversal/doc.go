// Package reversal is the way back from a change of an account that its user did not make.
//
// It owns what follows from a change of an identifier by its user: who is told of it, the link
// that undoes the removal of a proven address, and what goes with it when it is used. Whoever
// removed the address knew what the account was entered with, and may have left ways in of their
// own. So the undo ends every session, takes the password away, and takes what was added or
// proven since a while before the removal; the account is entered again by a recovery, with the
// address that came back.
//
// Ways back that lead to such addresses end with it, or else whoever removed the address would
// take it again: an undo makes no way back, and is none itself. Between two of them the one whose
// address was proven first is the stronger, so that it matters little who is faster.
//
// It does not own identifiers (user), how a notice is sent (notice), or words (message/letter).
package reversal
