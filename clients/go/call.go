package lintel

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"time"

	"golang.org/x/net/http/httpguts"
)

const (
	firstPause   = 200 * time.Millisecond
	mostDoubling = 6
)

// operation is how the contract wants something asked.
type operation struct {
	name    string
	path    []segment
	flow    string // the token of the flow it is about
	repeats bool   // asking twice is asking once
	keyed   bool   // an Idempotency-Key makes it so
	session bool   // a session's token goes along
}

// segment is a parameter in the path.
type segment struct{ name, value string }

// call is one operation being carried out.
type call struct {
	operation

	client   *Client
	token    TokenSource
	locale   string
	timeout  time.Duration
	retries  int
	header   http.Header
	key      string
	answered *http.Header
	params   any // optional parameters that no operation has taken yet
}

func (c *Client) call(o operation, options []CallOption) *call {
	made := &call{
		operation: o, client: c, token: c.options.Token, locale: c.options.Locale,
		timeout: c.options.Timeout, retries: c.options.Retries, header: http.Header{},
	}
	maps.Copy(made.header, c.options.Header)
	for _, one := range options {
		one.apply(made)
	}
	return made
}

func (c *call) fail(code string, status int, cause error) *Error {
	return &Error{Operation: c.name, Code: code, Status: status, cause: cause}
}

// ask carries out an operation that answers with a T.
func ask[T any](ctx context.Context, c *call, request *http.Request, err error) (*T, error) {
	got, failure := c.send(ctx, request, err)
	if failure != nil {
		return nil, failure
	}
	made := new(T)
	if err := got.decode(made); err != nil {
		return nil, c.fail(CodeUnreadable, got.status, err)
	}
	return made, nil
}

// tell carries out an operation that answers with nothing.
func tell(ctx context.Context, c *call, request *http.Request, err error) error {
	if _, failure := c.send(ctx, request, err); failure != nil {
		return failure
	}
	return nil
}

// send asks until there is an answer, or no sense in asking again. err is why the request
// could not be made.
func (c *call) send(ctx context.Context, request *http.Request, err error) (*answer, *Error) {
	if err := c.sendable(err); err != nil {
		return nil, c.fail(CodeInputInvalid, 0, err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if err := c.dress(ctx, request); err != nil {
		if ctx.Err() != nil {
			return nil, c.lost(ctx, err)
		}
		return nil, c.fail(CodeInputInvalid, 0, err)
	}
	for attempt := 0; ; attempt++ {
		got, failure := c.exchange(ctx, request)
		if failure == nil {
			return got, nil
		}
		pause := failure.pause(attempt)
		if !c.repeats || attempt >= c.retries || !failure.passes() || left(ctx) < pause {
			return nil, failure
		}
		if err := rest(ctx, pause); err != nil {
			return nil, c.lost(ctx, err)
		}
	}
}

// sendable refuses what must not leave: a segment that would lead to another place in the
// path, and parameters that would be left out in silence.
func (c *call) sendable(err error) error {
	for _, s := range c.path {
		if s.value == "" || s.value == "." || s.value == ".." {
			return fmt.Errorf("%s cannot be %q", s.name, s.value)
		}
	}
	if err == nil && c.params != nil {
		return fmt.Errorf("%T belongs to another operation", c.params)
	}
	return err
}

// dress puts on what does not depend on the operation's own parameters.
func (c *call) dress(ctx context.Context, request *http.Request) error {
	header := request.Header
	for name, values := range c.header {
		if len(header[name]) == 0 {
			header[name] = values
		}
	}
	header.Set("Accept", "application/json, application/problem+json")
	if c.locale != "" {
		header.Set("Accept-Language", c.locale)
	}
	if c.flow != "" {
		header.Set("Lintel-Flow", c.flow)
	}
	switch {
	case c.key != "":
		header.Set("Idempotency-Key", c.key)
	case c.keyed && header.Get("Idempotency-Key") == "":
		header.Set("Idempotency-Key", rand.Text())
	}
	if c.session && c.token != nil {
		token, err := c.token(ctx)
		if err != nil {
			return fmt.Errorf("the session's token: %w", err)
		}
		if token != "" {
			header.Set("Authorization", "Bearer "+token)
		}
	}
	for name, values := range header {
		for _, one := range values {
			if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(one) {
				return fmt.Errorf("the header %q cannot be sent", name)
			}
		}
	}
	return nil
}

// pause is how long to wait before asking again: as the server says, or else a time that
// doubles and that no two callers share.
func (e *Error) pause(attempt int) time.Duration {
	if e.RetryAfter > 0 || e.soon {
		return e.RetryAfter
	}
	shortest := firstPause << min(attempt, mostDoubling)
	return shortest + mathrand.N(shortest) //nolint:gosec // it spreads callers, and is no secret
}

// left is the time until the call is over.
func left(ctx context.Context) time.Duration {
	end, _ := ctx.Deadline()
	return time.Until(end) //nolint:forbidigo // deadlines go by the machine's time; tests move it with testing/synctest
}

func rest(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
