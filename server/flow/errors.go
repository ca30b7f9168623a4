package flow

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrUnknown = fault.New(fault.NotFound, "flow_unknown", "There is no such flow.")
	ErrMoved   = fault.New(fault.Conflict, "step_not_offered", "The flow has moved on; this step is no longer offered.")
)
