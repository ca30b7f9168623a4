package jwks

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrUnknown = fault.New(fault.NotFound, "signing_key_unknown", "There is no such signing key.")
	ErrLimit   = fault.New(fault.Conflict, "signing_key_limit", "As many signing keys are published as may be.")
	ErrChanged = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)

// Mistakes of ours, never of a caller.
var (
	errInUnit = errors.New("jwks: signing and making keys do not belong into a unit of work")
	errStored = errors.New("jwks: a stored key cannot be used")
)
