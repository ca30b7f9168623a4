package emit_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/generator/emit"
	"github.com/lintel-id/lintel/clients/generator/form"
	"github.com/lintel-id/lintel/gen"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Both published copies say the same, so both make the same clients, every time.
func TestBothCopiesMakeTheSameClients(t *testing.T) {
	newer, err := emit.Files(gen.SpecJSON)
	require.NoError(t, err)
	require.NotEmpty(t, newer)
	for range 3 {
		older, err := emit.Files(gen.Spec30JSON)
		require.NoError(t, err)
		require.Equal(t, newer, older)
	}
}

func TestGoldenFiles(t *testing.T) {
	sample, err := os.ReadFile("testdata/sample.json")
	require.NoError(t, err)
	files, err := emit.Files(sample)
	require.NoError(t, err)
	paths := []string{}
	for _, file := range files {
		paths = append(paths, file.Path)
		golden := filepath.Join("testdata", strings.ReplaceAll(file.Path, "/", "_")+".golden")
		if *update {
			require.NoError(t, os.WriteFile(golden, file.Data, 0o600))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), string(file.Data), "go test ./clients/generator/emit -update")
	}
	require.Equal(t, []string{
		"typescript/src/generated/frontend.ts", "go/operations.gen.go",
		"typescript/src/generated/management.ts", "go/management/operations.gen.go",
	}, paths, "what operators do is a product of its own")
}

// A contract that breaks one of its own rules makes no client, rather than a wrong one.
func TestWhatNoClientCanBeMadeOfIsRefused(t *testing.T) {
	sample, err := os.ReadFile("testdata/sample.json")
	require.NoError(t, err)
	for name, change := range map[string][2]string{
		"two content types":          {`"application/merge-patch+json": {`, `"text/plain": {"schema": {"type": "string"}}, "application/merge-patch+json": {`},
		"no surface":                 {`"x-surface": "management", `, ``},
		"no manner of repeating":     {`"x-retry": "never", `, ``},
		"two tags":                   {`"tags": ["thing"], "summary": "List`, `"tags": ["thing", "other"], "summary": "List`},
		"two statuses":               {`"responses": {"204"`, `"responses": {"202": {"description": "Later."}, "204"`},
		"no status":                  {`"responses": {"204"`, `"responses": {"404"`},
		"a variant without its name": {`"mapping": {"name": "#/components/schemas/NameQuestion", `, `"mapping": {`},
		"a union without a mark":     {`"discriminator": {"propertyName": "type", "mapping": {"name": "#/components/schemas/NameAnswer"}}`, `"title": "none"`},
		"an object without a name":   {`"extra": {"type": "object", "description": "Whatever there is.", "additionalProperties": true}`, `"extra": {"type": "object", "properties": {"a": {"type": "string"}}}`},
		"a value without a type":     {`"count": {"type": "integer", "format": "int64", `, `"count": {`},
		"a number with a fraction":   {`"count": {"type": "integer", "format": "int64", `, `"count": {"type": "number", `},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, string(sample), change[0], "the sample has changed")
			_, err := emit.Files(bytes.Replace(sample, []byte(change[0]), []byte(change[1]), 1))
			require.ErrorIs(t, err, form.ErrContract)
		})
	}
	_, err = emit.Files([]byte("{"))
	require.Error(t, err)
}
