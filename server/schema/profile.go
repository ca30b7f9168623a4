package schema

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/schema/exact"
)

const (
	// maxProfileBytes bounds what a person has in a profile and a patch of it, and apart
	// from that what they do not see, so that nobody can measure what they do not see.
	maxProfileBytes = 16 << 10
	// maxStoredBytes bounds what is read back: each version may hide, or show, what was
	// written under the one before.
	maxStoredBytes = 2 * maxVersions * maxProfileBytes
)

// Check reads a new profile and gives its one spelling; ErrProfileInvalid with the
// places, under /profile, that do not fit. Nothing is {}. What is required and missing
// is no mistake yet: whoever registers somebody asks for it.
func (s *Schema) Check(profile json.RawMessage, by Writer) (json.RawMessage, error) {
	claims, err := readObject(profile, maxProfileBytes)
	if err != nil {
		return nil, err
	}
	if err := s.fits(claims, changed(nil, claims), by); err != nil {
		return nil, err
	}
	return s.write(nil, claims, by)
}

// MergePatch applies a patch, checks what it changes and names the claims that it
// changes. Spec: RFC 7396 §2.
func (s *Schema) MergePatch(profile, patch json.RawMessage, by Writer) (json.RawMessage, []string, error) {
	before, err := readObject(profile, maxStoredBytes)
	if err != nil {
		return nil, nil, err
	}
	changes, err := readObject(patch, maxProfileBytes)
	if err != nil {
		return nil, nil, err
	}
	visible := maps.Clone(before)
	hidden := map[string]any{}
	if by == Person {
		hidden = s.conceal(visible)
	}
	after := merge(visible, changes)
	names := changed(visible, after)
	if err := s.fits(after, names, by); err != nil {
		return nil, nil, err
	}
	maps.Copy(after, hidden)
	written, err := s.write(before, after, by)
	if err != nil {
		return nil, nil, err
	}
	return written, names, nil
}

// Shown is the part of a profile that its person may see.
func (s *Schema) Shown(profile json.RawMessage) (json.RawMessage, error) {
	var claims map[string]json.RawMessage
	if len(profile) == 0 {
		return json.RawMessage("{}"), nil
	}
	if err := json.Unmarshal(profile, &claims); err != nil {
		return nil, fmt.Errorf("schema: profile: %w", err)
	}
	all := len(claims)
	maps.DeleteFunc(claims, func(name string, _ json.RawMessage) bool { return !s.Shows(name) })
	if len(claims) == all {
		return profile, nil
	}
	return exact.Write(claims)
}

// conceal takes out of the claims what their person does not see.
func (s *Schema) conceal(claims map[string]any) map[string]any {
	hidden := map[string]any{}
	for name, value := range claims {
		if !s.Shows(name) {
			hidden[name] = value
			delete(claims, name)
		}
	}
	return hidden
}

// fits checks the claims of the given names, and no others; ErrProfileInvalid.
func (s *Schema) fits(claims map[string]any, names []string, by Writer) error {
	var fields []fault.Field
	touched := map[string]any{}
	for _, name := range names {
		value, there := claims[name]
		switch {
		case by == Person && s.access(name) == Read:
			fields = append(fields, profileField(pointer([]string{name}), "read_only"))
		case there:
			touched[name] = value
		case slices.Contains(s.required, name):
			fields = append(fields, profileField(pointer([]string{name}), "required"))
		}
	}
	if err := s.checks[by].Validate(touched); err != nil {
		invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
		if !ok {
			return fmt.Errorf("schema: profile: %w", err)
		}
		collect(invalid, &fields)
	}
	if by == Person { // what they do not see does not exist, and so has no bounds either
		s.conceal(touched)
	}
	fields = append(fields, s.unsearchable(touched)...)
	if len(fields) == 0 {
		return nil
	}
	return ErrProfileInvalid.At(ordered(fields, maxProfileFields)...)
}

// ordered tells each place once, and not too many.
func ordered(fields []fault.Field, most int) []fault.Field {
	slices.SortFunc(fields, func(a, b fault.Field) int {
		return cmp.Or(strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Code, b.Code))
	})
	fields = slices.CompactFunc(fields, func(a, b fault.Field) bool { return a.Pointer == b.Pointer })
	return fields[:min(len(fields), most)]
}

// write gives the claims their one spelling. Each part that the writer may change keeps
// its bound, unless it was larger already and has not grown: a version that hides or
// shows a claim moves it from one part to the other, and nobody is to pay for that.
func (s *Schema) write(before, after map[string]any, by Writer) (json.RawMessage, error) {
	whole, err := exact.Write(after)
	if err != nil {
		return nil, fmt.Errorf("schema: profile: %w", err)
	}
	if len(whole) <= maxProfileBytes { // then so are its parts
		return whole, nil
	}
	was, is := maps.Clone(before), maps.Clone(after)
	parts := [][2]map[string]any{{s.conceal(was), s.conceal(is)}, {was, is}}
	if by == Person {
		parts = parts[1:]
	}
	for _, part := range parts {
		earlier, err := exact.Write(part[0])
		if err != nil {
			return nil, fmt.Errorf("schema: profile: %w", err)
		}
		now, err := exact.Write(part[1])
		if err != nil {
			return nil, fmt.Errorf("schema: profile: %w", err)
		}
		if len(now) > max(maxProfileBytes, len(earlier)) {
			return nil, ErrProfileInvalid.At(profileField("", "max_length"))
		}
	}
	return whole, nil
}

func readObject(text json.RawMessage, most int) (map[string]any, error) {
	if len(text) == 0 {
		return map[string]any{}, nil
	}
	if len(text) > most {
		return nil, ErrProfileInvalid.At(profileField("", "max_length"))
	}
	read, err := exact.Read(text)
	if err != nil {
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

// MergeObjects applies a patch to an object that no schema describes, and gives the one
// spelling of what comes of it; false where one of them is no object, or longer than
// that many bytes.
func MergeObjects(target, patch json.RawMessage, most int) (json.RawMessage, bool) {
	before, err := readObject(target, most)
	if err != nil {
		return nil, false
	}
	changes, err := readObject(patch, most)
	if err != nil {
		return nil, false
	}
	written, err := exact.Write(merge(before, changes))
	return written, err == nil && len(written) <= most
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
	slices.Sort(names)
	return names
}

func profileField(pointer, code string) fault.Field {
	return fault.Field{Pointer: "/profile" + pointer, Code: code, Detail: profileDetail(code)}
}
