package apikey

import "github.com/lintel-id/lintel/server/platform/fault"

// The faults of this room.
var (
	ErrInvalid         = fault.New(fault.Unauthenticated, "api_key_invalid", "There is no valid API key.")
	ErrOperatorInvalid = fault.New(fault.Unauthenticated, "operator_key_invalid", "This is no valid operator key.")
	ErrUnknown         = fault.New(fault.NotFound, "api_key_unknown", "There is no such API key.")
	ErrScopeMissing    = fault.New(fault.Denied, "scope_missing", "The API key does not have the scope that this needs.")
	ErrScopeExceeded   = fault.New(fault.Denied, "scope_exceeded", "Nobody can give what they do not have.")
	ErrExpiryExceeded  = fault.New(fault.Denied, "expiry_exceeded", "Nobody can give for longer than they have.")
	ErrRefused         = fault.New(fault.Invalid, "api_key_refused", "This cannot be an API key.")
	ErrLimit           = fault.New(fault.Conflict, "api_key_limit", "There are as many API keys as one tenant may have.")
	ErrChanged         = fault.New(fault.Stale, "version_stale", "It was changed in the meantime. Read it again.")
	ErrSecretLimit     = fault.New(fault.Conflict, "api_key_secret_limit", "As many secrets of this API key work as one may have.")
)
