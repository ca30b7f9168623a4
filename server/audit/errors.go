package audit

import "github.com/lintel-id/lintel/server/platform/fault"

// ErrUnknown tells that there is no entry of this number, or not yet.
var ErrUnknown = fault.New(fault.NotFound, "audit_entry_unknown", "There is no such entry.")
