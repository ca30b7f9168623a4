// Package tutorial runs the tutorial of the README as a reader would paste it,
// against a server on every engine, and holds what comes out against what the README
// says comes out.
//
// It owns nothing of the tutorial: the README is the only place where it is written.
// Servers come from tests/api/running.
package tutorial
