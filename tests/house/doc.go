// Package house holds the rules of the house as tests.
//
// It owns what a linter cannot see: which room may import which, that every
// noun has its nameplates, that packages say what they own, that nothing grows
// without bound, and that the lists of error codes and promises match the code.
// It does not own style; that is golangci-lint's.
//
// A rule is a function from a tree to its violations, so each is tried on a
// small tree that breaks it before it is applied to the real one.
package house
