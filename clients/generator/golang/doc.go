// Package golang spells the form as Go.
//
// It owns clients/go/operations.gen.go: one method per operation, the names of the wire
// package under the roof of the client's own, and the unions as types that a switch can
// tell apart. It does not own how an operation is carried out (clients/go), nor the models
// and the requests, which oapi-codegen makes (clients/go/wire) and which it only names.
//
// Whatever is optional about an operation is an option of the call, so that one more
// optional parameter in the contract breaks no caller.
package golang
