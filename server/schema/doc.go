// Package schema keeps what a profile may hold: a JSON Schema per tenant, in versions.
//
// It owns how such a document is read and bounded, its versions, the formats of claims,
// who may see and write which claim, what a profile or a patch of one is refused for,
// and what of a profile can be searched. It does not own profiles (user), how values
// are found again (user), or who asks for which claim (application, flow).
//
// A document is an object with properties, each a claim. Every value meets exactly one
// schema, so that checking takes time in proportion to the profile and to nothing else:
// there is no allOf, anyOf or if, and no reference beside other keywords. x-user-access
// says what the person may do with a claim: write (the default), read, or none; a claim
// with none answers a person in every way as one that does not exist. x-searchable
// says that people can be found by it.
//
// Version 1 is built in and is that of every tenant which has declared nothing; it is in
// no table, and never changes. A document that differs becomes the next version: one that
// the configuration declares, at a start, or one that is created over the API while the
// newest is not from the configuration. The newest one holds on every node, also on one
// that still declares an older document of the configuration's. What the configuration
// declares after the API has made versions is the newest again; what it declares no more
// is left to the API.
//
// Profiles outlive versions. A profile is never checked as a whole again: what counts is
// what somebody changes. So a claim that has become required or narrower troubles nobody
// who touches something else, a claim that has left the schema stays, seen as it was
// last, until it is set to null, and a claim never changes its type, since what is
// stored under it would not be what it says.
//
// Spec: JSON Schema 2020-12, RFC 7396.
package schema
