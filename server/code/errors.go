package code

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrAddress = fault.New(fault.Invalid, "address_required", "Nothing can be sent there. Give an email address or a phone number.")
	ErrWrong   = fault.New(fault.Invalid, "code_invalid", "The code is not right.")
	ErrExpired = fault.New(fault.Invalid, "code_expired", "The code is too old. Ask for another one.")
	ErrSpent   = fault.New(fault.Invalid, "code_spent", "There were too many wrong codes. Ask for another one.")
	ErrNotSent = fault.New(fault.Invalid, "code_not_sent", "Nothing has been sent yet.")
	ErrTooSoon = fault.New(fault.Invalid, "code_sent_recently", "One was sent just now. Wait a little before you ask for another one.")
	ErrLimit   = fault.New(fault.Invalid, "code_limit", "Nothing more is sent in this flow. Start again.")
	ErrLink    = fault.New(fault.Invalid, "link_invalid", "The link is not right, was used before or is too old.")
)

// errDeps is a mistake of ours.
var errDeps = errors.New("code: a dependency is missing")
