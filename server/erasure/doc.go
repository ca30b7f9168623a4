// Package erasure sees a deleted user out: scheduled by the person, undone by a
// login within the grace period, and then nothing about them is left.
//
// It owns the order of things (who is kept out, which sessions end, what is erased in
// the one unit of work) and the worker that looks for whose time has come. It does not
// own any row: each room erases its own through Eraser. The user's states and the undo
// are user's and flow's.
package erasure
