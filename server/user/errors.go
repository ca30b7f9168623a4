package user

import (
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user/identifier"
)

// The faults of this room.
var (
	ErrUnknown              = fault.New(fault.NotFound, "user_unknown", "There is no such user.")
	ErrSuspended            = fault.New(fault.Denied, "user_suspended", "This account is suspended.")
	ErrGuest                = fault.New(fault.Conflict, "user_guest", "This user is a guest.")
	ErrIdentifierTaken      = fault.New(fault.Conflict, "identifier_taken", "Somebody already uses this identifier.")
	ErrIdentifierInvalid    = identifier.ErrInvalid // at /identifier, or at the place it came from
	ErrIdentifierUnprovable = fault.New(fault.Invalid, "identifier_unprovable", "This application wants addresses proven first, and cannot prove this one.")
	ErrIdentifierUnknown    = fault.New(fault.NotFound, "identifier_unknown", "You have no such identifier.")
	ErrIdentifierLimit      = fault.New(fault.Conflict, "identifier_limit", "You have as many identifiers as one user may have.")
	ErrIdentifierLast       = fault.New(fault.Conflict, "identifier_last", "The last identifier cannot be removed.")
	ErrMetadataInvalid      = fault.New(fault.Invalid, "metadata_invalid", "Metadata is an object of at most 16 KiB.")
	ErrChanged              = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)
