// Package passkey keeps passkeys: the public keys with which users prove to be there, each
// for one relying party.
//
// It owns the options that a front end hands to the platform, the verification of what comes
// back, the rules on names and counters, user handles, and what a front end is told so that a
// removed passkey is offered no more. It does not own what an application wants of passkeys
// (application/relyingparty), which authenticators are known (passkey/models), what a proof
// leads to (flow, assurance), or how removing the last way in is warned of (api).
package passkey
