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

// A text of the contract is never code of the client, in any language: what is no plain name
// or line is refused before one of them sees it. Only descriptions may say what they like.
func TestNoTextBecomesCode(t *testing.T) {
	sample, err := os.ReadFile("testdata/sample.json")
	require.NoError(t, err)
	for name, change := range map[string][2]string{
		"a line after the version":        {`"version": "1.2.3"`, `"version": "1.2.3\nglobalThis.evil()"`},
		"a line of another kind after it": {`"version": "1.2.3"`, `"version": "1.2.3\u2028globalThis.evil()"`},
		"a return after it":               {`"version": "1.2.3"`, `"version": "1.2.3\rfunc init() {}"`},
		"a line after the title":          {`"title": "Sample"`, `"title": "Sample\nfunc init() {}"`},
		"an operation with more":          {`"operationId": "listThings"`, `"operationId": "listThings = evil(), x"`},
		"an operation that is two":        {`"operationId": "listThings"`, `"operationId": "listThings\nevil"`},
		"a summary of two lines":          {`"summary": "List things"`, `"summary": "List things\nfunc init() {}"`},
		"a scope that ends its quotes":    {`"x-scope": "things:read"`, `"x-scope": "things:read` + "`" + ` evil"`},
		"a tag with more":                 {`"tags": ["thing"], "summary": "List things"`, `"tags": ["thing; evil"], "summary": "List things"`},
		"a path that ends its quotes":     {`"/v1/things/{thing_id}"`, `"/v1/things\"+evil()+\"/{thing_id}"`},
		"a parameter with more":           {`"name": "as_of"`, `"name": "as_of?: string; evil"`},
		"a header with more":              {`"name": "If-Match"`, `"name": "If-Match: 1, x"`},
		"a variant that ends its quotes":  {`"mapping": {"name": "#/components/schemas/NameQuestion"`, `"mapping": {"name\" | evil | \"": "#/components/schemas/NameQuestion"`},
		"a discriminator with more":       {`"propertyName": "type", "mapping": {"name": "#/components/schemas/NameQuestion"`, `"propertyName": "type: any; evil", "mapping": {"name": "#/components/schemas/NameQuestion"`},
		"a member with more":              {`"extra": {"type": "object", "description": "Whatever`, `"extra: any; evil": {"type": "object", "description": "Whatever`},
		"a value that ends its quotes":    {`"enum": ["s", "m"]`, `"enum": ["s\" + evil() + \"", "m"]`},
		"a value of two lines":            {`["big", "small"]`, `["big\nevil", "small"]`},
		"a value without a sign":          {`["big", "small"]`, `["big", "\u0000"]`},
		"a truth with more":               {`"enum": [true]`, `"enum": ["true | evil"]`},
		"a schema with more":              {`"Size": {`, `"Size.evil": {`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, string(sample), change[0], "the sample has changed")
			_, err := emit.Files(bytes.Replace(sample, []byte(change[0]), []byte(change[1]), 1))
			require.ErrorIs(t, err, form.ErrContract)
			require.ErrorContains(t, err, "cannot be")
		})
	}
	free := bytes.ReplaceAll(sample, []byte(`"description": "All of them."`), []byte(`"description": "*/ evil() /*\nfunc init() {}\r\u2028evil()"`))
	require.NotEqual(t, sample, free)
	files, err := emit.Files(free)
	require.NoError(t, err)
	require.NotContains(t, string(files[0].Data), "*/ evil", "it would end the comment")
	require.NotRegexp(t, `(?m)^\s*(func init|evil)`, string(files[1].Data))
}
