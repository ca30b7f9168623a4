package form

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const null = "null"

// kindOf is a schema's one type, and whether null will do as well.
func kindOf(s *openapi3.Schema) (string, bool) {
	kind, nullable := "", s.Nullable
	if s.Type == nil {
		return kind, nullable
	}
	for _, one := range *s.Type {
		if one == null {
			nullable = true
		} else {
			kind = one
		}
	}
	return kind, nullable
}

func readShape(ref *openapi3.SchemaRef) (Shape, error) {
	if name, named := strings.CutPrefix(ref.Ref, schemas); named {
		_, nullable := kindOf(ref.Value)
		return Shape{Kind: Named, Name: name, Nullable: nullable}, nil
	}
	return readInline(ref.Value)
}

func readInline(s *openapi3.Schema) (Shape, error) {
	kind, nullable := kindOf(s)
	made := Shape{Nullable: nullable}
	switch kind {
	case openapi3.TypeString:
		made.Kind, made.Values = textKind(s)
	case openapi3.TypeBoolean:
		made.Kind = Boolean
		for _, value := range s.Enum {
			made.Values = append(made.Values, fmt.Sprint(value))
		}
	case openapi3.TypeInteger:
		made.Kind = Int64
		if s.Format == "int32" {
			made.Kind = Int32
		}
	case openapi3.TypeArray:
		of, err := readShape(s.Items)
		if err != nil {
			return made, err
		}
		made.Kind, made.Of = List, &of
	case openapi3.TypeObject:
		if len(s.Properties) > 0 {
			return made, fmt.Errorf("%w: an object with members is a component", ErrContract)
		}
		made.Kind = Map
	default:
		return made, fmt.Errorf("%w: a schema of type %q", ErrContract, kind)
	}
	return made, nil
}

func textKind(s *openapi3.Schema) (Kind, []string) {
	if open, ok := s.Extensions["x-extensible-enum"].([]any); ok {
		return Open, texts(open)
	}
	switch {
	case len(s.Enum) > 0:
		return Closed, texts(s.Enum)
	case s.Format == "date-time":
		return Time, nil
	}
	return String, nil
}

func texts(values []any) []string {
	made := make([]string, 0, len(values))
	for _, value := range values {
		if value != nil {
			made = append(made, fmt.Sprint(value))
		}
	}
	return made
}

func readType(name string, s *openapi3.Schema) (Type, error) {
	made := Type{Name: name, Description: strings.TrimSpace(s.Description)}
	if s.Discriminator != nil {
		return made.union(s)
	}
	if len(s.OneOf)+len(s.AnyOf)+len(s.AllOf) > 0 {
		return made, fmt.Errorf("%w: a union has a discriminator, and nothing else is composed", ErrContract)
	}
	if kind, _ := kindOf(s); kind == openapi3.TypeObject && len(s.Properties) > 0 {
		return made.object(s)
	}
	shape, err := readInline(s)
	shape.Nullable = false // null stands where the type is used, for objects and for values alike
	made.Kind, made.Shape = shape.Kind, &shape
	return made, err
}

func (t Type) union(s *openapi3.Schema) (Type, error) {
	t.Kind, t.Tag = Union, s.Discriminator.PropertyName
	for _, value := range slices.Sorted(maps.Keys(s.Discriminator.Mapping)) {
		name, named := strings.CutPrefix(s.Discriminator.Mapping[value].Ref, schemas)
		if !named {
			return t, fmt.Errorf("%w: the variant %s is no component", ErrContract, value)
		}
		t.Variants = append(t.Variants, Variant{Value: value, Name: name})
	}
	if len(t.Variants) != len(s.OneOf) {
		return t, fmt.Errorf("%w: not every variant is in the mapping", ErrContract)
	}
	return t, nil
}

// object reads the members, those that are always there first.
func (t Type) object(s *openapi3.Schema) (Type, error) {
	t.Kind = Object
	for _, required := range []bool{true, false} {
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if slices.Contains(s.Required, name) != required {
				continue
			}
			ref := s.Properties[name]
			shape, err := readShape(ref)
			if err != nil {
				return t, fmt.Errorf("%s: %w", name, err)
			}
			field := Field{Name: name, Required: required, Shape: shape, Description: strings.TrimSpace(ref.Value.Description)}
			field.Secret, _ = ref.Value.Extensions["x-secret"].(bool)
			t.Fields = append(t.Fields, field)
		}
	}
	return t, nil
}
