package api

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of the edge itself.
var (
	ErrMalformed   = fault.New(fault.Malformed, "request_malformed", "The request cannot be read.")
	ErrInvalid     = fault.New(fault.Invalid, "request_invalid", "The request does not fit the contract.")
	ErrBodyTooLong = fault.New(fault.TooLarge, "body_too_large", "The request body is too large.")
	ErrContentType = fault.New(fault.Unsupported, "content_type_unsupported", "The operation does not read this content type.")
	ErrHeader      = fault.New(fault.HeadersTooLarge, "headers_too_large", "The request's header is too large.")
	ErrMethod      = fault.New(fault.NotAllowed, "method_not_allowed", "The path does not take this method.")
	ErrNotFound    = fault.New(fault.NotFound, "not_found", "Nothing is served here.")
	ErrInternal    = fault.New(fault.Internal, "internal_error", "Something went wrong on our side.")
	ErrOrigin      = fault.New(fault.Denied, "origin_not_allowed", "The request does not come from an origin that is allowed.")
	ErrLimited     = fault.New(fault.TooMany, "rate_limited", "These are too many requests. Try again shortly.")
	ErrBusy        = fault.New(fault.Unavailable, "overloaded", "Too much is going on. Try again shortly.")
)
