package golang

import (
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/clients/generator/form"
)

// speller knows the whole of a document while its parts are spelled.
type speller struct {
	*form.Document

	// variantOf names the unions from the server that a type is a variant of.
	variantOf map[string][]string
}

func newSpeller(d *form.Document) *speller {
	s := &speller{Document: d, variantOf: map[string][]string{}}
	for _, t := range d.Types {
		if t.Kind != form.Union || !t.FromServer {
			continue
		}
		for _, v := range t.Variants {
			s.variantOf[v.Name] = append(s.variantOf[v.Name], t.Name)
		}
	}
	return s
}

// namedType is a type with what stands around it in Go.
type namedType struct {
	form.Type

	// VariantOf names the unions from the server that it is a variant of. Such a type is one
	// of the client's own, because a method marks it; all others are the wire package's.
	VariantOf []string
	Sets      []set
}

// set are the values that a text or a truth may have, as constants.
type set struct {
	Name   string // of the constants' type; empty where any text will do, in Field
	Field  string
	Alias  bool // whether that type still has to be named
	Values []constant
}

type constant struct{ Name, Value string }

func (s *speller) namedType(t form.Type) namedType {
	made := namedType{Type: t, VariantOf: s.variantOf[t.Name]}
	if t.Kind == form.Open || t.Kind == form.Closed {
		made.Sets = append(made.Sets, set{Name: t.Name, Values: constants(t.Name, *t.Shape)})
	}
	for _, field := range t.Fields {
		name, shape := t.Name+Exported(field.Name), field.Shape
		if shape.Kind == form.List {
			shape = *shape.Of
		}
		switch {
		case s.Type(name) != nil:
			// The set of that type has these names already: its constants serve both.
		case s.tags(t.Name, field.Name):
			// A switch over the variant's Go type tells more.
		case shape.Kind == form.Open:
			made.Sets = append(made.Sets, set{Field: field.Name, Values: constants(name, shape)})
		case shape.Kind == form.Closed, shape.Kind == form.Boolean && len(shape.Values) > 0:
			made.Sets = append(made.Sets, set{Name: name, Alias: true, Values: constants(name, shape)})
		}
	}
	return made
}

// tags says whether a field only tells which variant of a union its type is.
func (s *speller) tags(typeName, field string) bool {
	for _, t := range s.Types {
		for _, v := range t.Variants {
			if v.Name == typeName && t.Tag == field {
				return true
			}
		}
	}
	return false
}

func constants(prefix string, shape form.Shape) []constant {
	made := make([]constant, len(shape.Values))
	for i, value := range shape.Values {
		made[i] = constant{Name: prefix + Exported(value), Value: strconv.Quote(value)}
		if shape.Kind == form.Boolean {
			made[i].Value = value
		}
	}
	return made
}

// variants says what a union from the server can turn out to be.
func variants(t form.Type) string {
	var names strings.Builder
	for _, v := range t.Variants {
		names.WriteString("[" + v.Name + "], ")
	}
	return t.Name + "Variant is a [" + t.Name + "] of one kind, for a type switch: " + names.String() + "or [Unknown" + t.Name + "]."
}
