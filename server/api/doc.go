// Package api is the edge: HTTP on one side, services on the other.
//
// It owns what every request passes in order (trace, host and tenant, origins,
// strict reading, the contract, authentication), the rendering of faults as
// problems, cookies, and the pages of the public listener. The operations
// themselves are conversions, one file per capability: from the wire, one call, to
// the wire.
//
// It holds no rule and no transaction. The document's meaning is the contract
// package's, listening and shutting down are boot's.
package api
