package idempotency

import (
	"errors"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The faults of this room.
var (
	ErrReused = fault.New(fault.Invalid, "idempotency_key_reused", "The Idempotency-Key was used for another request.")
	ErrBusy   = fault.New(fault.Conflict, "idempotency_key_busy", "The first request with this Idempotency-Key is still being worked on.")
)

// ErrNone is what a store answers where nothing is kept; no caller sees it.
var ErrNone = errors.New("idempotency: nothing is kept for this request")
