// Package wire is the contract as a Go client: the models and one call per operation, as the
// generator makes them.
//
// It owns nothing by hand and adds no judgement: it does not retry, keeps no session, reads a
// body whatever its length and takes any undocumented status for a Problem. The client that
// people use, beside it, closes those holes. Its other half, made in the same run, is gen.
package wire
