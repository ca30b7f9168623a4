package golang

import (
	"slices"

	"github.com/lintel-id/lintel/clients/generator/form"
)

// spelled is a document whose types have the names that Go gives them.
func spelled(d *form.Document) *form.Document {
	made := *d
	made.Operations, made.Types = slices.Clone(d.Operations), slices.Clone(d.Types)
	for i := range made.Operations {
		o := &made.Operations[i]
		o.Parameters, o.Result = slices.Clone(o.Parameters), spelledShape(o.Result)
		for j := range o.Parameters {
			o.Parameters[j].Shape = *spelledShape(&o.Parameters[j].Shape)
		}
		if o.Body != nil {
			o.Body = &form.Body{ContentType: o.Body.ContentType, Required: o.Body.Required, Shape: *spelledShape(&o.Body.Shape)}
		}
	}
	for i := range made.Types {
		t := &made.Types[i]
		t.Name, t.Shape = Exported(t.Name), spelledShape(t.Shape)
		t.Fields, t.Variants = slices.Clone(t.Fields), slices.Clone(t.Variants)
		for j := range t.Fields {
			t.Fields[j].Shape = *spelledShape(&t.Fields[j].Shape)
		}
		for j := range t.Variants {
			t.Variants[j].Name = Exported(t.Variants[j].Name)
		}
	}
	return &made
}

func spelledShape(shape *form.Shape) *form.Shape {
	if shape == nil {
		return nil
	}
	made := *shape
	made.Name, made.Of = Exported(made.Name), spelledShape(made.Of)
	return &made
}
