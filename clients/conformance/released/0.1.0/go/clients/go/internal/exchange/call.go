package exchange

import (
	"context"
	"crypto/rand"
	"errors"
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

// Operation is how the contract wants something asked.
type Operation struct {
	Name    string
	Path    []Segment
	Flow    string // the token of the flow it is about
	Repeats bool   // asking twice is asking once
	Keyed   bool   // an Idempotency-Key makes it so
	Token   bool   // the client's token goes along
}

// Segment is a parameter in the path.
type Segment struct{ Name, Value string }

// Call is one operation being carried out. The options of a call change what is exported.
type Call struct {
	Token    func(ctx context.Context) (string, error)
	Locale   string
	Timeout  time.Duration
	Retries  int
	Header   http.Header
	Key      string       // in the place of one that is made up
	Answered *http.Header // where the header of the answer is kept; nil for nowhere
	Params   any          // optional parameters that no operation has taken yet

	operation Operation
	client    *Client
}

// Call begins to carry out an operation, as the client does without any option.
func (c *Client) Call(o Operation) *Call {
	made := &Call{
		Token: c.config.Token, Locale: c.config.Locale, Timeout: c.config.Timeout, Retries: c.config.Retries,
		Header: http.Header{}, operation: o, client: c,
	}
	maps.Copy(made.Header, c.config.Header)
	return made
}

// Server is where it goes, with a slash at the end.
func (c *Call) Server() string { return c.client.server }

// Given are the optional parameters of the operation, nil where there are none. Those that
// are left belong to another operation, and the call is refused.
func Given[P any](c *Call) *P {
	params, ok := c.Params.(P)
	if !ok {
		return nil
	}
	c.Params = nil
	return &params
}

// Value is what a pointer leads to, or nothing.
func Value[T any](pointer *T) (found T) {
	if pointer != nil {
		found = *pointer
	}
	return found
}

func (c *Call) fail(code string, status int, cause error) *Error {
	return &Error{Operation: c.operation.Name, Code: code, Status: status, cause: cause}
}

// Ask carries out an operation that answers with a T.
func Ask[T any](ctx context.Context, c *Call, request *http.Request, err error) (*T, error) {
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

// Tell carries out an operation that answers with nothing.
func Tell(ctx context.Context, c *Call, request *http.Request, err error) error {
	if _, failure := c.send(ctx, request, err); failure != nil {
		return failure
	}
	return nil
}

// send asks until there is an answer, or no sense in asking again. err is why the request
// could not be made.
func (c *Call) send(ctx context.Context, request *http.Request, err error) (*answer, *Error) {
	if err := c.sendable(err); err != nil {
		return nil, c.fail(CodeInputInvalid, 0, err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
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
		if !c.operation.Repeats || attempt >= c.Retries || !failure.passes() || left(ctx) < pause {
			return nil, failure
		}
		if err := rest(ctx, pause); err != nil {
			return nil, c.lost(ctx, err)
		}
	}
}

// sendable refuses what must not leave: a segment that would lead to another place in the
// path, and parameters that would be left out in silence.
func (c *Call) sendable(err error) error {
	for _, s := range c.operation.Path {
		if s.Value == "" || s.Value == "." || s.Value == ".." {
			return fmt.Errorf("%s cannot be %q", s.Name, s.Value)
		}
	}
	if err == nil && c.Params != nil {
		return fmt.Errorf("%T belongs to another operation", c.Params)
	}
	return err
}

// dress puts on what does not depend on the operation's own parameters.
func (c *Call) dress(ctx context.Context, request *http.Request) error {
	header := request.Header
	for name, values := range c.Header {
		if len(header[name]) == 0 {
			header[name] = values
		}
	}
	header.Set("Accept", "application/json, application/problem+json")
	if c.Locale != "" {
		header.Set("Accept-Language", c.Locale)
	}
	if c.operation.Flow != "" {
		header.Set("Lintel-Flow", c.operation.Flow)
	}
	switch {
	case c.Key != "":
		header.Set("Idempotency-Key", c.Key)
	case c.operation.Keyed && header.Get("Idempotency-Key") == "":
		header.Set("Idempotency-Key", rand.Text())
	}
	if c.operation.Token {
		if err := c.authorize(ctx, header); err != nil {
			return err
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

// authorize sends the token along.
func (c *Call) authorize(ctx context.Context, header http.Header) error {
	token, credential := "", c.client.config.Credential
	if c.Token != nil {
		var err error
		if token, err = c.Token(ctx); err != nil {
			return fmt.Errorf("%s: %w", credential.Name, err)
		}
	}
	switch {
	case token != "":
		header.Set("Authorization", "Bearer "+token)
	case credential.Needed:
		return errors.New(credential.Name + " is missing")
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
