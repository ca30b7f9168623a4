package fault

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// Kind is the class of a fault; it decides the status a caller sees.
type Kind uint8

// The kinds, from what the caller wrote to what we could not do.
const (
	Malformed       Kind = iota + 1 // the request cannot be read
	Invalid                         // it can be read and breaks a rule
	Unauthenticated                 // nobody has been proven
	Denied                          // somebody has, and may not
	NotFound                        // there is nothing, or nothing for this caller
	NotAllowed                      // the resource exists, the method does not
	Conflict                        // the state has moved on
	Gone                            // it was there and never will be again
	Stale                           // If-Match names an older version
	TooLarge                        // the body is over its bound
	Unsupported                     // the content type is not one we read
	Misdirected                     // no tenant answers for this host
	TooMany                         // too fast
	HeadersTooLarge                 // the header is over its bound
	Internal                        // our fault, and nothing more is told
	Unavailable                     // not now; try again
)

var statuses = map[Kind]int{
	Malformed: http.StatusBadRequest, Invalid: http.StatusUnprocessableEntity,
	Unauthenticated: http.StatusUnauthorized, Denied: http.StatusForbidden,
	NotFound: http.StatusNotFound, NotAllowed: http.StatusMethodNotAllowed,
	Conflict: http.StatusConflict, Gone: http.StatusGone, Stale: http.StatusPreconditionFailed,
	TooLarge: http.StatusRequestEntityTooLarge, Unsupported: http.StatusUnsupportedMediaType,
	Misdirected: http.StatusMisdirectedRequest, TooMany: http.StatusTooManyRequests,
	HeadersTooLarge: http.StatusRequestHeaderFieldsTooLarge,
	Internal:        http.StatusInternalServerError, Unavailable: http.StatusServiceUnavailable,
}

// Status is the HTTP status that stands for the kind; an unknown kind is a 500.
func (k Kind) Status() int {
	if status, ok := statuses[k]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// Field is one offending place in what the caller sent. It never holds the value.
type Field struct {
	Pointer string // JSON Pointer into the body, or "#header/Name", "#query/name", "#path/name"
	Code    string // snake_case, stable
	Detail  string // one sentence; {name} in it stands for a number
	// Numbers are what stands for the names in Detail. Nothing else goes into a
	// sentence, so nothing that the caller sent does.
	Numbers map[string]float64
}

// Error is a fault. Values are immutable: the With methods return copies, so a
// package-level declaration can be shared by every request.
type Error struct {
	Kind       Kind
	Code       string
	Message    string
	Fields     []Field
	RetryAfter time.Duration
	// Members are the extension members of the problem, each described in the spec.
	// Spec: RFC 9457 §3.2.
	Members map[string]any

	cause error
}

// New declares a fault.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Error is for logs, not for strangers: it includes the cause.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Code + ": " + e.Message
	}
	return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.cause)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is makes errors.Is compare by code, so that a copy equals its declaration.
func (e *Error) Is(target error) bool {
	other, ok := errors.AsType[*Error](target)
	return ok && other.Code == e.Code
}

// Because attaches the cause that strangers never see.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// At names the places in the request that are wrong.
func (e *Error) At(fields ...Field) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), fields...)
	return &c
}

// After says when trying again makes sense.
func (e *Error) After(wait time.Duration) *Error {
	c := *e
	c.RetryAfter = wait
	return &c
}

// Member adds an extension member.
func (e *Error) Member(name string, value any) *Error {
	c := *e
	c.Members = make(map[string]any, len(e.Members)+1)
	maps.Copy(c.Members, e.Members)
	c.Members[name] = value
	return &c
}

// As finds the fault in an error chain; nil means the error is a silent 500.
func As(err error) *Error {
	f, _ := errors.AsType[*Error](err)
	return f
}
