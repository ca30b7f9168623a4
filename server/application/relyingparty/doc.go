// Package relyingparty is what an application says about passkeys: whose they are, where
// they may be used, and which ones count.
//
// It owns the shape of that, its check, and the documents that browsers and phones read to
// find out what belongs together. It does not own the ceremonies or the passkeys themselves
// (passkey), or which origins may call this server (application).
package relyingparty
