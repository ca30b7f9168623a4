package session

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrNone         = fault.New(fault.Unauthenticated, "session_invalid", "There is no valid session.")
	ErrUnknown      = fault.New(fault.NotFound, "session_unknown", "There is no such session.")
	ErrNotFresh     = fault.New(fault.Denied, "step_up_required", "This needs a more recent or stronger authentication.")
	ErrImpersonated = fault.New(fault.Denied, "impersonated", "Whoever acts in somebody's name cannot do this.")
	ErrGuest        = fault.New(fault.Denied, "registration_required", "A guest cannot do this. Register first; what is yours stays yours.")
	ErrAudience     = fault.New(fault.Invalid, "audience_not_allowed", "The application has no tokens for this audience.")
	ErrChanged      = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)

// Mistakes of ours, never of a caller.
var (
	errTransport = errors.New("session: unknown transport")
	errNoProof   = errors.New("session: started without proof")
)
