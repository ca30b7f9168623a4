package jwks

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// ErrChanged means that somebody else rotated at the same time.
var ErrChanged = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")

// ErrUnknown means that the tenant has no key of that name. No caller of the API
// names one, so it is no fault.
var ErrUnknown = errors.New("jwks: there is no such key")

// Mistakes of ours, never of a caller.
var (
	errInUnit = errors.New("jwks: signing and making keys do not belong into a unit of work")
	errStored = errors.New("jwks: a stored key cannot be used")
)
