package application

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrUnknown          = fault.New(fault.Invalid, "client_unknown", "No application has this client id.")
	ErrClientIDRequired = fault.New(fault.Invalid, "client_id_required", "Name an application with client_id.")
	ErrClientIDTaken    = fault.New(fault.Conflict, "client_id_taken", "Another application has this client id.")
	ErrInvalid          = fault.New(fault.Invalid, "application_invalid", "The application's settings cannot be used.")
	ErrChanged          = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)
