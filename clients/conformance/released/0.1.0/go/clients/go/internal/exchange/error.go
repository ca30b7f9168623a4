package exchange

import (
	"strconv"
	"time"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// Codes of what went wrong where no server said so. All others are the server's.
const (
	CodeNetwork      = "network"       // nothing came back
	CodeTimeout      = "timeout"       // it took too long
	CodeAborted      = "aborted"       // the caller's context was cancelled
	CodeUnreadable   = "unreadable"    // what came back is nothing of Lintel's
	CodeInputInvalid = "input_invalid" // it cannot be sent
)

// Error is whatever goes wrong with a call.
type Error struct {
	// Operation is what was asked, as the contract names it.
	Operation string
	// Code is the stable name of what went wrong, for programs.
	Code string
	// Status is the HTTP status; 0 where nothing came back.
	Status int
	// Problem is what the server said, nil where it said nothing.
	Problem *wire.Problem
	// RetryAfter is when another try makes sense; 0 where nothing was said about it.
	RetryAfter time.Duration

	soon  bool // RetryAfter is 0 because that was said
	cause error
}

// Error is for a log.
func (e *Error) Error() string {
	text := "lintel: " + e.Operation + ": " + e.Code
	if e.Status != 0 {
		text += " (" + strconv.Itoa(e.Status) + ")"
	}
	switch {
	case e.Problem != nil:
		text += ": " + e.Problem.Detail
	case e.cause != nil:
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap is what it came from, such as the error of the context.
func (e *Error) Unwrap() error { return e.cause }

// Field is what is wrong with one place of the input, by its JSON Pointer ("/password"); nil
// where nothing is.
func (e *Error) Field(pointer string) *wire.FieldError {
	if e.Problem == nil {
		return nil
	}
	for i := range e.Problem.Errors {
		if e.Problem.Errors[i].Pointer == pointer {
			return &e.Problem.Errors[i]
		}
	}
	return nil
}

// passes says whether what went wrong may be over soon.
func (e *Error) passes() bool {
	switch e.Status {
	case 0:
		return e.Code == CodeNetwork
	case 502, 503, 504:
		return true
	}
	return false
}
