package provisioning

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrImpersonationOff     = fault.New(fault.Denied, "impersonation_disabled", "Nobody may act in a user's name here.")
	ErrImpersonationInvalid = fault.New(fault.Invalid, "request_invalid", "The request does not fit the contract.")
	ErrImpersonationRefused = fault.New(fault.Denied, "impersonation_refused", "Nobody may act in the name of an operator.")
)
