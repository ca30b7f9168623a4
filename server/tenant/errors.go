package tenant

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrUnknownHost     = fault.New(fault.Misdirected, "tenant_unknown", "No tenant answers for this host.")
	ErrHostTaken       = fault.New(fault.Conflict, "tenant_host_taken", "Another tenant answers for this host.")
	ErrInvalid         = fault.New(fault.Invalid, "tenant_invalid", "This cannot be a tenant.")
	ErrSettings        = fault.New(fault.Invalid, "settings_invalid", "These settings cannot be used.")
	ErrDeclared        = fault.New(fault.Conflict, "declared_in_configuration", "The configuration of the server declares this.")
	ErrRevisionUnknown = fault.New(fault.NotFound, "settings_version_unknown", "There is no such version of the settings.")
	ErrChanged         = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)

// ErrUnknown means a context or row names a tenant that is not there. No caller
// chooses a tenant by id on a tenant's own surface, so it is the same answer as
// for a host that nobody answers for.
var ErrUnknown = ErrUnknownHost
