// Package gen is the contract as Go: the document in every published form, the models, and
// the strict Fiber server that server/api implements.
//
// It owns nothing by hand: everything beside this file is made by openapi/tool from the
// documents below openapi. Its neighbours are server/api, which implements
// StrictServerInterface, and clients/go/wire, the other half made in the same run.
package gen

//go:generate go run ../openapi/tool -root .. generate
