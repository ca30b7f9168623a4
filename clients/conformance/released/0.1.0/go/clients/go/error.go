package lintel

import "github.com/lintel-id/lintel/clients/go/internal/exchange"

// Codes of what went wrong where no server said so. All others are the server's: those that
// this release knows are the constants that begin with ProblemCode.
const (
	CodeNetwork      = exchange.CodeNetwork      // nothing came back
	CodeTimeout      = exchange.CodeTimeout      // it took too long
	CodeAborted      = exchange.CodeAborted      // the caller's context was cancelled
	CodeUnreadable   = exchange.CodeUnreadable   // what came back is nothing of Lintel's
	CodeInputInvalid = exchange.CodeInputInvalid // it cannot be sent
)

// Error is whatever goes wrong with a call. The package management has the same type.
//
//	Operation  string        // what was asked, as the contract names it
//	Code       string        // the stable name of what went wrong, for programs
//	Status     int           // the HTTP status; 0 where nothing came back
//	Problem    *Problem      // what the server said, nil where it said nothing
//	RetryAfter time.Duration // when another try makes sense; 0 where nothing was said about it
//
// Unwrap gives what it came from, such as the error of the context; Field("/password") what
// is wrong with one place of the input, nil where nothing is.
type Error = exchange.Error
