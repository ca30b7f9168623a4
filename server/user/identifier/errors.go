package identifier

import "github.com/lintel-id/lintel/server/platform/fault"

// ErrInvalid tells at /identifier why a text is none.
var ErrInvalid = fault.New(fault.Invalid, "identifier_invalid", "This is not a usable email address, phone number or username.")
