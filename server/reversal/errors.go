package reversal

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// ErrInvalid is told of whatever is wrong with an undo, all of it alike.
var ErrInvalid = fault.New(fault.Invalid, "undo_invalid", "This link undoes nothing: it is not right, was used before or is too old.")

var errDeps = errors.New("reversal: a dependency is missing")
