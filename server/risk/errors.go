package risk

import "github.com/lintel-id/lintel/server/platform/fault"

// ErrTooMany is told to whoever guesses too fast, the same for known and unknown accounts.
var ErrTooMany = fault.New(fault.TooMany, "too_many_attempts", "There were too many wrong answers. Try again later.")
