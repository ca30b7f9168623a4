package house_test

import (
	"go/ast"
	"go/token"
	"testing"
)

// State that belongs to the package belongs to nobody: two servers in one
// process, or two tests, would share it. A package-level variable is fine as
// long as nobody changes it: a fault, a regular expression, a table, a file.
func noSharedState(t *tree) (found []string) {
	globals := map[string]map[string]bool{} // by folder
	for _, f := range t.files {
		if !constant(f) {
			continue
		}
		for _, decl := range f.ast.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					found = append(found, t.at(d)+": func init; do it in New")
				}
			case *ast.GenDecl:
				found = append(found, t.variables(d, globals, f.dir)...)
			}
		}
	}
	for _, f := range t.files {
		if constant(f) {
			found = append(found, t.writes(f, globals[f.dir])...)
		}
	}
	return found
}

func constant(f *file) bool {
	return !f.test && !f.generated && under(f.dir, "server", "storage")
}

// variables notes the package's variables, and finds those that start empty
// and so can only be meant to be filled.
func (t *tree) variables(d *ast.GenDecl, globals map[string]map[string]bool, dir string) (found []string) {
	if d.Tok != token.VAR {
		return nil
	}
	for _, spec := range d.Specs {
		value, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		embedded := embeds(d.Doc) || embeds(value.Doc)
		for _, name := range value.Names {
			if globals[dir] == nil {
				globals[dir] = map[string]bool{}
			}
			globals[dir][name.Name] = name.Name != "_"
			if len(value.Values) == 0 && !embedded {
				found = append(found, t.at(name)+": package variable "+name.Name+" starts empty; it belongs into a Service")
			}
		}
	}
	return found
}

func embeds(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if len(c.Text) > 10 && c.Text[:10] == "//go:embed" {
			return true
		}
	}
	return false
}

// writes finds statements that change a package variable or an element of one.
func (t *tree) writes(f *file, globals map[string]bool) (found []string) {
	check := func(n ast.Node, target ast.Expr) {
		if id := root(target); id != nil && globals[id.Name] && !f.local(id) {
			found = append(found, t.at(n)+": changes package variable "+id.Name)
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch s := n.(type) {
		case *ast.AssignStmt:
			for _, left := range s.Lhs {
				if s.Tok != token.DEFINE {
					check(s, left)
				}
			}
		case *ast.IncDecStmt:
			check(s, s.X)
		case *ast.UnaryExpr:
			if s.Op == token.AND {
				check(s, s.X)
			}
		}
		return true
	})
	return found
}

// root is the variable that an expression reaches into.
func root(e ast.Expr) *ast.Ident {
	switch x := e.(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return root(x.X)
	case *ast.IndexExpr:
		return root(x.X)
	case *ast.ParenExpr:
		return root(x.X)
	default:
		return nil
	}
}

// local says whether the parser found the name declared inside a function; a
// name it did not find is declared in another file of the package.
func (f *file) local(id *ast.Ident) bool {
	if id.Obj == nil {
		return false
	}
	for _, decl := range f.ast.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range d.Specs {
			if value, ok := spec.(*ast.ValueSpec); ok && id.Obj.Decl == value {
				return false
			}
		}
	}
	return true
}

func TestNoSharedState(t *testing.T) { requireKept(t, noSharedState) }

func TestNoSharedStateFinds(t *testing.T) {
	requireFinds(t, noSharedState, sample{
		"server/user/ok.go":     "package user\nvar table = map[string]int{\"a\": 1}\nvar _ I = T{}\nfunc f() { table := 1; table++ }\nfunc g() { var table int; table++ }",
		"server/user/file.go":   "package user\n//go:embed x\nvar x []byte",
		"server/user/a.go":      "package user\nvar cache map[string]int\nfunc init() {}",
		"server/user/b.go":      "package user\nvar n = 1\nfunc f() { table[\"b\"] = 2; n++ }\nfunc p() *int { return &n }",
		"server/user/a_test.go": "package user\nvar seen int",
		"gen/x.go":              "package gen\nvar seen int",
	},
		"server/user/a.go:2: package variable cache starts empty; it belongs into a Service",
		"server/user/a.go:3: func init; do it in New",
		"server/user/b.go:3: changes package variable table",
		"server/user/b.go:3: changes package variable n",
		"server/user/b.go:4: changes package variable n",
	)
}
