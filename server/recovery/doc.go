// Package recovery hands an account to another address after every way into it was lost.
//
// It owns the one recovery that a user may have: who may start it, that everybody who reads an
// address of the account is told and can stop it, from when and until when the new address is
// good, and that it is used once. It does not own who the person is, which whoever starts it has
// found out elsewhere, the proof of the address (code, flow/step), or what the account becomes
// (flow/ending).
package recovery
