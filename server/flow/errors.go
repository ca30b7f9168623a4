package flow

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrUnknown        = fault.New(fault.NotFound, "flow_unknown", "There is no such flow.")
	ErrMoved          = fault.New(fault.Conflict, "step_not_offered", "The flow has moved on; this step is not offered.")
	ErrToken          = fault.New(fault.Unauthenticated, "flow_token_invalid", "The flow token is missing or does not fit.")
	ErrJourney        = fault.New(fault.Invalid, "journey_unknown", "The application does not run this journey.")
	ErrKeyReused      = fault.New(fault.Invalid, "idempotency_key_reused", "The Idempotency-Key was used for another request.")
	ErrOrigin         = fault.New(fault.Denied, "origin_not_allowed", "The application does not allow this origin.")
	ErrCrossSite      = fault.New(fault.Denied, "cookie_transport_cross_site", "A front end on another site cannot keep this server's cookie. Use the token transport.")
	ErrNoSession      = fault.New(fault.Unauthenticated, "session_invalid", "There is no valid session.")
	ErrClientTooOld   = fault.New(fault.Invalid, "client_upgrade_required", "This client cannot show what the journey asks. Update it.")
	ErrNotApprovable  = fault.New(fault.Denied, "link_not_approvable", "This application lets no link be approved elsewhere.")
	ErrTooManyWaiting = fault.New(fault.Unavailable, "overloaded", "Too much is going on. Try again shortly.")
)
