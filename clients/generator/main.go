// Command generator makes the clients of the contract.
//
//	generator -spec FILE -out FOLDER
//
// The document may be of OpenAPI 3.1 or 3.0, the folder empty. What no client can be made of
// is refused. The contract's other rules are not asked for here: they are about the files it is
// written in, which a bundled document no longer has, and go run ./openapi/tool lint looks at
// those.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/clients/generator/emit"
)

func main() {
	spec := flag.String("spec", "gen/openapi.json", "the contract")
	out := flag.String("out", "clients", "where the clients are written")
	flag.Parse()
	if err := run(*spec, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generator:", err)
		os.Exit(1)
	}
}

func run(spec, out string) error {
	document, err := os.ReadFile(spec)
	if err != nil {
		return err
	}
	files, err := emit.Files(document)
	if err != nil {
		return err
	}
	for _, file := range files {
		path := filepath.Join(out, filepath.FromSlash(file.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, file.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
