package lintel

import (
	"net/http"
	"time"

	"github.com/lintel-id/lintel/clients/go/internal/exchange"
)

// CallOption changes one call: the optional parameters of its operation, or one of the
// functions below.
type CallOption interface{ apply(c *exchange.Call) }

type option func(*exchange.Call)

func (o option) apply(c *exchange.Call) { o(c) }

// WithToken makes a call in another session than the client's.
func WithToken(token string) CallOption {
	return option(func(c *exchange.Call) { c.Token = StaticToken(token) })
}

// WithLocale asks to be answered in a language, by its BCP 47 tag.
func WithLocale(locale string) CallOption {
	return option(func(c *exchange.Call) { c.Locale = locale })
}

// WithTimeout bounds the call with all its repetitions.
func WithTimeout(timeout time.Duration) CallOption {
	return option(func(c *exchange.Call) { c.Timeout = timeout })
}

// WithRetries says how often to repeat the call at most, if it may be repeated; 0 is never.
func WithRetries(retries int) CallOption {
	return option(func(c *exchange.Call) { c.Retries = retries })
}

// WithHeader sends one more header.
func WithHeader(name, value string) CallOption {
	return option(func(c *exchange.Call) { c.Header.Set(name, value) })
}

// WithIdempotencyKey takes the place of the key that is made up for an operation that has
// one, so that the same act can be repeated in another process.
func WithIdempotencyKey(key string) CallOption { return option(func(c *exchange.Call) { c.Key = key }) }

// ReadHeader keeps the header of the answer, ETag among it, whether or not the call fails.
func ReadHeader(header *http.Header) CallOption {
	return option(func(c *exchange.Call) { c.Answered = header })
}
