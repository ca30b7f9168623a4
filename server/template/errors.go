package template

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrUnknown        = fault.New(fault.NotFound, "template_unknown", "There are no such words.")
	ErrVersionUnknown = fault.New(fault.NotFound, "template_version_unknown", "There is no such version of these words.")
	ErrInvalid        = fault.New(fault.Invalid, "template_invalid", "These words cannot be used.")
	ErrChanged        = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
)

// Mistakes of ours, never of a caller.
var (
	errDeps  = errors.New("template: a dependency is missing")
	errValue = errors.New("template: a value is missing")
	errLink  = errors.New("template: a link leads where no message may")
)
