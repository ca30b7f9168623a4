package contract

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/lintel-id/lintel/server/platform/fault"
)

const (
	maxFields        = 20
	maxNameInPointer = 64
)

// check validates a value and tells each wrong place once, bounded and in order.
func check(schema *openapi3.Schema, value any, pointer string, options []openapi3.SchemaValidationOption) []fault.Field {
	err := schema.VisitJSON(value, options...)
	if err == nil {
		return nil
	}
	f := finder{root: value, base: pointer, options: options, looked: map[string]bool{}}
	f.collect(err)
	if len(f.fields) == 0 {
		f.add(pointer, "invalid", "This does not fit the contract.")
	}
	slices.SortStableFunc(f.fields, func(a, b fault.Field) int {
		return cmp.Or(strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Code, b.Code))
	})
	f.fields = slices.CompactFunc(f.fields, func(a, b fault.Field) bool { return a.Pointer == b.Pointer && a.Code == b.Code })
	return f.fields[:min(len(f.fields), maxFields)]
}

// finder turns the library's errors into places, codes and sentences of ours. It
// asks an error only where it is and which keyword it is about.
type finder struct {
	root    any
	base    string
	options []openapi3.SchemaValidationOption
	fields  []fault.Field
	looked  map[string]bool // objects whose unknown members have been told
}

// add tells a place, as long as there is room: a request can be wrong in thousands.
func (f *finder) add(pointer, code, detail string) {
	f.addField(fault.Field{Pointer: pointer, Code: code, Detail: detail})
}

func (f *finder) addField(field fault.Field) {
	if len(f.fields) < 4*maxFields {
		f.fields = append(f.fields, field)
	}
}

func (f *finder) collect(err error) {
	if many, ok := errors.AsType[openapi3.MultiError](err); ok {
		for _, one := range many {
			f.collect(one)
		}
		return
	}
	broken, ok := errors.AsType[*openapi3.SchemaError](err)
	if !ok || broken.Schema == nil {
		return
	}
	path := broken.JSONPointer()
	at := f.base + pointerOf(path)
	switch {
	case broken.Schema.Discriminator != nil:
		f.union(broken.Schema, path, at)
	case broken.SchemaField == "properties":
		f.unknown(broken.Schema, path, at)
	default:
		detail, numbers := sentence(broken)
		f.addField(fault.Field{Pointer: at, Code: codeOf(broken.SchemaField), Detail: detail, Numbers: numbers})
	}
}

// union validates the branch that the discriminator names, for places within it.
func (f *finder) union(schema *openapi3.Schema, path []string, at string) {
	object, ok := valueAt(f.root, path).(map[string]any)
	if !ok {
		f.add(at, "type", "This has to be an object.")
		return
	}
	name := schema.Discriminator.PropertyName
	place := at + pointerOf([]string{name})
	switch chosen := object[name].(type) {
	case nil:
		f.add(place, "required", "This is required.")
	case string:
		for _, branch := range schema.OneOf {
			if branch.Ref == schema.Discriminator.Mapping[chosen].Ref {
				f.fields = append(f.fields, check(branch.Value, object, at, f.options)...)
				return
			}
		}
		f.add(place, "unknown", "There is no such variant.")
	default:
		f.add(place, "type", "This has to be a string.")
	}
}

// unknown finds the members that the schema does not have. A name is the caller's
// own text, so a long one is not repeated.
func (f *finder) unknown(schema *openapi3.Schema, path []string, at string) {
	if f.looked[at] { // the library tells of each member, and one look finds them all
		return
	}
	f.looked[at] = true
	object, _ := valueAt(f.root, path).(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, known := schema.Properties[name]; known {
			continue
		}
		place := at
		if len(name) <= maxNameInPointer {
			place += pointerOf([]string{name})
		}
		f.add(place, "unknown", "The contract has no such member.")
	}
}

func valueAt(value any, path []string) any {
	for _, name := range path {
		switch inside := value.(type) {
		case map[string]any:
			value = inside[name]
		case []any:
			index := -1
			if _, err := fmt.Sscanf(name, "%d", &index); err != nil || index < 0 || index >= len(inside) {
				return nil
			}
			value = inside[index]
		default:
			return nil
		}
	}
	return value
}

// pointerOf writes a JSON Pointer. Spec: RFC 6901 §3.
func pointerOf(path []string) string {
	var out strings.Builder
	for _, name := range path {
		out.WriteByte('/')
		out.WriteString(strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1"))
	}
	return out.String()
}

// codeOf is the keyword in our spelling.
func codeOf(keyword string) string {
	switch keyword {
	case "nullable":
		return "type"
	case "pattern":
		return "format"
	case "":
		return "invalid"
	}
	var out strings.Builder
	for _, r := range keyword {
		if r >= 'A' && r <= 'Z' {
			out.WriteByte('_')
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}

// sentence says the rule and the numbers in it; it knows the schema and never the
// value.
func sentence(broken *openapi3.SchemaError) (string, map[string]float64) {
	schema := broken.Schema
	count := func(number uint64) map[string]float64 { return map[string]float64{"count": float64(number)} }
	limit := func(number *float64) map[string]float64 { return map[string]float64{"limit": *number} }
	switch broken.SchemaField {
	case "required":
		return "This is required.", nil
	case "type", "nullable":
		return "This is not the right type of value.", nil
	case "enum":
		return "This is not one of the known values.", nil
	case "minLength":
		if schema.MinLength == 1 {
			return "This must not be empty.", nil
		}
		return "Use at least {count} characters.", count(schema.MinLength)
	case "maxLength":
		return "Use at most {count} characters.", count(*schema.MaxLength)
	case "minimum":
		return "This has to be {limit} or more.", limit(schema.Min)
	case "maximum":
		return "This has to be {limit} or less.", limit(schema.Max)
	case "minItems":
		return "Give at least {count}.", count(schema.MinItems)
	case "maxItems":
		return "Give at most {count}.", count(*schema.MaxItems)
	case "minProperties":
		return "Name at least {count} members.", count(schema.MinProps)
	case "maxProperties":
		return "Name at most {count} members.", count(*schema.MaxProps)
	case "pattern", "format":
		return "This does not have the right form.", nil
	}
	return "This does not fit the contract.", nil
}
