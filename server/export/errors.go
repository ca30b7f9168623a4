package export

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrUnknown = fault.New(fault.NotFound, "export_unknown", "There is no export of yours.")
	ErrLimited = fault.New(fault.TooMany, "export_limited", "These are as many exports as one may begin in a day. Try again later.")
)
