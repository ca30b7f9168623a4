// Package trace is how rooms tell what they did for one request, and how long it took.
//
// It owns the only door to the tracing library: the edge begins a span for a request,
// the rooms below begin theirs within it, and both end them. A span knows operations,
// counts and outcomes. It is given no secret, no identifier, no address of a person and
// no text of an error, since whoever keeps traces is not who keeps people's data.
//
// It does not own where spans go: boot makes the provider behind a Tracer. What works
// in the background belongs to no request, so it has no spans; metrics tell of it.
//
// Where a request is not traced nothing is allocated and no lock is taken: a room asks
// its context for the span around it, finds none, and is given one that forgets.
package trace
