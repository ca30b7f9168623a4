// Package tenant keeps the full separations of data and keys that one server holds.
//
// It owns a tenant's base URL (its issuer, and the only source of links), the hosts
// it answers for, its data key, sealed by the root keys, and the look-up from a
// request's host to a tenant. It does not own what is inside a tenant, the root keys
// (seal), or the scope on every query (reqctx carries it, storage enforces it).
// Of its settings, those that are declared hold; under them are those that were chosen
// over the API, which have a history and which no start changes.
//
// The host of a request only looks a tenant up: nothing that is sent, signed or
// linked is ever made from it.
package tenant
