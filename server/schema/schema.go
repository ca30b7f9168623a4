package schema

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Access is what a person may do with a claim of their own profile.
type Access string

// The accesses. What is none of them is None.
const (
	Write Access = "write"
	Read  Access = "read"
	None  Access = "none"
)

// Writer is who changes a profile.
type Writer string

// The writers.
const (
	Person   Writer = "person"   // whose profile it is
	Operator Writer = "operator" // who may see and write all of it
)

// claim is what a version says about one member of a profile.
type claim struct {
	access     Access
	kind       string // its type where it has just one
	types      []string
	searchable bool
}

// Schema is a version of a tenant's profile schema, ready to be used, beside what
// earlier versions leave behind. It never changes; callers share it.
type Schema struct {
	version  int
	public   json.RawMessage
	claims   map[string]claim
	past     map[string]Access // claims that only earlier versions have
	required []string
	since    int
	checks   map[Writer]*jsonschema.Schema
}

// Version is the number of the version.
func (s *Schema) Version() int { return s.version }

// Document is the schema as people may see it: without the claims that are not theirs
// to see and what only those refer to.
func (s *Schema) Document() json.RawMessage { return bytes.Clone(s.public) }

// Writable names the claims that a person can write, so that an application can be
// checked for asking only for what can be given.
func (s *Schema) Writable() []string {
	names := []string{}
	for name, claim := range s.claims {
		if claim.access == Write {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// WritableIn names the claims that a person can write under a document that is no
// tenant's yet, or under the built-in one where it is nil; ErrInvalid.
func WritableIn(text []byte) ([]string, error) {
	if text == nil {
		text = builtinDocument
	}
	declared, err := parse(text)
	if err != nil {
		return nil, err
	}
	alone, err := open([]document{declared})
	if err != nil {
		return nil, err
	}
	return alone.Writable(), nil
}

// Asked are the claims that a registration asks for: what the schema requires and what
// the application wants, without what cannot be given.
func (s *Schema) Asked(wanted []string) []string {
	asked := []string{}
	for _, name := range slices.Concat(wanted, s.required) {
		if s.claims[name].access == Write && !slices.Contains(asked, name) {
			asked = append(asked, name)
		}
	}
	return asked
}

// IndexedSince is the version from which on the same claims can be searched; who was
// indexed under an earlier one has to be again. 0 where none ever could.
func (s *Schema) IndexedSince() int { return s.since }

// access is what a person may do with a member of a profile. What no version knows is
// nothing to them.
func (s *Schema) access(name string) Access {
	if claim, ok := s.claims[name]; ok {
		return claim.access
	}
	if past, ok := s.past[name]; ok {
		return past
	}
	return None
}

// Shows tells whether a person sees the claim of that name.
func (s *Schema) Shows(name string) bool { return s.access(name) != None }
