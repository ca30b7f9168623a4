// Package merge makes one of two users who are the same person.
//
// It owns what may be merged, the plan of it, which is the same code for a preview and for
// the act, and the order of things in the one unit of work: both users are held, what
// somebody has seen is compared with what there is, what moves is moved, and the source is
// erased as in erasure, key included. It does not own any row: users plan and write
// themselves (user.Merger), and each other room says through Mover what of it moves.
//
// The source is erased at once. What its events told about the person opens no more: they
// stood under the source's key, and a key that outlived its user would be left behind when
// the target is erased.
package merge
