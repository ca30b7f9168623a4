// Package lint judges the contract: every rule that keeps it good to use and easy to
// generate from is one named check in one list.
//
// It owns the rules and where a finding points to. It reads what bundle has joined and
// changes nothing; what a later release may change is judged by another tool, against
// openapi/released.
package lint
