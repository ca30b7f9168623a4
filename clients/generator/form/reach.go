package form

import (
	"fmt"
	"slices"
)

// Type finds a type by its name.
func (d *Document) Type(name string) *Type {
	for i := range d.Types {
		if d.Types[i].Name == name {
			return &d.Types[i]
		}
	}
	return nil
}

// direct notes for each type in which directions it is seen. Problem is what every
// refusal is.
func (d *Document) direct() error {
	from, to := []Shape{{Kind: Named, Name: Problem}}, []Shape{}
	for _, o := range d.Operations {
		if o.Result != nil {
			from = append(from, *o.Result)
		}
		if o.Body != nil {
			to = append(to, o.Body.Shape)
		}
		for _, p := range o.Parameters {
			to = append(to, p.Shape)
		}
	}
	for name := range d.reached(from) {
		one := d.Type(name)
		if one == nil {
			return fmt.Errorf("%w: there is no %s", ErrContract, name)
		}
		one.FromServer = true
	}
	for name := range d.reached(to) {
		one := d.Type(name)
		if one == nil {
			return fmt.Errorf("%w: there is no %s", ErrContract, name)
		}
		one.ToServer = true
	}
	return nil
}

// Problem is the type of every refusal.
const Problem = "Problem"

// reached are the names of the types that shapes lead to.
func (d *Document) reached(shapes []Shape) map[string]bool {
	found := map[string]bool{}
	for left := slices.Clone(shapes); len(left) > 0; {
		shape := left[0]
		left = left[1:]
		if shape.Of != nil {
			left = append(left, *shape.Of)
		}
		if shape.Kind != Named || found[shape.Name] {
			continue
		}
		found[shape.Name] = true
		if one := d.Type(shape.Name); one != nil {
			left = append(left, one.leads()...)
		}
	}
	return found
}

func (t *Type) leads() (shapes []Shape) {
	for _, f := range t.Fields {
		shapes = append(shapes, f.Shape)
	}
	for _, v := range t.Variants {
		shapes = append(shapes, Shape{Kind: Named, Name: v.Name})
	}
	if t.Shape != nil {
		shapes = append(shapes, *t.Shape)
	}
	return shapes
}

// For is the part of the document that belongs to some surfaces: their operations, and
// the types that those lead to.
func (d *Document) For(surfaces ...Surface) *Document {
	part := &Document{Title: d.Title, Version: d.Version}
	shapes := []Shape{{Kind: Named, Name: Problem}}
	for _, o := range d.Operations {
		if !slices.Contains(surfaces, o.Surface) {
			continue
		}
		part.Operations = append(part.Operations, o)
		for _, p := range o.Parameters {
			shapes = append(shapes, p.Shape)
		}
		if o.Body != nil {
			shapes = append(shapes, o.Body.Shape)
		}
		if o.Result != nil {
			shapes = append(shapes, *o.Result)
		}
	}
	named := d.reached(shapes)
	for _, t := range d.Types {
		if named[t.Name] {
			part.Types = append(part.Types, t)
		}
	}
	return part
}
