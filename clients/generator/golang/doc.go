// Package golang spells the form as Go.
//
// It owns operations.gen.go of the packages lintel (clients/go) and management: one method
// per operation, the names of the wire package under the roof of the client's own, and the
// unions as types that a switch can tell apart. It does not own how an operation is carried
// out (clients/go/internal/exchange), nor the models and the requests, which oapi-codegen
// makes (clients/go/wire) and which it only names.
//
// A type is the wire package's in both packages, and so one and the same, unless it is a
// variant of a union from the server: those carry a method, and each package has its own.
//
// Whatever is optional about an operation is an option of the call, so that one more
// optional parameter in the contract breaks no caller. What it needs is an argument.
package golang
