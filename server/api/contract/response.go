package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/i18n"
)

// CheckResponse tells whether a response is what the document says, for tests. It
// is stricter than a client has to be: a member that the document does not
// describe is an error, as is a body where there should be none.
func (c *Contract) CheckResponse(method, requested string, status int, header http.Header, body []byte) error {
	doc, err := c.closed()
	if err != nil {
		return err
	}
	at := fmt.Sprintf("contract: %s %s answered %d", method, requested, status)
	content, err := c.expected(doc, method, requested, status, header)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	if method == http.MethodHead || content == nil {
		if len(body) > 0 {
			return fmt.Errorf("%s: with a body where none belongs", at)
		}
		return nil
	}
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || content[media] == nil || content[media].Schema == nil {
		return fmt.Errorf("%s: content type %q is not in the document", at, header.Get("Content-Type"))
	}
	value, err := decode(body)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	if fields := check(content[media].Schema.Value, value, "", c.options); len(fields) > 0 {
		return fmt.Errorf("%s: %w", at, wrong(fields))
	}
	return nil
}

// expected is the content the document has for the status; nil for none. A path or
// method that the document does not have can only be refused.
func (c *Contract) expected(doc *openapi3.T, method, requested string, status int, header http.Header) (openapi3.Content, error) {
	found := c.find(requested)
	lookup := method
	if method == http.MethodHead {
		lookup = http.MethodGet
	}
	if found == nil || doc.Paths.Value(found.template).GetOperation(lookup) == nil {
		switch {
		case found != nil && method == http.MethodOptions && status == http.StatusNoContent:
			return nil, nil
		case status < http.StatusBadRequest:
			return nil, errors.New("the document has no such operation")
		}
		return doc.Components.Responses["Problem"].Value.Content, nil
	}
	responses := doc.Paths.Value(found.template).GetOperation(lookup).Responses
	response := responses.Status(status)
	if response == nil && status >= http.StatusBadRequest {
		response = responses.Default()
	}
	if response == nil {
		return nil, errors.New("the document has no such status")
	}
	if err := c.checkHeaders(response.Value, header); err != nil {
		return nil, err
	}
	if len(response.Value.Content) == 0 {
		return nil, nil
	}
	return response.Value.Content, nil
}

func (c *Contract) checkHeaders(response *openapi3.Response, header http.Header) error {
	for name, ref := range response.Headers {
		sent := header.Values(name)
		if len(sent) == 0 {
			if ref.Value.Required {
				return fmt.Errorf("header %s is missing", name)
			}
			continue
		}
		var value any = sent[0]
		if ref.Value.Schema.Value.Type.Is(openapi3.TypeInteger) {
			number, err := strconv.ParseInt(sent[0], 10, 64)
			if err != nil {
				return fmt.Errorf("header %s is not a whole number", name)
			}
			value = number
		}
		if fields := check(ref.Value.Schema.Value, value, "#header/"+name, c.options); len(sent) > 1 || len(fields) > 0 {
			return fmt.Errorf("header %s does not fit", name)
		}
	}
	return nil
}

func decode(body []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("the body is not JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the body goes on after the JSON")
	}
	return value, nil
}

func wrong(fields []fault.Field) error {
	errs := make([]error, len(fields))
	for i, field := range fields {
		errs[i] = fmt.Errorf("%q %s: %s", field.Pointer, field.Code, i18n.Fill(field.Detail, field.Numbers))
	}
	return errors.Join(errs...)
}

// loadClosed loads the document once more and closes every object that does not
// say it is open: what is sent and not described is found.
func loadClosed() (*openapi3.T, error) {
	doc, err := load()
	if err != nil {
		return nil, err
	}
	closed := false
	for _, ref := range doc.Components.Schemas {
		schema := ref.Value
		if len(schema.Properties) > 0 && schema.AdditionalProperties.Has == nil && schema.AdditionalProperties.Schema == nil {
			schema.AdditionalProperties.Has = &closed
		}
	}
	return doc, nil
}
