package api

import (
	"bytes"
	"cmp"
	"context"
	"net/url"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/server/api/contract"
	"github.com/lintel-id/lintel/server/platform/fault"
)

// before gives what runs ahead of one operation: a bound on its time, then the
// request is read, held against the contract, and whoever sent it is found out.
func (e *edge) before(operation *contract.Operation) fiber.Handler {
	limit := e.config.RequestTimeout + time.Duration(operation.Waits)*time.Second
	return func(c *fiber.Ctx) error {
		r := requestOf(c.UserContext())
		r.operation, r.what = operation, operation.ID
		r.limit.within = limit
		defer r.end()
		if operation.Waits > 0 {
			endWith(r.timed(), c.Context().Done(), r.limit.cancel)
		}
		if err := e.admitCaller(c, r); err != nil {
			return err
		}
		return e.again(c, r)
	}
}

// admitCaller reads the request and counts it. What everybody may ask is counted for
// its source before anything is read. What a session has to come with is counted for
// its user, and for its source when there is none or the request makes no sense.
func (e *edge) admitCaller(c *fiber.Ctx, r *request) error {
	switch {
	case r.operation.Unlimited:
		return e.understand(c, r)
	case r.operation.Signed():
		err := e.understand(c, r)
		return cmp.Or(e.limitCaller(r), err)
	}
	if err := e.limitCaller(r); err != nil {
		return err
	}
	if err := e.understand(c, r); err != nil {
		return err
	}
	return e.limitApplication(r, r.names)
}

// understand holds the request against the contract and finds out who sent it.
func (e *edge) understand(c *fiber.Ctx, r *request) error {
	if err := e.readBody(c, r); err != nil {
		return err
	}
	if r.operation.HasParameters() {
		if err := checkParameters(c, r); err != nil {
			return err
		}
	}
	return e.authenticate(c, r)
}

// endWith ends a long wait early when the server is to stop.
func endWith(ctx context.Context, stopping <-chan struct{}, cancel context.CancelFunc) {
	go func() {
		select {
		case <-stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
}

// readBody reads the body strictly and holds it against the contract.
func (e *edge) readBody(c *fiber.Ctx, r *request) error {
	body := c.Request().Body()
	if r.operation.ContentType == "" {
		if len(body) > 0 {
			return ErrMalformed.At(fault.Field{Pointer: "", Code: "not_allowed", Detail: "The operation reads no body."})
		}
		return nil
	}
	header := &c.Request().Header
	if len(header.PeekAll(fiber.HeaderContentType)) > 1 {
		return ErrMalformed
	}
	if !isContentType(header.ContentType(), r.operation.ContentType) || len(header.Peek(fiber.HeaderContentEncoding)) > 0 {
		return ErrContentType
	}
	if r.operation.ContentType == formType {
		var err error
		if body, err = jsonOfForm(body); err != nil {
			return err
		}
	}
	value, err := readJSON(body)
	if err != nil {
		return err
	}
	if fields := r.operation.CheckBody(value); len(fields) > 0 {
		return ErrInvalid.At(fields...)
	}
	if members, ok := value.(map[string]any); ok {
		r.names, _ = members["client_id"].(string)
	}
	r.body = bytes.Clone(body)
	return nil
}

// isContentType compares a media type; the only parameter is the one encoding that
// JSON has. Spec: RFC 9110 §8.3.1, RFC 8259 §8.1.
func isContentType(sent []byte, wanted string) bool {
	media, parameter, parameterised := bytes.Cut(sent, []byte(";"))
	if !bytes.EqualFold(bytes.TrimSpace(media), []byte(wanted)) {
		return false
	}
	if !parameterised {
		return true
	}
	name, value, _ := bytes.Cut(bytes.TrimSpace(parameter), []byte("="))
	return bytes.EqualFold(name, []byte("charset")) && bytes.EqualFold(bytes.Trim(value, `"`), []byte("utf-8"))
}

func checkParameters(c *fiber.Ctx, r *request) error {
	operation := r.operation
	var query url.Values
	if operation.HasQuery() {
		var err error
		if query, err = url.ParseQuery(string(c.Request().URI().QueryString())); err != nil {
			return ErrMalformed
		}
	}
	broken := false
	fields := operation.CheckParameters(func(in, name string) []string {
		values := parameterValues(c, query, in, name)
		for _, value := range values {
			broken = broken || !isText(value)
		}
		return values
	})
	fields = append(fields, operation.CheckQuery(query)...)
	switch {
	case broken:
		return ErrMalformed
	case len(fields) > 0:
		return ErrInvalid.At(fields...)
	}
	r.names = cmp.Or(r.names, query.Get("client_id"))
	return nil
}

func parameterValues(c *fiber.Ctx, query url.Values, in, name string) []string {
	switch in {
	case "query":
		return query[name]
	case "header":
		lines := c.Request().Header.PeekAll(name)
		values := make([]string, len(lines))
		for i, line := range lines {
			values[i] = string(line)
		}
		return values
	}
	value, err := url.PathUnescape(c.Params(name))
	if err != nil {
		value = "\x00" // no text
	}
	return []string{value}
}

// isText refuses what no text of ours holds.
func isText(value string) bool {
	return utf8.ValidString(value) && !bytes.ContainsRune([]byte(value), 0)
}
