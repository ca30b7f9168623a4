// Package contract answers what the OpenAPI document says about a request or a
// response while the server runs.
//
// It owns the loaded document: which operations there are, how each wants to be
// authenticated, which content type and parameters it reads, whether a body fits.
// It is the one package that imports kin-openapi at run time, and it gives out
// none of its types. What it finds is a place, a code and a sentence of ours,
// never a value.
//
// It does not own reading of bytes (the edge gives it decoded JSON), faults and
// their rendering, or what a capability refuses.
package contract
