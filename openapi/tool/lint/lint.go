package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// Finding is one place of the contract that breaks a rule.
type Finding struct {
	// Where is a source file and a JSON Pointer into it.
	Where   string
	Rule    string
	Message string
}

// String is the line that a person reads.
func (f Finding) String() string { return f.Where + ": " + f.Rule + ": " + f.Message }

// Rule is one thing the contract promises to the people and tools that read it.
type Rule struct {
	// ID names the rule in findings.
	ID string
	// Reason says in one sentence whom the rule serves.
	Reason string

	check func(c *contract, report func(pointer, format string, args ...any))
}

// Rules lists every rule, in the order in which a reader meets what they judge.
func Rules() []Rule {
	return slices.Concat(documentRules(), operationRules(), errorRules(), conventionRules(),
		schemaRules(), unionRules(), valueRules(), nameRules(), exampleRules(), eventRules(), localeRules())
}

// Check gives every finding, sorted by place.
func Check(contract *bundle.Bundle) ([]Finding, error) {
	c, err := newContract(contract)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for _, rule := range Rules() {
		rule.check(c, func(pointer, format string, args ...any) {
			findings = append(findings, Finding{
				Where: c.where(pointer), Rule: rule.ID, Message: fmt.Sprintf(format, args...),
			})
		})
	}
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(findings), nil
}
