package bundle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// rootFile is the document the others hang from.
const rootFile = "openapi.yaml"

// Bundle is the joined contract together with where each part was written, so that a
// complaint about it can name a file.
type Bundle struct {
	// Doc has no reference that leaves the document.
	Doc *openapi3.T
	// Problems are the error codes in order.
	Problems []Problem
	// Events is the catalogue in order.
	Events []Event
	// Locales are the texts that people read, one entry for each language, by tag.
	Locales []Locale
	// Sources says where a part stands: "paths//v1/flows" or "schemas/Flow" gives
	// "paths/flow.yaml#/~1v1~1flows" or "schemas/flow.yaml#/Flow".
	Sources map[string]string
	// Files are the source files as they were written, by name below the contract's folder.
	Files map[string]any
}

// Load reads the contract below dir, whose root is openapi.yaml.
func Load(dir string) (*Bundle, error) {
	files, err := readFiles(dir)
	if err != nil {
		return nil, err
	}
	problems, err := readProblems(filepath.Join(dir, "problems.yaml"))
	if err != nil {
		return nil, err
	}
	events, err := readEvents(dir)
	if err != nil {
		return nil, err
	}
	locales, err := readLocales(dir, problems)
	if err != nil {
		return nil, err
	}
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = openapi3.ReadFromFile
	doc, err := loader.LoadFromFile(filepath.Join(dir, rootFile))
	if err != nil {
		return nil, fmt.Errorf("load the contract: %w", err)
	}
	names := &namer{dir: dir, origin: map[string]string{}, sources: map[string]string{}}
	names.notePaths(doc)
	internalise(doc, names.name)
	if err := errors.Join(names.clashes...); err != nil {
		return nil, err
	}
	if err := injectCodes(doc, problems); err != nil {
		return nil, err
	}
	return &Bundle{Doc: doc, Problems: problems, Events: events, Locales: locales, Sources: names.sources, Files: files}, nil
}

// internalise moves every referenced part into the components of the document. Webhooks
// are not visited by the library, so they travel as paths during the call.
func internalise(doc *openapi3.T, name openapi3.RefNameResolver) {
	const lent = "/\x00webhook/"
	if doc.Paths == nil {
		doc.Paths = openapi3.NewPaths()
	}
	for hook, item := range doc.Webhooks {
		doc.Paths.Set(lent+hook, item)
	}
	doc.InternalizeRefs(context.Background(), name)
	for hook := range doc.Webhooks {
		doc.Webhooks[hook] = doc.Paths.Value(lent + hook)
		doc.Paths.Delete(lent + hook)
	}
}

// namer gives an internalised part the last segment of its reference as name and
// remembers where it came from; two different parts with one name are a clash.
type namer struct {
	dir     string
	origin  map[string]string
	sources map[string]string
	clashes []error
}

func (n *namer) notePaths(doc *openapi3.T) {
	for path, item := range doc.Paths.Map() {
		n.sources["paths/"+path] = item.Ref
	}
}

func (n *namer) name(_ *openapi3.T, ref openapi3.ComponentRef) string {
	target := ref.RefPath()
	// The library writes the fragment of some references with its number sign.
	fragment := strings.TrimPrefix(target.Fragment, "#")
	name := fragment[strings.LastIndex(fragment, "/")+1:]
	part := ref.CollectionName() + "/" + name
	where := filepath.Clean(target.Path) + "#" + fragment
	before, known := n.origin[part]
	if known && before != where {
		n.clashes = append(n.clashes, fmt.Errorf("two %s are called %s: %s and %s",
			ref.CollectionName(), name, n.relative(before), n.relative(where)))
		return name
	}
	n.origin[part] = where
	n.sources[part] = n.relative(where)
	return name
}

func (n *namer) relative(where string) string {
	file, fragment, _ := strings.Cut(where, "#")
	if short, err := filepath.Rel(n.dir, file); err == nil {
		file = filepath.ToSlash(short)
	}
	return file + "#" + fragment
}

// readFiles parses every source file once more, plainly: what nothing refers to never
// reaches the bundle, and the linter wants to see it.
func readFiles(dir string) (map[string]any, error) {
	files := map[string]any{}
	for _, pattern := range []string{rootFile, "paths/*.yaml", "schemas/*.yaml"} {
		matches, err := fs.Glob(os.DirFS(dir), pattern)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", pattern, err)
		}
		slices.Sort(matches)
		for _, name := range matches {
			data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				return nil, err
			}
			var content any
			if err := yaml.Unmarshal(data, &content); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			files[name] = content
		}
	}
	return files, nil
}
