package event

import "errors"

// ErrFenced tells a sequencer that another has taken over.
var ErrFenced = errors.New("event: fenced, another sequencer holds the lease")
