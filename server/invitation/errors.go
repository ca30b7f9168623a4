package invitation

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrUnknown    = fault.New(fault.NotFound, "invitation_unknown", "There is no such invitation.")
	ErrNotAllowed = fault.New(fault.Denied, "invitations_not_allowed", "People cannot be invited in this application.")
	ErrTooMany    = fault.New(fault.TooMany, "too_many_invitations", "You have invited too many people. Try again later.")
	ErrExists     = fault.New(fault.Conflict, "invitation_exists", "There is a pending invitation for this address.")
	ErrClosed     = fault.New(fault.Conflict, "invitation_closed", "The invitation was accepted or revoked.")
	ErrInvalid    = fault.New(fault.Invalid, "invitation_invalid", "The invitation is not right, was used before or is too old.")
)

// errDeps is a mistake of ours.
var errDeps = errors.New("invitation: a dependency is missing")
