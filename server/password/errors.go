package password

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrNone      = fault.New(fault.NotFound, "password_none", "The user has no password.")
	ErrWrong     = fault.New(fault.Invalid, "credentials_invalid", "The credentials are not right.")
	ErrRejected  = fault.New(fault.Invalid, "password_rejected", "The password does not meet the policy.")
	ErrBusy      = fault.New(fault.Unavailable, "overloaded", "Too much is going on. Try again shortly.")
	ErrUnchecked = fault.New(fault.Unavailable, "password_unchecked", "The password cannot be checked right now. Try again shortly.")
	ErrChanged   = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)

// What only we are told: these are mistakes of ours or of an import, never of a
// caller, and so no faults.
var (
	// ErrHash is a stored or imported hash that is malformed or dearer than allowed.
	ErrHash = errors.New("password: hash is malformed or outside the bounds")

	errInsideUnit = errors.New("password: slow work inside a unit of work")
	errUnprepared = errors.New("password: nothing was prepared")
	errLong       = errors.New("password: input over the bound")
)
