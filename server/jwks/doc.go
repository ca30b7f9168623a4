// Package jwks keeps the keys that a tenant signs with.
//
// It owns their making, their private parts, sealed by the tenant's own key, the public
// document that verifiers read, signing, and rotation: a successor is published ahead
// of its use, and who signed before stays published until nothing it signed is still
// valid. A key's times alone say what it is for, so that all nodes change over at the
// same moment and none has to be told.
//
// It does not own the mathematics and the form of tokens (platform/jose), what is
// signed (session, and the protocols), or the key that seals (tenant).
//
// Spec: RFC 7517, RFC 7638.
package jwks
