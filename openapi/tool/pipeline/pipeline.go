package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/lintel-id/lintel/clients/generator/emit"
	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

const contractFile = "gen/openapi.json"

// Folders hold generated files and nothing else than Kept.
var folders = []string{"gen", "clients/go/wire", "clients/typescript/src/generated"}

// kept are the hand-written files that live beside generated ones.
var kept = map[string]bool{"gen/generate.go": true, "clients/go/wire/doc.go": true}

// File is one generated file; Path is relative to the root of the module and uses slashes.
type File struct {
	Path string
	Data []byte
}

// Build makes every generated file in memory from the contract below root.
func Build(root string) ([]File, error) {
	contract, err := bundle.Load(filepath.Join(root, "openapi"))
	if err != nil {
		return nil, err
	}
	files, err := Documents(contract)
	if err != nil {
		return nil, err
	}
	code, err := Code(filepath.Join(root, "openapi", "codegen"), contract)
	if err != nil {
		return nil, err
	}
	clients, err := emitted(files)
	if err != nil {
		return nil, err
	}
	return slices.Concat(files, code, clients), nil
}

// emitted are the clients of the document that is among the files.
func emitted(files []File) ([]File, error) {
	at := slices.IndexFunc(files, func(f File) bool { return f.Path == contractFile })
	made, err := emit.Files(files[at].Data)
	if err != nil {
		return nil, fmt.Errorf("clients: %w", err)
	}
	clients := make([]File, len(made))
	for i, file := range made {
		clients[i] = File{Path: "clients/" + file.Path, Data: file.Data}
	}
	return clients, nil
}

// Documents are the contract in the forms in which it is published, and the Go file that
// embeds them.
func Documents(contract *bundle.Bundle) ([]File, error) {
	tree, err := contract.Tree()
	if err != nil {
		return nil, err
	}
	older, err := bundle.Older(tree)
	if err != nil {
		return nil, fmt.Errorf("the 3.0.3 copy: %w", err)
	}
	var files []File
	for _, document := range []struct {
		path  string
		tree  any
		write func(any) ([]byte, error)
	}{
		{contractFile, tree, bundle.JSON},
		{"gen/openapi.yaml", tree, bundle.YAML},
		{"gen/openapi-3.0.json", older, bundle.JSON},
		{"gen/problems.json", contract.Problems, bundle.JSON},
		{"gen/events.json", bundle.Catalogue{Events: contract.Events}, bundle.JSON},
		{"gen/locales.json", contract.Locales, bundle.JSON},
	} {
		data, err := document.write(document.tree)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", document.path, err)
		}
		files = append(files, File{Path: document.path, Data: data})
	}
	embedding, err := embed(bundle.SecretFields(tree), contract.Locales)
	if err != nil {
		return nil, err
	}
	return append(files, File{Path: "gen/contract.gen.go", Data: embedding}), nil
}

// Write puts the files below root and leaves those alone that are equal already, so that
// the compiler's cache stays warm.
func Write(root string, files []File) error {
	for _, file := range files {
		target := filepath.Join(root, filepath.FromSlash(file.Path))
		if current, err := os.ReadFile(target); err == nil && string(current) == string(file.Data) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, file.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
