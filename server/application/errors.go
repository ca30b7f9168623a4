package application

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrNotFound         = fault.New(fault.NotFound, "application_unknown", "There is no such application.")
	ErrLimit            = fault.New(fault.Conflict, "application_limit", "There are as many applications as one tenant may have.")
	ErrDeclared         = fault.New(fault.Conflict, "declared_in_configuration", "The configuration of the server declares this.")
	ErrSecretUnknown    = fault.New(fault.NotFound, "application_secret_unknown", "The application has no such secret.")
	ErrSecretLimit      = fault.New(fault.Conflict, "application_secret_limit", "The application has as many secrets as it may have.")
	ErrSecretInvalid    = fault.New(fault.Unauthenticated, "client_secret_invalid", "The client secret is not valid.")
	ErrUnknown          = fault.New(fault.Invalid, "client_unknown", "No application has this client id.")
	ErrClientIDRequired = fault.New(fault.Invalid, "client_id_required", "Name an application with client_id.")
	ErrClientIDTaken    = fault.New(fault.Conflict, "client_id_taken", "Another application has this client id.")
	ErrInvalid          = fault.New(fault.Invalid, "application_invalid", "The application's settings cannot be used.")
	ErrNoLinkURI        = fault.New(fault.Conflict, "link_uri_required", "The application has no page that opens links.")
	ErrNoAssociation    = fault.New(fault.NotFound, "association_unknown", "No application says anything of this here.")
	ErrChanged          = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)
