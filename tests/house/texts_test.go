package house_test

import (
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const englishTexts = "openapi/locales/en.yaml"

// toOperators are the rooms whose sentences are for whoever runs the server.
var toOperators = []string{"server/boot", "server/cli", "server/cmd"}

var (
	aSentence = regexp.MustCompile(`^[A-Z]['a-z ].* .*[.!?]$`) // SQL is in capitals
	aCode     = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// english is the catalogue's English, by part and sentence: the codes it stands under.
type english map[string]map[string][]string

func readEnglish(fsys fs.FS) (english, error) {
	source, err := fs.ReadFile(fsys, englishTexts)
	if err != nil {
		return nil, err
	}
	var parts map[string]yaml.Node
	if err := yaml.Unmarshal(source, &parts); err != nil {
		return nil, err
	}
	found := english{}
	for _, part := range []string{"details", "fields", "notices"} {
		node := parts[part]
		var texts map[string]any
		if err := node.Decode(&texts); err != nil {
			return nil, err
		}
		found[part] = map[string][]string{}
		for key, text := range texts {
			if forms, counts := text.(map[string]any); counts {
				text = forms["other"]
			}
			code, _, _ := strings.Cut(key, ".")
			sentence, _ := text.(string)
			found[part][sentence] = append(found[part][sentence], code)
		}
	}
	return found, nil
}

// has tells whether a sentence stands under a code, or under any where none is given.
func (e english) has(sentence, code string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool {
		codes, known := e[part][sentence]
		return known && (code == "" || slices.Contains(codes, code))
	})
}

// What the server says to people, it says in every language: each sentence in the code
// is the catalogue's English, letter by letter, under the code that it is said with; and
// the catalogue has none that nobody says.
func sentencesAreTranslated(t *tree) (found []string) {
	known, err := readEnglish(t.fsys)
	if err != nil {
		return []string{err.Error()}
	}
	said := map[string]bool{}
	for _, f := range t.files {
		if f.test || f.generated || !under(f.dir, "server", "storage") || under(f.dir, toOperators...) {
			continue
		}
		for _, one := range f.sentences() {
			said[one.text] = true
			parts := []string{"details", "fields", "notices"}
			if one.fault {
				parts = parts[:1]
			}
			switch {
			case !known.has(one.text, "", parts...):
				found = append(found, t.at(one.node)+": "+strconv.Quote(one.text)+" is not in "+englishTexts)
			case !known.has(one.text, one.code, parts...):
				found = append(found, t.at(one.node)+": "+strconv.Quote(one.text)+" is not under "+one.code+" in "+englishTexts)
			}
		}
	}
	for _, part := range slices.Sorted(maps.Keys(known)) {
		for _, text := range slices.Sorted(maps.Keys(known[part])) {
			if !said[text] {
				found = append(found, englishTexts+": nobody says "+strconv.Quote(text))
			}
		}
	}
	return found
}

// told is a sentence in the code, with the code it is said with where that stands
// beside it.
type told struct {
	node  ast.Node
	text  string
	code  string
	fault bool
}

// sentences are those in functions, and in the declarations of faults.
func (f *file) sentences() (found []told) {
	beside := map[*ast.BasicLit]told{}
	for _, call := range f.faults() {
		if len(call.Args) == 3 {
			noteBeside(beside, call.Args[1], call.Args[2], true)
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for i := 1; i < len(n.Args); i++ {
				noteBeside(beside, n.Args[i-1], n.Args[i], false)
			}
		case *ast.CompositeLit:
			noteBeside(beside, member(n, "Code"), member(n, "Detail"), false)
		}
		return true
	})
	for _, decl := range f.ast.Decls {
		if _, inFunction := decl.(*ast.FuncDecl); !inFunction && f.name != "errors.go" {
			continue
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if text := textOf(literal); ok && aSentence.MatchString(text) {
				one := beside[literal]
				one.node, one.text = literal, text
				found = append(found, one)
			}
			return true
		})
	}
	return found
}

func noteBeside(beside map[*ast.BasicLit]told, code, sentence ast.Expr, fault bool) {
	first, _ := code.(*ast.BasicLit)
	second, _ := sentence.(*ast.BasicLit)
	if _, taken := beside[second]; !taken && aCode.MatchString(textOf(first)) && aSentence.MatchString(textOf(second)) {
		beside[second] = told{code: textOf(first), fault: fault}
	}
}

func member(literal *ast.CompositeLit, name string) ast.Expr {
	for _, element := range literal.Elts {
		pair, _ := element.(*ast.KeyValueExpr)
		if pair == nil {
			continue
		}
		if key, is := pair.Key.(*ast.Ident); is && key.Name == name {
			return pair.Value
		}
	}
	return nil
}

func textOf(literal *ast.BasicLit) string {
	if literal == nil || literal.Kind != token.STRING {
		return ""
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		return "" // the parser has already refused it
	}
	return text
}

func TestSentencesAreTranslated(t *testing.T) { requireKept(t, sentencesAreTranslated) }

func TestSentencesAreTranslatedFinds(t *testing.T) {
	imports := "import \"" + module + "server/platform/fault\"\n"
	requireFinds(t, sentencesAreTranslated, sample{
		englishTexts: "details:\n  user_unknown: There is no such user.\nfields:\n  required: This is required.\n" +
			"  min_length: {one: 'Use {count} character.', other: 'Use {count} characters.'}\n  stale.one: Nobody says this.\nnotices:\n  seen: It was seen.\n",
		"server/user/errors.go": "package user\n" + imports + "var a = fault.New(fault.NotFound, \"user_unknown\", \"There is no such user.\")\n" +
			"var b = fault.New(fault.NotFound, \"user_odd\", \"There is no such user.\")\nvar c = fault.New(fault.NotFound, \"user_unknown\", \"This is required.\")",
		"server/user/user.go": "package user\nfunc f() {\n_ = Field{Code: \"required\", Detail: \"This is required.\"}\n" +
			"_ = Field{Code: \"format\", Detail: \"This is required.\"}\nrefuse(\"min_length\", \"Use {count} characters.\")\n" +
			"refuse(\"min_length\", \"It was seen.\")\n_ = \"Nobody translates this.\"\n}\nvar title = \"An event that is described.\"\n",
		"server/boot/boot.go":      "package boot\nfunc f() { _ = \"Operators read this.\" }",
		"server/user/user_test.go": "package user\nfunc f() { _ = \"Tests say what they like.\" }",
	},
		`server/user/errors.go:4: "There is no such user." is not under user_odd in openapi/locales/en.yaml`,
		`server/user/errors.go:5: "This is required." is not in openapi/locales/en.yaml`,
		`server/user/user.go:4: "This is required." is not under format in openapi/locales/en.yaml`,
		`server/user/user.go:6: "It was seen." is not under min_length in openapi/locales/en.yaml`,
		`server/user/user.go:7: "Nobody translates this." is not in openapi/locales/en.yaml`,
		`openapi/locales/en.yaml: nobody says "Nobody says this."`,
	)
}
