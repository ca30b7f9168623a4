package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// ExtensibleEnum marks the values known today of a set that may grow.
const ExtensibleEnum = "x-extensible-enum"

// Problem is one error code, so that pages, renderer and clients speak of the same one.
type Problem struct {
	Code        string `json:"code" yaml:"-"`
	Status      int    `json:"status" yaml:"status"`
	Title       string `json:"title" yaml:"title"`
	Description string `json:"description" yaml:"description"`
}

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

func readProblems(file string) ([]Problem, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var listed map[string]Problem
	if err := decoder.Decode(&listed); err != nil {
		return nil, fmt.Errorf("problems.yaml: %w", err)
	}
	problems := make([]Problem, 0, len(listed))
	var faults []error
	for code, problem := range listed {
		problem.Code = code
		problem.Description = strings.TrimSpace(problem.Description)
		faults = append(faults, problem.check())
		problems = append(problems, problem)
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Code, b.Code) })
	return problems, errors.Join(faults...)
}

func (p Problem) check() error {
	switch {
	case !codeForm.MatchString(p.Code):
		return fmt.Errorf("problems.yaml: %s: a code is snake_case", p.Code)
	case p.Status < 400 || p.Status > 599 || http.StatusText(p.Status) == "":
		return fmt.Errorf("problems.yaml: %s: %d is not the status of an error", p.Code, p.Status)
	case p.Title == "" || p.Description == "":
		return fmt.Errorf("problems.yaml: %s: title and description are required", p.Code)
	}
	return nil
}

// injectCodes writes the codes into the schema that every error follows, so that they
// are listed once.
func injectCodes(doc *openapi3.T, problems []Problem) error {
	codes := make([]any, 0, len(problems))
	for _, problem := range problems {
		codes = append(codes, problem.Code)
	}
	var schema *openapi3.SchemaRef
	if doc.Components != nil {
		schema = doc.Components.Schemas["Problem"]
	}
	if schema == nil || schema.Value == nil {
		return errors.New("no schema is called Problem, so the error codes have no place")
	}
	code := schema.Value.Properties["code"]
	if code == nil || code.Value == nil || code.Ref != "" {
		return errors.New("the schema Problem needs its own string property code")
	}
	if code.Value.Extensions == nil {
		code.Value.Extensions = map[string]any{}
	}
	if _, taken := code.Value.Extensions[ExtensibleEnum]; taken {
		return errors.New("the codes of Problem come from problems.yaml: remove its " + ExtensibleEnum)
	}
	code.Value.Extensions[ExtensibleEnum] = codes
	return nil
}
