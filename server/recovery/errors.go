package recovery

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrUnknown  = fault.New(fault.NotFound, "recovery_unknown", "The account was never recovered.")
	ErrRunning  = fault.New(fault.Conflict, "recovery_running", "The account, or another one with this address, is being recovered already.")
	ErrOperator = fault.New(fault.Conflict, "recovery_operator", "The user runs the tenant.")
	ErrLink     = fault.New(fault.Invalid, "recovery_link_invalid", "The link is not right, was used before, or there is nothing to stop any more.")
)
