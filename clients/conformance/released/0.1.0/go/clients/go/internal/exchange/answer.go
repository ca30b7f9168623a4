package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// mostAnswer is how much of an answer is read. A page of a hundred users is a twentieth of it.
const mostAnswer = 8 << 20

var (
	errNotJSON  = errors.New("the answer is not one of Lintel's")
	errTooLarge = errors.New("the answer is too large")
	errNothing  = errors.New("the answer is empty")
)

// answer is what a server says when all is well; body is a JSON object, or nothing.
type answer struct {
	status int
	body   []byte
}

// exchange sends a request once.
func (c *Call) exchange(ctx context.Context, request *http.Request) (*answer, *Error) {
	attempt := request.Clone(ctx)
	if request.GetBody != nil {
		body, err := request.GetBody()
		if err != nil {
			return nil, c.fail(CodeInputInvalid, 0, err)
		}
		attempt.Body = body
	}
	response, err := c.client.http.Do(attempt)
	if err != nil {
		return nil, c.lost(ctx, err)
	}
	defer response.Body.Close() //nolint:errcheck // it is for reading only
	if c.Answered != nil {
		*c.Answered = response.Header
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer+1))
	if err != nil {
		return nil, c.lost(ctx, err)
	}
	return c.judge(response, body)
}

// lost says why there is no answer.
func (c *Call) lost(ctx context.Context, err error) *Error {
	switch {
	case ctx.Err() == nil:
		return c.fail(CodeNetwork, 0, err)
	case errors.Is(ctx.Err(), context.Canceled):
		return c.fail(CodeAborted, 0, err)
	}
	return c.fail(CodeTimeout, 0, err)
}

// judge tells an answer from a refusal, and both from what somebody else sent, such as a
// proxy on the way.
func (c *Call) judge(response *http.Response, body []byte) (*answer, *Error) {
	status := response.StatusCode
	success := status >= 200 && status <= 299
	if success && status == http.StatusNoContent {
		return &answer{status: status}, nil
	}
	failure := c.fail(CodeUnreadable, status, errNotJSON)
	failure.RetryAfter, failure.soon = retryAfter(response.Header)
	if len(body) > mostAnswer {
		failure.cause = errTooLarge
		return nil, failure
	}
	if !isJSON(response.Header.Get("Content-Type")) || !isObject(body) {
		return nil, failure
	}
	if success {
		return &answer{status: status, body: body}, nil
	}
	// A member that does not fit is left out, so that a code is told where there is one.
	problem := new(wire.Problem)
	err := Exact(body, problem)
	if problem.Code == "" {
		failure.cause = errors.Join(errNotJSON, err)
		return nil, failure
	}
	failure.Code, failure.Problem, failure.cause = problem.Code, problem, nil
	return nil, failure
}

func isJSON(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	return kind == "application/json" || kind == "application/problem+json"
}

func isObject(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) && json.Valid(body)
}

// retryAfter reads the seconds that a server asks to wait, and whether it asks at all.
func retryAfter(header http.Header) (time.Duration, bool) {
	seconds, err := strconv.ParseUint(header.Get("Retry-After"), 10, 32)
	return time.Duration(seconds) * time.Second, err == nil
}

// decode reads the answer.
func (a *answer) decode(into any) error {
	if a.body == nil {
		return errNothing
	}
	if err := Exact(a.body, into); err != nil {
		return fmt.Errorf("the answer does not fit the contract: %w", err)
	}
	return nil
}
