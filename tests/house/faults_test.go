package house_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// kinds gives the constants of package fault by the name they are written with.
var kinds = map[string]fault.Kind{
	"Malformed": fault.Malformed, "Invalid": fault.Invalid, "Unauthenticated": fault.Unauthenticated,
	"Denied": fault.Denied, "NotFound": fault.NotFound, "NotAllowed": fault.NotAllowed, "Conflict": fault.Conflict,
	"Gone": fault.Gone, "Stale": fault.Stale, "TooLarge": fault.TooLarge, "Unsupported": fault.Unsupported,
	"Misdirected": fault.Misdirected, "TooMany": fault.TooMany, "HeadersTooLarge": fault.HeadersTooLarge,
	"Internal": fault.Internal, "Unavailable": fault.Unavailable,
}

const problemList = "openapi/problems.yaml"

// A code is a promise to every client, so the list and the code must agree in
// both directions, status included.
func faultsAreListed(t *tree) (found []string) {
	source, err := fs.ReadFile(t.fsys, problemList)
	if err != nil {
		return []string{err.Error()}
	}
	var listed map[string]struct{ Status int }
	if err := yaml.Unmarshal(source, &listed); err != nil {
		return []string{problemList + ": " + err.Error()}
	}
	used := map[string]bool{}
	for _, f := range t.files {
		if f.test || !under(f.dir, "server", "storage") {
			continue
		}
		for _, call := range f.faults() {
			kind, code, err := read(call)
			if err != "" {
				found = append(found, t.at(call)+": "+err)
				continue
			}
			used[code] = true
			found = append(found, t.compare(call, kind, code, listed[code].Status)...)
			if _, level, ok := room(f.dir); ok && level >= records && level <= listeners && f.name != "errors.go" {
				found = append(found, t.at(call)+": "+code+" belongs into the capability's errors.go")
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(listed)) {
		if !used[code] {
			found = append(found, problemList+": nothing answers with "+code)
		}
	}
	return found
}

func (t *tree) compare(call ast.Node, kind fault.Kind, code string, status int) []string {
	switch status {
	case kind.Status():
		return nil
	case 0:
		return []string{fmt.Sprintf("%s: %s is not in %s", t.at(call), code, problemList)}
	default:
		return []string{fmt.Sprintf("%s: %s is answered with %d, but %s says %d", t.at(call), code, kind.Status(), problemList, status)}
	}
}

// faults are the calls that declare one: New of package fault.
func (f *file) faults() (calls []*ast.CallExpr) {
	name, ok := f.imports()[module+"server/platform/fault"]
	if !ok {
		return nil
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "New" {
				if id, ok := sel.X.(*ast.Ident); ok && id.Name == name {
					calls = append(calls, call)
				}
			}
		}
		return true
	})
	return calls
}

func read(call *ast.CallExpr) (kind fault.Kind, code, err string) {
	if len(call.Args) != 3 {
		return 0, "", "fault.New takes a kind, a code and a message"
	}
	sel, ok := call.Args[0].(*ast.SelectorExpr)
	if !ok || kinds[sel.Sel.Name] == 0 {
		return 0, "", "write the kind as a constant of package fault (a new one belongs into tests/house too)"
	}
	literal, ok := call.Args[1].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return 0, "", "write the code as a literal, so that it can be found"
	}
	code, unquoted := strconv.Unquote(literal.Value)
	if unquoted != nil || code == "" || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return 0, "", "a code is snake_case"
	}
	return kinds[sel.Sel.Name], code, ""
}

func TestFaultsAreListed(t *testing.T) { requireKept(t, faultsAreListed) }

func TestFaultsAreListedFinds(t *testing.T) {
	imports := "import \"" + module + "server/platform/fault\"\n"
	requireFinds(t, faultsAreListed, sample{
		problemList:              "user_unknown: {status: 404}\nversion_stale: {status: 409}\nnever_used: {status: 400}\n",
		"server/user/errors.go":  "package user\n" + imports + "var a = fault.New(fault.NotFound, \"user_unknown\", \"m\")\nvar b = fault.New(fault.Stale, \"version_stale\", \"m\")",
		"server/role/errors.go":  "package role\n" + imports + "var a = fault.New(fault.NotFound, \"role_unknown\", \"m\")\nvar b = fault.New(fault.Odd, \"x\", \"m\")\nvar c = fault.New(fault.Gone, code, \"m\")\nvar d = fault.New(fault.Gone, \"Bad-Code\", \"m\")",
		"server/user/user.go":    "package user\n" + imports + "var c = fault.New(fault.NotFound, \"user_unknown\", \"m\")",
		"server/api/render.go":   "package api\n" + imports + "var c = fault.New(fault.NotFound, \"user_unknown\", \"m\")",
		"server/user/a_test.go":  "package user\n" + imports + "var x = fault.New(fault.Gone, \"made_up\", \"m\")",
		"server/session/list.go": "package session\nvar x = fault.New(1, \"no_import\", \"m\")",
	},
		"server/user/errors.go:4: version_stale is answered with 412, but openapi/problems.yaml says 409",
		"server/role/errors.go:3: role_unknown is not in openapi/problems.yaml",
		"server/role/errors.go:4: write the kind as a constant of package fault (a new one belongs into tests/house too)",
		"server/role/errors.go:5: write the code as a literal, so that it can be found",
		"server/role/errors.go:6: a code is snake_case",
		"server/user/user.go:3: user_unknown belongs into the capability's errors.go",
		"openapi/problems.yaml: nothing answers with never_used",
	)
}
