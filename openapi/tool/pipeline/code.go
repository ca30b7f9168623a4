package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/util"
	"go.yaml.in/yaml/v3"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
	"github.com/lintel-id/lintel/openapi/tool/template"
)

// settings are one configuration file of the code generator.
type settings struct {
	codegen.Configuration `yaml:",inline"`

	Output string `yaml:"output"`
}

// Code makes the Go files that the configurations in folder ask for.
func Code(folder string, contract *bundle.Bundle) ([]File, error) {
	templates, err := template.Folder()
	if err != nil {
		return nil, err
	}
	changed, err := template.Changed(templates, template.Substitutions())
	if err != nil {
		return nil, err
	}
	var files []File
	for _, name := range []string{"server.yaml", "client.yaml"} {
		config, err := readSettings(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		config.OutputOptions.UserTemplates = changed
		file, err := generate(config, folder, contract)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, file)
	}
	return files, nil
}

func readSettings(path string) (settings, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return settings{}, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var config settings
	if err := decoder.Decode(&config); err != nil {
		return settings{}, fmt.Errorf("%s: %w", path, err)
	}
	switch {
	case config.Output == "":
		return settings{}, fmt.Errorf("%s: output is missing", path)
	case config.OutputOptions.ResolveTypeNameCollisions:
		return settings{}, fmt.Errorf("%s: resolve-type-name-collisions gives code that does not compile", path)
	case config.Generate.EmbeddedSpec:
		return settings{}, fmt.Errorf("%s: the document is embedded by contract.gen.go", path)
	}
	return config, config.Validate()
}

func generate(config settings, folder string, contract *bundle.Bundle) (File, error) {
	doc, err := reload(config, folder, contract)
	if err != nil {
		return File{}, err
	}
	source, err := codegen.Generate(doc, config.Configuration)
	if err != nil {
		return File{}, err
	}
	return File{Path: config.Output, Data: []byte(source)}, nil
}

// reload gives the generator its own copy of the document, with the overlay applied: it
// changes what it is given.
func reload(config settings, folder string, contract *bundle.Bundle) (doc *openapi3.T, err error) {
	tree, err := contract.Tree()
	if err != nil {
		return nil, err
	}
	data, err := bundle.JSON(tree)
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "contract")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(scratch, "openapi.json")
	options := util.LoadSwaggerWithOverlayOpts{AllowRemoteRefsFrom: []string{}, Strict: true}
	if overlay := config.OutputOptions.Overlay.Path; overlay != "" {
		options.Path = filepath.Join(folder, overlay)
	}
	err = os.WriteFile(path, data, 0o600)
	if err == nil {
		doc, err = util.LoadSwaggerWithOverlay(path, options)
	}
	return doc, errors.Join(err, os.RemoveAll(scratch))
}
