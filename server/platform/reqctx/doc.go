// Package reqctx carries what is known about the request at hand: the tenant it
// is for, who acts, from where, and under which trace.
//
// The edge fills it in, storage scopes every query by it and fails closed without
// a tenant. It does not carry transactions (platform/tx) or anything a service
// could be given as an argument.
package reqctx
