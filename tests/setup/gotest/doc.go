// Command gotest runs go test and says in one closing line what came of it.
//
// It owns the reading of go test's event stream: what failed is shown whole,
// what passed is counted. Where CI is "true" a skipped test is a failed run,
// because nobody reads the log of a green one.
package main
