// Package application keeps what may talk to a tenant on behalf of people: OAuth
// clients, with the origins of their front ends, their redirect and link targets and
// the journeys they run.
//
// It owns the rules of those settings and every comparison with them: whether a
// request's origin is an application's, and whether somebody may be sent to a URL.
// It does not own journeys (flow), grants and tokens (oauth), or what users agree to
// (consent). It knows neither user nor flow: the claims that exist come with its
// configuration.
//
// A disabled application answers as if it did not exist.
package application
