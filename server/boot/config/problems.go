package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/i18n"
)

// Problems are all that is wrong with a configuration, one line each and each
// beginning with its key, so that an operator repairs them in one go.
type Problems []string

// Error puts each problem on a line of its own.
func (p Problems) Error() string { return strings.Join(p, "\n") }

// Add notes a problem with a key.
func (p *Problems) Add(key, format string, values ...any) {
	*p = append(*p, key+": "+fmt.Sprintf(format, values...))
}

// AddError notes an error, which may be Problems itself.
func (p *Problems) AddError(err error) {
	if err == nil {
		return
	}
	if more, ok := errors.AsType[Problems](err); ok {
		*p = append(*p, more...)
		return
	}
	*p = append(*p, strings.Split(err.Error(), "\n")...)
}

// addUnsaid notes an error without what concerns keys of which something is said already.
func (p *Problems) addUnsaid(err error) {
	var more Problems
	more.AddError(err)
	*p = append(*p, more.except(*p)...)
}

// except leaves out what concerns the keys of others, since a default stands where
// one could not be read.
func (p Problems) except(others Problems) Problems {
	return slices.DeleteFunc(slices.Clone(p), func(problem string) bool {
		return slices.ContainsFunc(others, func(other string) bool { return keyOf(other) == keyOf(problem) })
	})
}

// keyOf is what a problem begins with, without the variable.
func keyOf(problem string) string {
	key, _, _ := strings.Cut(problem, ": ")
	key, _, _ = strings.Cut(key, " (")
	return key
}

// OrNil is the problems as an error, or nil when there are none.
func (p Problems) OrNil() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// itemPointer is a position in a JSON Pointer.
var itemPointer = regexp.MustCompile(`/(\d+)`)

// FromFault turns the places of a fault into keys below the given one; other errors
// stay as they are.
func FromFault(below string, err error) error {
	found := fault.As(err)
	if found == nil || found.Kind != fault.Invalid {
		return err
	}
	if len(found.Fields) == 0 {
		return Problems{strings.TrimPrefix(below+": ", ": ") + found.Message}
	}
	var problems Problems
	for _, field := range found.Fields {
		key := strings.ReplaceAll(itemPointer.ReplaceAllString(field.Pointer, "[$1]"), "/", ".")
		problems.Add(strings.TrimPrefix(below+key, "."), "%s", i18n.Fill(field.Detail, field.Numbers))
	}
	return problems
}
