package user

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"sort"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/lintel-id/lintel/server/platform/fault"
)

const (
	// SchemaVersion is the version of the default schema.
	SchemaVersion = 1
	// maxProfileBytes bounds a profile, and a patch of one.
	maxProfileBytes = 16 << 10
	schemaAddress   = "urn:lintel:profile:1"
)

//go:embed schema.json
var schemaDocument []byte

// Schema is a profile schema, compiled once.
type Schema struct {
	compiled *jsonschema.Schema
	claims   []string
}

// NewSchema compiles the default schema.
func NewSchema() (*Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaDocument))
	if err != nil {
		return nil, fmt.Errorf("user: schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	for _, format := range claimFormats() {
		compiler.RegisterFormat(format)
	}
	if err := compiler.AddResource(schemaAddress, document); err != nil {
		return nil, fmt.Errorf("user: schema: %w", err)
	}
	compiled, err := compiler.Compile(schemaAddress)
	if err != nil {
		return nil, fmt.Errorf("user: schema: %w", err)
	}
	schema := &Schema{compiled: compiled}
	for claim := range compiled.Properties {
		schema.claims = append(schema.claims, claim)
	}
	sort.Strings(schema.claims)
	return schema, nil
}

// Document is the schema as a front end reads it.
func (*Schema) Document() json.RawMessage { return bytes.Clone(schemaDocument) }

// Claims names what a profile may hold, so that an application can be checked for
// asking only for what exists.
func (s *Schema) Claims() []string { return slices.Clone(s.claims) }

// Check reads a profile and gives its one spelling; ErrProfileInvalid with the
// places, under /profile, that do not fit. Nothing is {}.
func (s *Schema) Check(profile json.RawMessage) (json.RawMessage, error) {
	claims, err := readObject(profile)
	if err != nil {
		return nil, err
	}
	return s.write(claims)
}

// MergePatch applies a patch, checks what comes of it and names the claims that
// changed. Spec: RFC 7396 §2.
func (s *Schema) MergePatch(profile, patch json.RawMessage) (json.RawMessage, []string, error) {
	before, err := readObject(profile)
	if err != nil {
		return nil, nil, err
	}
	changes, err := readObject(patch)
	if err != nil {
		return nil, nil, err
	}
	after := merge(before, changes)
	written, err := s.write(after)
	if err != nil {
		return nil, nil, err
	}
	return written, changed(before, after), nil
}

func (s *Schema) write(claims map[string]any) (json.RawMessage, error) {
	if err := s.compiled.Validate(claims); err != nil {
		invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
		if !ok {
			return nil, fmt.Errorf("user: profile: %w", err)
		}
		return nil, ErrProfileInvalid.At(profileFields(invalid)...)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(claims); err != nil {
		return nil, fmt.Errorf("user: profile: %w", err)
	}
	if out.Len() > maxProfileBytes {
		return nil, ErrProfileInvalid.At(profileField("", "max_length"))
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// Words are the texts of a profile, so that a password can be told apart from them.
func Words(profile json.RawMessage) []string {
	claims, err := readObject(profile)
	if err != nil {
		return nil
	}
	words := []string{}
	for _, value := range claims {
		if text, ok := value.(string); ok {
			words = append(words, text)
		}
	}
	sort.Strings(words)
	return words
}

func readObject(text json.RawMessage) (map[string]any, error) {
	if len(text) == 0 {
		return map[string]any{}, nil
	}
	if len(text) > maxProfileBytes {
		return nil, ErrProfileInvalid.At(profileField("", "max_length"))
	}
	if !utf8.Valid(text) {
		return nil, ErrProfileInvalid.At(profileField("", "format"))
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var read any
	if err := decoder.Decode(&read); err != nil {
		return nil, ErrProfileInvalid.At(profileField("", "format"))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrProfileInvalid.At(profileField("", "format"))
	}
	object, ok := read.(map[string]any)
	if !ok {
		return nil, ErrProfileInvalid.At(profileField("", "type"))
	}
	return object, nil
}

// merge is MergePatch(Target, Patch) for a patch that is an object; the target is
// left as it was. Spec: RFC 7396 §2.
func merge(target, patch map[string]any) map[string]any {
	merged := make(map[string]any, len(target)+len(patch))
	maps.Copy(merged, target)
	for name, value := range patch {
		switch value := value.(type) {
		case nil:
			delete(merged, name)
		case map[string]any:
			inner, _ := merged[name].(map[string]any)
			merged[name] = merge(inner, value)
		default:
			merged[name] = value
		}
	}
	return merged
}

func changed(before, after map[string]any) []string {
	names := []string{}
	for name, value := range after {
		if old, ok := before[name]; !ok || !reflect.DeepEqual(old, value) {
			names = append(names, name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

func profileField(pointer, code string) fault.Field {
	return fault.Field{Pointer: "/profile" + pointer, Code: code, Detail: profileDetail(code)}
}
