package golang

import (
	"bytes"
	_ "embed" // the template
	"fmt"
	"go/format"
	"text/template"

	"github.com/lintel-id/lintel/clients/generator/form"
)

//go:embed operations.go.tmpl
var operations string

// Operations is the generated file of a package of the Go client for a part of the contract.
func Operations(d *form.Document, packageName string) ([]byte, error) {
	made, err := template.New("operations").Funcs(template.FuncMap{
		"comment": comment, "exported": Exported, "variable": variable, "variants": variants,
	}).Parse(operations)
	if err != nil {
		return nil, err
	}
	content := struct {
		Package         string
		Version         string
		Types           []namedType
		Methods         []method
		Received, Pages bool // whether there is a union from the server, and a list
	}{Package: packageName, Version: d.Version}
	speller := newSpeller(spelled(d))
	for _, t := range speller.Types {
		content.Types = append(content.Types, speller.namedType(t))
		content.Received = content.Received || t.Kind == form.Union && t.FromServer
	}
	for _, o := range speller.Operations {
		one, err := speller.method(o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.ID, err)
		}
		content.Methods = append(content.Methods, one)
		content.Pages = content.Pages || one.All != nil
	}
	var out bytes.Buffer
	if err := made.Execute(&out, content); err != nil {
		return nil, err
	}
	return format.Source(out.Bytes())
}
