package pipeline

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

const root = "../../.."

// Promise: the spec is the server. What is committed is what the contract gives.
func TestTheWorkingTreeIsCurrent(t *testing.T) {
	files, err := Build(root)
	require.NoError(t, err)
	stale, err := Stale(root, files)
	require.NoError(t, err)
	require.Empty(t, stale, "run go generate ./gen")
}

func TestStale(t *testing.T) {
	dir := t.TempDir()
	files := []File{{"gen/a.json", []byte("a")}, {"gen/b.json", []byte("b")}, {"clients/go/wire/wire.gen.go", []byte("w")}}
	require.NoError(t, Write(dir, files))
	stale, err := Stale(dir, files)
	require.NoError(t, err)
	require.Empty(t, stale)

	put := func(path, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.FromSlash(path)), []byte(text), 0o600))
	}
	put("gen/a.json", "edited by hand")
	put("gen/generate.go", "package gen")
	put("gen/left-over.go", "package gen")
	require.NoError(t, os.Remove(filepath.Join(dir, "clients", "go", "wire", "wire.gen.go")))
	stale, err = Stale(dir, files)
	require.NoError(t, err)
	require.Equal(t, []string{
		"clients/go/wire/wire.gen.go: missing",
		"gen/a.json: not what the contract gives",
		"gen/left-over.go: nobody generates it",
	}, stale)
}

// The compiler's cache and editors look at times: what is equal is not written again.
func TestWriteLeavesEqualFilesAlone(t *testing.T) {
	dir := t.TempDir()
	files := []File{{"gen/a.json", []byte("a")}}
	require.NoError(t, Write(dir, files))
	path := filepath.Join(dir, "gen", "a.json")
	require.NoError(t, os.Chmod(path, 0o400))
	before, err := os.Stat(path)
	require.NoError(t, err)
	require.NoError(t, Write(dir, files))
	after, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, before.ModTime(), after.ModTime())
}

func TestDocuments(t *testing.T) {
	contract, err := bundle.Load("../testdata/sample")
	require.NoError(t, err)
	files, err := Documents(contract)
	require.NoError(t, err)
	byPath := map[string]string{}
	for _, file := range files {
		byPath[file.Path] = string(file.Data)
	}
	require.Len(t, byPath, 7)
	require.Contains(t, byPath["gen/openapi.yaml"], "openapi: 3.1.0\n")
	require.Contains(t, byPath["gen/openapi-3.0.json"], `"openapi": "3.0.3"`)
	require.Contains(t, byPath["gen/contract.gen.go"], "\t\"flow_token\",\n")

	var problems []bundle.Problem
	require.NoError(t, json.Unmarshal([]byte(byPath["gen/problems.json"]), &problems))
	require.Equal(t, contract.Problems, problems)
	require.Contains(t, byPath["gen/events.json"], `"type": "session.ended"`)
	var locales []bundle.Locale
	require.NoError(t, json.Unmarshal([]byte(byPath["gen/locales.json"]), &locales))
	require.Len(t, locales, 2)
	require.Equal(t, contract.Locales[1].Texts["details"], locales[1].Texts["details"])
	require.Contains(t, byPath["gen/contract.gen.go"], "var Locales = []string{\n\t\"de\",\n\t\"en\",\n}")
}

// One renderer writes what is refused; the server has no second way to do it.
func TestTheServerHasNoErrorBodies(t *testing.T) {
	contract, err := bundle.Load("../testdata/sample")
	require.NoError(t, err)
	folder := filepath.Join(root, "openapi", "codegen")
	config, err := readSettings(filepath.Join(folder, "server.yaml"))
	require.NoError(t, err)
	doc, err := reload(config, folder, contract)
	require.NoError(t, err)
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			require.Equal(t, 1, operation.Responses.Len(), "%s %s", method, path)
			require.Nil(t, operation.Responses.Default(), "%s %s", method, path)
			for status, answer := range operation.Responses.Map() {
				require.NotContains(t, answer.Value.Headers, "RateLimit", "%s %s %s: the edge writes it", method, path, status)
			}
		}
	}
	require.Equal(t, "json.RawMessage", doc.Components.Schemas["Profile"].Value.Extensions["x-go-type"], "it is written as it was")
	config, err = readSettings(filepath.Join(folder, "client.yaml"))
	require.NoError(t, err)
	doc, err = reload(config, folder, contract)
	require.NoError(t, err)
	require.NotNil(t, doc.Paths.Value("/v1/flows").Post.Responses.Default(), "the client reads them")
}

func TestSettingsThatBreakAreRefused(t *testing.T) {
	const base = "package: a\noutput: a.go\n"
	for name, c := range map[string]struct{ text, says string }{
		"no output":      {"package: a\n", "output is missing"},
		"a typo":         {base + "generates: {}\n", "generates"},
		"renamed types":  {base + "output-options: {resolve-type-name-collisions: true}\n", "does not compile"},
		"a second embed": {base + "generate: {embedded-spec: true}\n", "contract.gen.go"},
		"no package":     {"output: a.go\n", "package"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.yaml")
			require.NoError(t, os.WriteFile(path, []byte(c.text), 0o600))
			_, err := readSettings(path)
			require.ErrorContains(t, err, c.says)
		})
	}
}
