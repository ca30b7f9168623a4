// Package id makes and reads names for things: a type prefix and a UUIDv7,
// written as one word (usr_01h455vb4pex5vsknk084sn02q).
//
// Each capability declares its own kind, so that a session id cannot stand where
// a user id is wanted. An id is a name, never a secret. The package does not own
// secrets (see platform/secret) or how an engine stores 16 bytes (see storage).
package id
