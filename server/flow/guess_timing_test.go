package flow_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// guesses is how often each kind of wrong code is measured.
const guesses = 300

// Somebody measures, on each engine and in turns, how long it takes to be refused with a code
// of which all digits but the last are right, and with one of which none is. The bound is that
// of TestPromise_NoEnumeration_TimeDoesNotTell.
func TestClass_Timing_AWrongCodeTellsNothingOfTheRightOne(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { guessesTakeAsLong(t, proofs(t)) })
	t.Run("postgres", func(t *testing.T) { guessesTakeAsLong(t, proofsOn(t, storage.Config{URL: postgres.NewDatabase(t)})) })
}

func guessesTakeAsLong(t *testing.T, h house) {
	t.Helper()
	for i := range 40 {
		_, err := h.users.Create(h.ctx, someone(fmt.Sprintf("known%d@example.com", i)))
		require.NoError(t, err)
	}
	var near, far []time.Duration
	for i := range guesses {
		near = append(near, h.guessed(t, fmt.Sprintf("known%d@example.com", i%20), func(at int) bool { return at == 5 }))
		far = append(far, h.guessed(t, fmt.Sprintf("known%d@example.com", 20+i%20), func(int) bool { return true }))
	}
	require.Less(t, math.Abs(deviation(near, far)), 5.0, "medians %s and %s", median(near), median(far))
}

// guessed is how long it takes to be refused with the code in which some digits are others.
func (h house) guessed(t *testing.T, to string, wrong func(at int) bool) time.Duration {
	t.Helper()
	h.clock.Advance(time.Minute)
	begun := h.start(t, "login", askCode(to))
	typed := []byte(h.last(t, to, "code"))
	for at := range typed {
		if wrong(at) {
			typed[at] = '0' + (typed[at]-'0'+5)%10
		}
	}
	answer := access(begun)
	began := time.Now()
	result, err := h.Submit(h.ctx, answer, typeCode(string(typed)), flow.Retry{})
	took := time.Since(began)
	require.NoError(t, err)
	requireRefused(t, "code_invalid", result)
	return took
}

// What cannot be measured through a database is read in the source, which no engine changes:
// no digest of a code or a link meets another one outside of crypto/subtle.
func TestClass_Timing_CodesAndLinksAreComparedInConstantTime(t *testing.T) {
	compared := 0
	for _, file := range []string{"../code/check.go", "../code/send.go", "../code/challenge.go", "../code/service.go", "link.go", "submit.go", "step/code.go", "step/link.go", "step/address.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(node ast.Node) bool {
			switch seen := node.(type) {
			case *ast.BinaryExpr:
				if seen.Op == token.EQL || seen.Op == token.NEQ {
					require.False(t, digested(seen.X) || digested(seen.Y), "%s compares a digest", file)
				}
			case *ast.CallExpr:
				switch name := called(seen); name {
				case "bytes.Equal", "bytes.Compare", "slices.Equal", "strings.Compare", "reflect.DeepEqual":
					require.False(t, digested(seen.Args[0]) || digested(seen.Args[1]), "%s compares a digest by %s", file, name)
				case "subtle.ConstantTimeCompare":
					compared++
				}
			}
			return true
		})
	}
	require.Equal(t, 2, compared, "a code and a link")
}

// digested tells whether an expression is a digest, or a part of one.
func digested(expression ast.Expr) bool {
	switch seen := expression.(type) {
	case *ast.SelectorExpr:
		return seen.Sel.Name == "Digest" || seen.Sel.Name == "Token" || seen.Sel.Name == "OneTimeCode"
	case *ast.Ident:
		return strings.Contains(strings.ToLower(seen.Name), "digest")
	case *ast.SliceExpr:
		return digested(seen.X)
	case *ast.IndexExpr:
		return digested(seen.X)
	case *ast.CallExpr:
		return strings.HasSuffix(called(seen), ".Digest") || strings.HasSuffix(called(seen), ".digest") || strings.HasSuffix(called(seen), ".Reveal")
	}
	return false
}

func called(call *ast.CallExpr) string {
	selected, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	on, ok := selected.X.(*ast.Ident)
	if !ok {
		return "." + selected.Sel.Name
	}
	return on.Name + "." + selected.Sel.Name
}
