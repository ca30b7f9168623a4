package budget

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrSpent        = fault.New(fault.TooMany, "message_budget_spent", "As many messages were sent as may be. Try again later.")
	ErrCountry      = fault.New(fault.Invalid, "message_country_not_allowed", "No messages are sent to numbers of this country.")
	ErrRangeUnknown = fault.New(fault.NotFound, "message_range_unknown", "This range of numbers is not stopped.")
)

// errDeps is a mistake of ours.
var errDeps = errors.New("budget: a dependency is missing")
