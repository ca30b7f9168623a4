package emit

import (
	"fmt"

	"github.com/lintel-id/lintel/clients/generator/form"
	"github.com/lintel-id/lintel/clients/generator/golang"
	"github.com/lintel-id/lintel/clients/generator/typescript"
)

// File is one generated file; Path is relative to the folder of the clients and uses slashes.
type File struct {
	Path string
	Data []byte
}

// product is a part of the contract, which a program can have without the other parts.
type product struct {
	name      string
	surfaces  []form.Surface
	goPackage string
	goFile    string
}

// products are the parts into which the contract falls. The test clock and the documents
// of protocols are the front end's: who tests a login moves the clock, and whoever reads a
// JWT wants the keys.
func products() []product {
	return []product{
		{"frontend", []form.Surface{form.Frontend, form.Protocol, form.Test}, "lintel", "go/operations.gen.go"},
		{"management", []form.Surface{form.Management}, "management", "go/management/operations.gen.go"},
	}
}

// Files are all that is made of a document. A product without an operation is none.
func Files(document []byte) ([]File, error) {
	contract, err := form.Read(document)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, product := range products() {
		part := contract.For(product.surfaces...)
		if len(part.Operations) == 0 {
			continue
		}
		module, err := typescript.Module(part, "../core/operation.js")
		if err != nil {
			return nil, fmt.Errorf("typescript, %s: %w", product.name, err)
		}
		files = append(files, File{Path: "typescript/src/generated/" + product.name + ".ts", Data: module})
		operations, err := golang.Operations(part, product.goPackage)
		if err != nil {
			return nil, fmt.Errorf("go, %s: %w", product.name, err)
		}
		files = append(files, File{Path: product.goFile, Data: operations})
	}
	return files, nil
}
