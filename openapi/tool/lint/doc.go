// Package lint judges the contract: every rule that keeps it good to use and easy to
// generate from is one named check in one list.
//
// It owns the rules and where a finding points to. It reads what bundle has joined and
// changes nothing; what a later release may change is judged against openapi/released, for
// events by growth and for the rest by another tool.
package lint
