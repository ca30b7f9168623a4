package contract

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/lintel-id/lintel/gen"
)

// Contract is the document, ready to be asked.
type Contract struct {
	paths   []path
	byRoute map[route]*Operation
	options []openapi3.SchemaValidationOption
	closed  func() (*openapi3.T, error) // for responses, made at the first question
}

type route struct{ method, path string }

type path struct {
	template string
	segments []string // "{" for a parameter
	methods  []string
}

// New loads the document that is embedded in gen. The 3.0 copy is the one that is
// validated with: a 3.1 document is compiled anew at every request, and its errors
// hold what was sent. Operations for tests are withheld outside of test mode.
func New(testMode bool) (*Contract, error) {
	doc, err := load()
	if err != nil {
		return nil, err
	}
	c := &Contract{
		byRoute: map[route]*Operation{},
		options: []openapi3.SchemaValidationOption{
			openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails(),
			openapi3.EnableFormatValidation(), openapi3.WithStringFormatValidators(formats()),
		},
		closed: sync.OnceValues(loadClosed),
	}
	for _, template := range doc.Paths.Keys() {
		item := doc.Paths.Value(template)
		p := path{template: template, segments: segments(template), methods: nil}
		for method, operation := range item.Operations() {
			compiled, err := c.compile(doc, method, template, item, operation)
			if err != nil {
				return nil, fmt.Errorf("contract: %s %s: %w", method, template, err)
			}
			compiled.Withheld = compiled.Test && !testMode
			c.byRoute[route{method, template}] = compiled
			if !compiled.Withheld {
				p.methods = append(p.methods, method)
			}
		}
		if len(p.methods) > 0 {
			slices.Sort(p.methods)
			c.paths = append(c.paths, p)
		}
	}
	return c, nil
}

func load() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(gen.Spec30JSON)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.0.") {
		return nil, errors.New("contract: the document to validate with is not OpenAPI 3.0")
	}
	return doc, nil
}

// Operation finds what the document says about a method and a path as the document
// writes it; nil when it says nothing.
func (c *Contract) Operation(method, template string) *Operation {
	return c.byRoute[route{method, template}]
}

// Operations lists all, in no particular order.
func (c *Contract) Operations() []*Operation {
	all := make([]*Operation, 0, len(c.byRoute))
	for _, operation := range c.byRoute {
		all = append(all, operation)
	}
	return all
}

// Methods are those the document has for a path as it is requested; none when it
// has no such path.
func (c *Contract) Methods(requested string) []string {
	if p := c.find(requested); p != nil {
		return p.methods
	}
	return nil
}

// find prefers a path without parameters, as OpenAPI does.
// Spec: OpenAPI 3.1 §4.8.8.1.
func (c *Contract) find(requested string) *path {
	want := segments(requested)
	var found *path
	for i, p := range c.paths {
		if !p.matches(want) {
			continue
		}
		if found == nil || !strings.Contains(p.template, "{") {
			found = &c.paths[i]
		}
	}
	return found
}

func (p path) matches(want []string) bool {
	if len(p.segments) != len(want) {
		return false
	}
	for i, segment := range p.segments {
		if segment != want[i] && (segment != "{" || want[i] == "") {
			return false
		}
	}
	return true
}

func segments(path string) []string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = "{"
		}
	}
	return parts
}

// isSafe tells whether a method only reads. Spec: RFC 9110 §9.2.1.
func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}
