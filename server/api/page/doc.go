// Package page holds what people read on the public listener: the API reference, the
// documents, a page for each problem code, in the reader's language, one of all events,
// and, in development, the demo, which clients/examples brings.
//
// It owns their content, their cache rules and the policy that a browser holds
// them to. Everything is embedded: no page asks another server for anything. It
// does not own HTTP, or the choice of a language; the edge serves what it finds here.
package page
