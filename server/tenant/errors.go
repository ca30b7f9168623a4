package tenant

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrUnknownHost = fault.New(fault.Misdirected, "tenant_unknown", "No tenant answers for this host.")
	ErrHostTaken   = fault.New(fault.Conflict, "tenant_host_taken", "Another tenant answers for this host.")
	ErrChanged     = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)
