// Package application keeps what may talk to a tenant on behalf of people: OAuth
// clients, with the origins of their front ends, their redirect and link targets and
// the journeys they run.
//
// It owns the rules of those settings and every comparison with them: whether a
// request's origin is an application's, and whether somebody may be sent to a URL. How an
// address is spelled is target's, and what is said of passkeys relyingparty's.
// It does not own journeys (flow), grants and tokens (oauth), or what users agree to
// (consent). It knows neither user nor flow: the claims that exist come with its
// configuration.
//
// What a configuration declares belongs to the configuration: Ensure writes it at each
// start, and whoever manages the tenant is refused. What is made over the API no start
// changes, unless its client id is declared: then it is taken over as it stands, with its
// secrets, since a server that does not start is the worse surprise. What leaves the
// configuration is handed over by Release.
//
// A disabled application answers as if it did not exist.
package application
