// Package modelstest makes what tests of passkeys need of the world outside: a metadata
// service with keys of its own, and makers of authenticators with the certificates that
// their attestations show.
//
// It does not own what is tested with them. No server is built with it.
package modelstest
