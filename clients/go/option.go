package lintel

import (
	"net/http"
	"time"
)

// CallOption changes one call: the optional parameters of its operation, or one of the
// functions below.
type CallOption interface{ apply(c *call) }

type option func(*call)

func (o option) apply(c *call) { o(c) }

// WithToken makes a call in another session than the client's.
func WithToken(token string) CallOption {
	return option(func(c *call) { c.token = StaticToken(token) })
}

// WithLocale asks to be answered in a language, by its BCP 47 tag.
func WithLocale(locale string) CallOption { return option(func(c *call) { c.locale = locale }) }

// WithTimeout bounds the call with all its repetitions.
func WithTimeout(timeout time.Duration) CallOption {
	return option(func(c *call) { c.timeout = timeout })
}

// WithRetries says how often to repeat the call at most, if it may be repeated; 0 is never.
func WithRetries(retries int) CallOption { return option(func(c *call) { c.retries = retries }) }

// WithHeader sends one more header.
func WithHeader(name, value string) CallOption {
	return option(func(c *call) { c.header.Set(name, value) })
}

// WithIdempotencyKey takes the place of the key that is made up for an operation that has
// one, so that the same act can be repeated in another process.
func WithIdempotencyKey(key string) CallOption { return option(func(c *call) { c.key = key }) }

// ReadHeader keeps the header of the answer, ETag among it, whether or not the call fails.
func ReadHeader(header *http.Header) CallOption {
	return option(func(c *call) { c.answered = header })
}

// given are the optional parameters of the operation, nil where there are none. Those that
// are left belong to another operation, and the call is refused.
func given[P any](c *call) *P {
	params, ok := c.params.(P)
	if !ok {
		return nil
	}
	c.params = nil
	return &params
}

// chosen are the same among options that are still to be applied.
func chosen[P any](options []CallOption) (params P) {
	c := call{header: http.Header{}}
	for _, o := range options {
		o.apply(&c)
	}
	params, _ = c.params.(P)
	return params
}
