package house_test

import (
	"go/ast"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

const promiseList = "tests/README.md"

// A row of the list opens with its slug: | `SingleUse` | … |
var row = regexp.MustCompile("(?m)^\\| `([A-Za-z0-9]+)` \\|")

// A test that carries a promise in its name carries one of the list, so that
// the list can be read as what the tests protect.
func promisesAreListed(t *tree) []string {
	source, err := fs.ReadFile(t.fsys, promiseList)
	if err != nil {
		return []string{err.Error()}
	}
	promises, classes, ok := strings.Cut(string(source), "\n## Classes")
	if !ok {
		return []string{promiseList + ": no heading Classes after the promises"}
	}
	lists := map[string]map[string]bool{"TestPromise_": slugs(promises), "TestClass_": slugs(classes)}
	var found []string
	for _, f := range t.files {
		for _, decl := range f.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !f.test {
				continue
			}
			for prefix, listed := range lists {
				rest, ok := strings.CutPrefix(fn.Name.Name, prefix)
				if ok && !carries(rest, listed) {
					found = append(found, t.at(fn)+": "+promiseList+" lists nothing that "+fn.Name.Name+" could mean")
				}
			}
		}
	}
	return found
}

// carries says whether a name opens with a slug; a new word may follow at once
// or after an underscore.
func carries(name string, listed map[string]bool) bool {
	for slug := range listed {
		rest, ok := strings.CutPrefix(name, slug)
		if ok && (rest == "" || rest[0] == '_' || rest[0] >= 'A' && rest[0] <= 'Z') {
			return true
		}
	}
	return false
}

func slugs(text string) map[string]bool {
	found := map[string]bool{}
	for _, match := range row.FindAllStringSubmatch(text, -1) {
		found[match[1]] = true
	}
	return found
}

func TestPromisesAreListed(t *testing.T) { requireKept(t, promisesAreListed) }

func TestPromisesAreListedFinds(t *testing.T) {
	requireFinds(t, promisesAreListed, sample{
		promiseList:              "## Promises\n| `RetrySafe` | x |\n## Classes\n| `SingleUse` | x |\n",
		"tests/api/flow_test.go": "package a\nfunc TestPromise_RetrySafe_SameAnswer() {}\nfunc TestClass_SingleUse() {}\nfunc TestOther() {}\nfunc TestClass_SingleUseOfACode() {}",
		"storage/x_test.go":      "package b\nfunc TestPromise_SingleUse() {}\nfunc TestClass_Other_x() {}\nfunc TestClass_SingleUsers() {}",
	},
		"storage/x_test.go:2: tests/README.md lists nothing that TestPromise_SingleUse could mean",
		"storage/x_test.go:3: tests/README.md lists nothing that TestClass_Other_x could mean",
		"storage/x_test.go:4: tests/README.md lists nothing that TestClass_SingleUsers could mean",
	)
}
