package golang_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/generator/form"
	"github.com/lintel-id/lintel/clients/generator/golang"
)

var update = flag.Bool("update", false, "write the golden file anew")

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

func operations(t *testing.T, document string) (string, error) {
	t.Helper()
	read, err := form.Read([]byte(document))
	require.NoError(t, err)
	made, err := golang.Operations(read.For(form.Frontend, form.Protocol, form.Test), "lintel")
	return string(made), err
}

func TestOperationsOfASample(t *testing.T) {
	made, err := operations(t, read(t, "testdata/sample.yaml"))
	require.NoError(t, err)
	const golden = "testdata/sample.go.golden"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(made), 0o600))
	}
	require.Equal(t, read(t, golden), made, "run go test ./clients/generator/golang -update")
}

// The committed client is what the contract gives, from either copy of it.
func TestOperationsAreCurrent(t *testing.T) {
	for _, contract := range []string{"openapi.json", "openapi-3.0.json"} {
		made, err := operations(t, read(t, "../../../gen/"+contract))
		require.NoError(t, err)
		require.Equal(t, read(t, "../../go/operations.gen.go"), made, contract+": run go run ./clients/generator")
	}
}

// Names are those that the generator of the wire package gives.
func TestExported(t *testing.T) {
	for name, want := range map[string]string{
		"client_id": "ClientID", "If-Match": "IfMatch", "user.created": "UserCreated", "application/json": "ApplicationJSON",
		"listApiKeys": "ListAPIKeys", "ApiKeyID": "APIKeyID", "SessionJWT": "SessionJWT", "getJwks": "GetJwks", "userIds": "UserIds",
		"ES256": "ES256", "aal1": "Aal1", "EdDSA": "EdDSA", "x5t_s256": "X5TS256", "utf8": "UTF8", "": "",
	} {
		require.Equal(t, want, golang.Exported(name), name)
	}
}

// What has no good form in Go stops the generator instead of becoming something odd.
func TestOperationsAreRefused(t *testing.T) {
	sample := read(t, "testdata/sample.yaml")
	for name, change := range map[string]struct{ old, new, want string }{
		"a number in the path": {
			"{name: group_id, in: path, required: true, schema: {type: string}}", "{name: group_id, in: path, required: true, schema: {type: integer}}",
			"group_id: the contract: what stands in a path is a text",
		},
		"a body that may be left out": {
			"required: true\n        content: {application/merge-patch+json", "required: false\n        content: {application/merge-patch+json", "a body is required, and a component",
		},
		"a body without a name": {
			`{application/json: {schema: {$ref: "#/components/schemas/Submission"}}}`, "{application/json: {schema: {type: string}}}", "a body is required, and a component",
		},
		"an answer without a name": {
			`{application/json: {schema: {$ref: "#/components/schemas/MemberPage"}}}`, "{application/json: {schema: {type: string}}}", "an answer is a component",
		},
		"a page without items": {"items: {type: array", "rows: {type: array", "a page has items, and they are components"},
		"a page without a cursor": {
			"        - {name: cursor, in: query, schema: {type: string}}\n", "", "what is read by pages has a cursor",
		},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.ReplaceAll(sample, change.old, change.new)
			require.NotEqual(t, sample, changed)
			_, err := operations(t, changed)
			require.ErrorIs(t, err, form.ErrContract)
			require.ErrorContains(t, err, change.want)
		})
	}
}
