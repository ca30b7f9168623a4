// Package gate tells messages whose an address is.
//
// It owns the rule of who may be written to where only a user may: who has the address and may
// sign in, or may still think better of leaving.
//
// It does not own the users (user), what becomes of a message that meets nobody (message), or
// whether somebody who is not known is told so (tenant).
package gate
