// Package seal keeps secrets unreadable at rest.
//
// It owns the three levels of keys: root keys from the configuration seal tenant
// keys, a tenant key seals user keys, and each seals data of its own level. It owns
// the format of a sealed blob, the derivation of further keys from a data key, the
// keyed fingerprints used for look-ups, and the key file of a development machine.
//
// Every level seals the same way: XChaCha20-Poly1305, whose 192-bit nonces may be
// random for any number of messages, under a key derived for sealing alone. The
// purpose and the associated data are authenticated, so a blob copied to another
// column, row or user does not open.
//
// It does not own storage: stores hand it blobs and take blobs. It knows no
// capability; a user is a string here. Hashing of bearer secrets is secret's,
// signing keys are jose's.
package seal
