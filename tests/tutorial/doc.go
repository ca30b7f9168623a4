// Package tutorial runs the tutorial of the README and what it says on managing as a
// reader would paste them, against a server on every engine, and holds what comes out
// against what the README says comes out.
//
// It owns nothing of these: the README is the only place where they are written.
// Servers come from tests/api/running.
package tutorial
