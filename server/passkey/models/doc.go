// Package models knows which authenticators there are: what they are called, which
// certificates prove that a passkey was made by one, and which ones are withdrawn.
//
// It owns the file of the FIDO Metadata Service that an operator keeps: its verification,
// when it is read again, and which of two is believed; and the names of widespread
// providers, who are not in it. Nothing is fetched: who has no file knows names and proves
// nothing. It does not own the verification of attestations (the passkey library, which
// asks a Provider), or which models an application takes (application/relyingparty).
//
// Tests make such files with modelstest.
//
// Spec: FIDO Metadata Service v3.1.1, FIDO Metadata Statement v3.1.1.
package models
