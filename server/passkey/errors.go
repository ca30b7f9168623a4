package passkey

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrUnknown     = fault.New(fault.NotFound, "passkey_unknown", "There is no such passkey.")
	ErrMoved       = fault.New(fault.Stale, "passkey_moved", "The passkey was used at the same moment. Try again.")
	ErrTaken       = fault.New(fault.Conflict, "passkey_taken", "This passkey is registered already.")
	ErrInvalid     = fault.New(fault.Invalid, "passkey_invalid", "This passkey could not be verified.")
	ErrUnverified  = fault.New(fault.Invalid, "passkey_user_unverified", "The passkey has to find out who is there: unlock it with a PIN, a face or a fingerprint.")
	ErrNotAllowed  = fault.New(fault.Invalid, "passkey_not_allowed", "Passkeys of this make are not accepted here.")
	ErrLimit       = fault.New(fault.Conflict, "passkey_limit_reached", "There are as many passkeys as there may be. Remove one first.")
	ErrNameInvalid = fault.New(fault.Invalid, "passkey_name_invalid", "A name of a passkey has 1 to 64 visible characters.")
	ErrLastWayIn   = fault.New(fault.Conflict, "last_way_in", "This is the last way into the account. Add another one first, or confirm that it may go.")
)
