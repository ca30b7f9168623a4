package schema

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/lintel-id/lintel/server/schema/exact"
	"github.com/lintel-id/lintel/server/schema/format"
)

// schemaAddress is what a document is called while it is compiled.
const schemaAddress = "urn:lintel:profile"

//go:embed builtin.json
var builtinDocument []byte

// Words that stand beside what JSON Schema says.
const (
	accessWord     = "x-user-access"
	searchableWord = "x-searchable"
)

// document is a schema as it was read, beside its one spelling.
type document struct {
	root    map[string]any
	written []byte
}

// read takes any document that is an object; whether it may be declared is for examine
// to say, and a newer node may have declared what this one would not.
func read(text []byte) (document, error) {
	value, err := exact.Read(text)
	if err != nil {
		return document{}, err
	}
	root, ok := value.(map[string]any)
	if !ok {
		return document{}, exact.ErrUnreadable
	}
	written, err := exact.Write(root)
	return document{root: root, written: written}, err
}

func (d document) properties() map[string]any {
	properties, _ := d.root["properties"].(map[string]any)
	return properties
}

// claims is what the document says about each member. An access that is not known here
// is none.
func (d document) claims() map[string]claim {
	claims := map[string]claim{}
	for name, node := range d.properties() {
		said, _ := node.(map[string]any)
		resolved := d.resolved(said)
		kind, _ := resolved["type"].(string)
		one := claim{access: None, kind: kind, types: types(resolved), searchable: said[searchableWord] == true}
		switch said[accessWord] {
		case nil, string(Write):
			one.access = Write
		case string(Read):
			one.access = Read
		}
		claims[name] = one
	}
	return claims
}

// resolved is what a claim says, also where a definition says it.
func (d document) resolved(said map[string]any) map[string]any {
	definitions, _ := d.root["$defs"].(map[string]any)
	for range definitions { // none is passed twice
		target, ok := d.definition(said["$ref"])
		if !ok {
			break
		}
		said = target
	}
	return said
}

// types are those that values of a claim have, in order; none where it may have any.
func types(said map[string]any) []string {
	found := []string{}
	values, _ := said["enum"].([]any)
	if only, there := said["const"]; there {
		values = []any{only}
	}
	switch kinds := said["type"].(type) {
	case string:
		found = append(found, kinds)
	case []any:
		for _, kind := range kinds {
			if name, ok := kind.(string); ok {
				found = append(found, name)
			}
		}
	case nil:
		for _, value := range values {
			found = append(found, typeOf(value))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func typeOf(value any) string {
	switch value := value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		if number, ok := new(big.Rat).SetString(value.String()); ok && number.IsInt() {
			return "integer"
		}
		return "number"
	default:
		return "null"
	}
}

func (d document) required() []string {
	items, _ := d.root["required"].([]any)
	names := []string{}
	for _, item := range items {
		if name, ok := item.(string); ok {
			names = append(names, name)
		}
	}
	return names
}

// open makes a version usable. The documents are all of the tenant's, the first
// version's first.
func open(documents []document) (*Schema, error) {
	latest := documents[len(documents)-1]
	public, err := latest.public()
	if err != nil {
		return nil, err
	}
	s := &Schema{
		version: len(documents), public: public.written, claims: latest.claims(), past: map[string]Access{},
		required: latest.required(), since: 0, checks: map[Writer]*jsonschema.Schema{},
	}
	for writer, checked := range map[Writer]document{Person: public, Operator: latest} {
		if s.checks[writer], err = checked.compile(); err != nil {
			return nil, err
		}
	}
	searched := []string{}
	for i, earlier := range documents {
		claims := earlier.claims()
		for name, claim := range claims {
			if _, still := s.claims[name]; !still {
				s.past[name] = claim.access
			}
		}
		if now := searchable(claims); !slices.Equal(now, searched) {
			s.since, searched = i+1, now
		}
	}
	return s, nil
}

func searchable(claims map[string]claim) []string {
	names := []string{}
	for name, claim := range claims {
		if claim.searchable {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// compile makes what claims are checked with, one at a time: what is required is not
// the schema's to say; see fits.
func (d document) compile() (*jsonschema.Schema, error) {
	root := maps.Clone(d.root)
	delete(root, "required")
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	for _, own := range format.Own() {
		compiler.RegisterFormat(own)
	}
	if err := compiler.AddResource(schemaAddress, root); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	compiled, err := compiler.Compile(schemaAddress)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return compiled, nil
}

// public is the document without what is not a person's to know.
func (d document) public() (document, error) {
	shown, claims := map[string]any{}, d.claims()
	for name, node := range d.properties() {
		said, _ := node.(map[string]any)
		if claims[name].access == None {
			continue
		}
		said = withoutNotes(said)
		if claims[name].access == Read {
			said["readOnly"] = true
		}
		shown[name] = said
	}
	root := withoutNotes(d.root)
	root["properties"] = shown
	delete(root, "$defs")
	reached := map[string]any{}
	d.reach(shown, reached)
	if len(reached) > 0 {
		root["$defs"] = reached
	}
	written, err := exact.Write(root)
	return document{root: root, written: written}, err
}

// withoutNotes drops what is meant for operators at every depth of a schema. Names of
// members are no keywords and stay.
func withoutNotes(node map[string]any) map[string]any {
	shown := map[string]any{}
	for keyword, value := range node {
		switch inner := value.(type) {
		case map[string]any:
			if keyword == "properties" || keyword == "$defs" {
				members := map[string]any{}
				for name, member := range inner {
					said, _ := member.(map[string]any)
					members[name] = withoutNotes(said)
				}
				shown[keyword] = members
				continue
			}
			shown[keyword] = withoutNotes(inner)
		default:
			if keyword != "$comment" && keyword != accessWord && keyword != searchableWord {
				shown[keyword] = value
			}
		}
	}
	return shown
}

// reach collects the definitions that a node leads to.
func (d document) reach(node any, reached map[string]any) {
	switch node := node.(type) {
	case []any:
		for _, item := range node {
			d.reach(item, reached)
		}
	case map[string]any:
		for _, value := range node {
			d.reach(value, reached)
		}
		target, ok := d.definition(node["$ref"])
		name, _ := definitionName(node["$ref"])
		if _, seen := reached[name]; ok && !seen {
			reached[name] = withoutNotes(target)
			d.reach(reached[name], reached)
		}
	}
}

// equal tells whether two documents are the same, however they are written.
func (d document) equal(other document) bool { return bytes.Equal(d.written, other.written) }
