package house_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"testing"
)

// secretNames are the words by which the house calls what only its holder knows, and
// what is computed from that.
var secretNames = regexp.MustCompile(`(?i)(secret|token|digest|fingerprint|signature|challenge|password|mac)$`)

// ordinarily lists the files that may, each with the reason.
var ordinarily = map[string]string{
	"server/template/markup.go":        "tokens are those of HTML",
	"server/template/examine.go":       "tokens are those of HTML",
	"server/password/breached_file.go": "searches a public list, where the time of every look-up depends on the place",
}

// An ordinary comparison stops at the first byte that differs, so its time tells how
// much of a guess was right. Secrets are compared by crypto/subtle, or by a method
// that does so.
func secretsInConstantTime(t *tree) (found []string) {
	for _, f := range t.files {
		if f.test || f.generated || ordinarily[f.path] != "" || !under(f.dir, "server", "storage") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if (n.Op == token.EQL || n.Op == token.NEQ) && comparesSecret(n.X, n.Y) {
					found = append(found, t.at(n)+": compares a secret with "+n.Op.String())
				}
			case *ast.CallExpr:
				if name, ok := comparison(n); ok && comparesSecret(n.Args[0], n.Args[1]) {
					found = append(found, t.at(n)+": compares a secret with "+name)
				}
			}
			return true
		})
	}
	return found
}

// comparison names a function that compares its two arguments in a time that tells.
func comparison(call *ast.CallExpr) (string, bool) {
	called, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) != 2 {
		return "", false
	}
	of, ok := called.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	name := of.Name + "." + called.Sel.Name
	return name, slices.Contains([]string{
		"bytes.Equal", "bytes.Compare", "bytes.EqualFold", "slices.Equal", "slices.Compare", "strings.Compare", "strings.EqualFold", "reflect.DeepEqual",
	}, name)
}

// comparesSecret is true when one side is a secret and the other is not written in
// the code: whether there is any may be asked in any way.
func comparesSecret(x, y ast.Expr) bool {
	return (secretive(x) || secretive(y)) && !written(x) && !written(y)
}

func secretive(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return secretNames.MatchString(e.Name)
	case *ast.SelectorExpr:
		return secretNames.MatchString(e.Sel.Name)
	case *ast.ParenExpr:
		return secretive(e.X)
	case *ast.SliceExpr:
		return secretive(e.X)
	case *ast.StarExpr:
		return secretive(e.X)
	case *ast.CallExpr:
		if called, ok := e.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "Reveal" {
			return true
		}
		if called, ok := e.Fun.(*ast.Ident); ok && called.Name == "len" {
			return false
		}
		return secretive(e.Fun) || len(e.Args) == 1 && secretive(e.Args[0]) // a conversion
	default:
		return false
	}
}

// written says whether a value is nil or stands in the code.
func written(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit, *ast.CompositeLit:
		return true
	case *ast.ParenExpr:
		return written(e.X)
	case *ast.Ident:
		return e.Name == "nil"
	default:
		return false
	}
}

func TestClass_Timing_SecretsAreComparedInConstantTime(t *testing.T) {
	requireKept(t, secretsInConstantTime)
}

func TestClass_Timing_ComparisonsAreFound(t *testing.T) {
	requireFinds(t, secretsInConstantTime, sample{
		"server/user/ok.go": `package user
func f() {
	_ = token == "" || digest != nil || len(token) == n || name == other || tokens == n
	_ = subtle.ConstantTimeCompare(digest, other) == 1 || a.Digest.Equal(b)
}`,
		"server/user/a.go": `package user
func f() {
	_ = given.Token == stored
	_ = x != secret.Reveal()
	_ = bytes.Equal(digest[:], other)
	_ = string(flowToken) == (stored)
	_ = t.Digest() == sum
	_ = reflect.DeepEqual(a, b.Fingerprint)
}`,
		"server/user/a_test.go": "package user\nfunc f() { _ = token == other }",
		"tests/x.go":            "package tests\nfunc f() { _ = token == other }",
	},
		"server/user/a.go:3: compares a secret with ==",
		"server/user/a.go:4: compares a secret with !=",
		"server/user/a.go:5: compares a secret with bytes.Equal",
		"server/user/a.go:6: compares a secret with ==",
		"server/user/a.go:7: compares a secret with ==",
		"server/user/a.go:8: compares a secret with reflect.DeepEqual",
	)
}
