// Package doctor looks at a deployment and says what is wrong with it and what to do.
//
// It owns the list of checks, what each takes for wrong, and how long it may take. It
// does not own how findings are printed, which is cli's. It changes nothing, shows no
// secret, and may look at a deployment whose servers run.
//
// Neighbours: boot/config knows what may be configured; storage, tenant, jwks, audit
// and passkey/models know what they keep.
package doctor
