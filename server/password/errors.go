package password

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrNone     = fault.New(fault.NotFound, "password_none", "The user has no password.")
	ErrWrong    = fault.New(fault.Invalid, "credentials_invalid", "The credentials are not right.")
	ErrRejected = fault.New(fault.Invalid, "password_rejected", "The password does not meet the policy.")
	ErrBusy     = fault.New(fault.Unavailable, "overloaded", "Too much is going on. Try again shortly.")
	ErrChanged  = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)
