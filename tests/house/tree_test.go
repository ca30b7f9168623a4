package house_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const module = "github.com/lintel-id/lintel/"

// tree is what the rules look at: every file of the module, Go files parsed.
type tree struct {
	fsys  fs.FS
	paths []string
	files []*file
	fset  *token.FileSet
}

type file struct {
	path, dir, name string
	ast             *ast.File
	lines           int
	test, generated bool
}

// rule gives the violations it finds, one sentence each.
type rule func(*tree) []string

func load(fsys fs.FS) (*tree, error) {
	t := &tree{fsys: fsys, fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(p string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if ignored(entry.Name()) && p != "." {
				return fs.SkipDir
			}
			return nil
		}
		t.paths = append(t.paths, p)
		if path.Ext(p) != ".go" {
			return nil
		}
		return t.parse(p)
	})
	return t, err
}

// ignored folders hold nothing of ours, or nothing that is compiled.
func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains([]string{"node_modules", "testdata", "bin", "lintel-data", "released"}, name)
}

func (t *tree) parse(p string) error {
	source, err := fs.ReadFile(t.fsys, p)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(t.fset, p, source, parser.ParseComments)
	if err != nil {
		return err
	}
	t.files = append(t.files, &file{
		path: p, dir: path.Dir(p), name: path.Base(p), ast: parsed,
		lines:     strings.Count(string(source), "\n"),
		test:      strings.HasSuffix(p, "_test.go"),
		generated: ast.IsGenerated(parsed),
	})
	return nil
}

func (t *tree) has(p string) bool {
	_, err := fs.Stat(t.fsys, p)
	return err == nil
}

// under says whether p is the folder or inside it.
func under(p string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return p == folder || strings.HasPrefix(p, folder+"/")
	})
}

// imports lists the import paths of a file, with the name each goes by.
func (f *file) imports() map[string]string {
	found := make(map[string]string, len(f.ast.Imports))
	for _, spec := range f.ast.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has already refused it
		}
		name := path.Base(p)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		found[p] = name
	}
	return found
}

// selectors visits every selector of the package with the given import path.
func (f *file) selectors(importPath string, visit func(*ast.SelectorExpr)) {
	name, ok := f.imports()[importPath]
	if !ok {
		return
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == name && id.Obj == nil {
				visit(sel)
			}
		}
		return true
	})
}

func (t *tree) at(n ast.Node) string {
	p := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// house is the real tree, read once for all rules.
var house = sync.OnceValues(func() (*tree, error) { return load(os.DirFS("../..")) })

// requireKept applies a rule to the real tree.
func requireKept(t *testing.T, check rule) {
	t.Helper()
	house, err := house()
	require.NoError(t, err)
	require.Greater(t, len(house.files), 10, "this is not the module's root")
	found := check(house)
	slices.Sort(found)
	for _, violation := range slices.Compact(found) {
		t.Error(violation)
	}
}

// sample is a tree that exists only in a test: path and content in turn.
type sample map[string]string

// requireFinds applies a rule to a sample and compares what it says.
func requireFinds(t *testing.T, check rule, files sample, want ...string) {
	t.Helper()
	fsys := fstest.MapFS{}
	for p, content := range files {
		fsys[p] = &fstest.MapFile{Data: []byte(content)}
	}
	house, err := load(fsys)
	require.NoError(t, err)
	require.ElementsMatch(t, want, check(house))
}
