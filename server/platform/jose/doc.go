// Package jose signs and verifies JSON Web Tokens.
//
// It owns signing keys and their JWK form, key sets of others, to verify with or to
// encrypt to, and the one way in which a token is checked: the caller says what it
// expects, everything else is refused. A token whose signer shows certificates is checked
// by the roots and the name that the caller expects.
// It is the only package that imports the JOSE library, and it exposes none of
// the library's types, so that replacing the library is this package's work alone.
// The compact form is taken apart here, strictly; the library is given only bytes,
// a key and an algorithm, so two readings of one header cannot differ.
//
// It does not own where keys live (a capability stores them, seal encrypts them),
// how they rotate, how remote key sets are fetched, or what claims mean.
//
// Spec: RFC 7515, RFC 7517, RFC 7518, RFC 7519, RFC 7638, RFC 8725.
package jose
