package house_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// One word, one nameplate: who knows a noun knows the path of everything that
// belongs to it.
func nounsHaveNameplates(t *tree) (found []string) {
	for _, p := range t.paths {
		dir, name := path.Split(p)
		tag, ok := strings.CutSuffix(name, ".yaml")
		if dir != "openapi/paths/" || !ok {
			continue
		}
		home := "server/" + tag + "/doc.go"
		if platform := "server/platform/" + tag + "/doc.go"; t.has(platform) {
			home = platform
		}
		want := []string{"server/api/" + tag + ".go", "tests/api/" + tag + "_test.go", home}
		found = append(found, t.missing("tag "+tag, want...)...)
	}
	return append(found, t.stores()...)
}

// stores asks for the rows and the conformance suite of each capability that
// declares an interface named Store.
func (t *tree) stores() (found []string) {
	for _, f := range t.files {
		noun := path.Base(f.dir)
		if f.test || f.dir != "server/"+noun || !declaresStore(f.ast) {
			continue
		}
		found = append(found, t.missing(f.path+": Store", "storage/"+noun+".go", "storage/storetest/"+noun+".go")...)
	}
	return found
}

func declaresStore(f *ast.File) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.Name == "Store" {
			_, isInterface := spec.Type.(*ast.InterfaceType)
			found = found || isInterface
		}
		return !found
	})
	return found
}

// missing looks for each file; a big capability may be noun_*.go instead.
func (t *tree) missing(what string, files ...string) (found []string) {
	for _, file := range files {
		stem, parts := strings.TrimSuffix(file, ".go"), false
		for _, p := range t.paths {
			parts = parts || strings.HasPrefix(p, stem+"_") && strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go")
		}
		if !t.has(file) && !parts {
			found = append(found, fmt.Sprintf("%s: %s is missing", what, file))
		}
	}
	return found
}

// ground is what the front door opens on; anything else has a room further in.
var ground = []string{"openapi", "gen", "clients", "server", "storage", "tests"}

func nothingElseAtTheTop(t *tree) (found []string) {
	seen := map[string]bool{}
	for _, p := range t.paths {
		folder, _, inside := strings.Cut(p, "/")
		if inside && !seen[folder] && !slices.Contains(ground, folder) {
			found = append(found, folder+"/ has no place at the top")
		}
		seen[folder] = true
	}
	return found
}

func TestNothingElseAtTheTop(t *testing.T) { requireKept(t, nothingElseAtTheTop) }

func TestNothingElseAtTheTopFinds(t *testing.T) {
	requireFinds(t, nothingElseAtTheTop,
		sample{"README.md": "", ".ci/run": "", "server/user/doc.go": "package user", "pkg/a.go": "package a", "pkg/b.go": "package a"},
		"pkg/ has no place at the top")
}

func TestNounsHaveNameplates(t *testing.T) { requireKept(t, nounsHaveNameplates) }

func TestNounsHaveNameplatesFinds(t *testing.T) {
	requireFinds(t, nounsHaveNameplates, sample{
		"openapi/paths/session.yaml":   "",
		"openapi/paths/user.yaml":      "",
		"server/api/user_read.go":      "package api",
		"server/api/user_write.go":     "package api",
		"server/api/session_test.go":   "package api",
		"tests/api/user_test.go":       "package api_test",
		"server/user/doc.go":           "package user",
		"server/user/store.go":         "package user; type Store interface{}",
		"server/password/password.go":  "package password; type Store struct{}",
		"server/jwks/jwks.go":          "package jwks; type Store interface{}",
		"storage/user.go":              "package storage",
		"storage/storetest/user.go":    "package storetest",
		"storage/storetest/jwks_ab.go": "package storetest",
	},
		"tag session: server/api/session.go is missing",
		"tag session: tests/api/session_test.go is missing",
		"tag session: server/session/doc.go is missing",
		"server/jwks/jwks.go: Store: storage/jwks.go is missing",
	)
}
