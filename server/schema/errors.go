package schema

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrInvalid        = fault.New(fault.Invalid, "schema_invalid", "This cannot be a profile schema.")
	ErrUnknown        = fault.New(fault.NotFound, "schema_unknown", "There is no such version.")
	ErrDeclared       = fault.New(fault.Conflict, "declared_in_configuration", "The configuration of the server declares this.")
	ErrProfileInvalid = fault.New(fault.Invalid, "profile_invalid", "The profile does not fit its schema.")
	ErrNotIndexed     = fault.New(fault.Invalid, "filter_not_indexed", "No index answers this filter.")
	ErrChanged        = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)

// errStored is a mistake of ours, never of a caller.
var errStored = errors.New("schema: a stored version cannot be used")
