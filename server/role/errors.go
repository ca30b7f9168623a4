package role

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrUnknown       = fault.New(fault.NotFound, "role_unknown", "There is no such role.")
	ErrKeyTaken      = fault.New(fault.Conflict, "role_key_taken", "Another role already has this key.")
	ErrBuiltIn       = fault.New(fault.Conflict, "role_built_in", "A built-in role stays as it is.")
	ErrRefused       = fault.New(fault.Invalid, "role_refused", "This cannot be a role.")
	ErrLimit         = fault.New(fault.Conflict, "role_limit", "There are as many roles as one tenant may have.")
	ErrUserLimit     = fault.New(fault.Conflict, "user_role_limit", "The user has as many roles as one may have.")
	ErrScopeExceeded = fault.New(fault.Denied, "scope_exceeded", "Nobody can give what they do not have.")
	ErrChanged       = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)
