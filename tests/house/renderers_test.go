package house_test

import (
	"go/ast"
	"regexp"
	"testing"
)

// rendered lists the answers that are not written by the generated code, with the
// reason that each is worth a second truth.
var rendered = map[string]string{
	"VisitGetSessionResponse": "front ends ask for it with every page",
	"VisitGetJwksResponse":    "verifiers ask for it, and it is the same for all",
}

var visit = regexp.MustCompile(`^Visit[A-Z]\w*Response$`)

// What the contract's own types write cannot leave the contract; whoever writes by
// hand has a reason here and a test that compares both.
func answersAreGenerated(t *tree) (found []string) {
	written := map[string]bool{}
	for _, f := range t.files {
		if f.dir != "server/api" || f.test {
			continue
		}
		for _, decl := range f.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !visit.MatchString(fn.Name.Name) {
				continue
			}
			written[fn.Name.Name] = true
			if rendered[fn.Name.Name] == "" {
				found = append(found, t.at(fn)+": "+fn.Name.Name+" writes by hand; let the generated type do it")
			}
		}
	}
	for name := range rendered {
		if !written[name] {
			found = append(found, name+" is not written by hand any more: take it off the list")
		}
	}
	return found
}

func TestAnswersAreGenerated(t *testing.T) { requireKept(t, answersAreGenerated) }

func TestAnswersAreGeneratedFinds(t *testing.T) {
	requireFinds(t, answersAreGenerated, sample{
		"server/api/session.go":   "package api\nfunc (b body) VisitGetSessionResponse() {}\nfunc VisitEndSessionResponse() {}",
		"server/api/user.go":      "package api\nfunc (b body) VisitGetUserResponse() {}\nfunc (b body) Visit() {}",
		"server/api/user_test.go": "package api\nfunc (b body) VisitUpdateUserResponse() {}",
		"gen/server.go":           "package gen\nfunc (b body) VisitGetUserResponse() {}",
	},
		"server/api/user.go:2: VisitGetUserResponse writes by hand; let the generated type do it",
		"VisitGetJwksResponse is not written by hand any more: take it off the list",
	)
}
