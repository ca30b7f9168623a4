package httpc

import "errors"

// Why a request was not made or not finished.
var (
	// ErrForbiddenURL means the scheme, the host's spelling or credentials in the URL.
	ErrForbiddenURL = errors.New("httpc: URL is not allowed")
	// ErrForbiddenAddress means the host leads to an address the server must not call.
	ErrForbiddenAddress = errors.New("httpc: address is not allowed")
	// ErrTooManyRedirects means the chain is longer than the bound.
	ErrTooManyRedirects = errors.New("httpc: too many redirects")
	// ErrTooLarge means the response is over the bound.
	ErrTooLarge = errors.New("httpc: response is too large")
)
