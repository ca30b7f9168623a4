package audit

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var ErrUnknown = fault.New(fault.NotFound, "audit_entry_unknown", "There is no such entry.")
