// Package verify checks the tokens that a service receives from people who are signed in at
// Lintel: the JWTs that createSessionToken makes.
//
//	verifier, err := verify.New("https://id.example.com", verify.Options{Audience: "https://api.example.com"})
//	http.ListenAndServe(":8081", verifier.Middleware(api))
//
// It owns the check of a token, a copy of the server's keys, and the answer to a request
// whose token will not do, for net/http and, through the same three calls, for any other
// framework (see the package fiberauth). It does not own what a token lets its bearer do.
//
// A token is checked without asking the server, so that it counts until it expires even if
// its session has ended; who cannot wait for that asks getSession.
//
// Only asymmetric algorithms exist here, and the key says which one it is used with. A key
// comes from the server's set and nowhere else, whatever a token says about itself.
//
// Spec: RFC 7515, RFC 7517, RFC 7519, RFC 6750, RFC 8725.
package verify
