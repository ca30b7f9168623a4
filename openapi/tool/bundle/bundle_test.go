package bundle

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

const sample = "../testdata/sample"

// edited copies the sample contract and replaces one text in one of its files.
func edited(t *testing.T, file, old, changed string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(sample)))
	path := filepath.Join(dir, filepath.FromSlash(file))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(data), old)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(data), old, changed, 1)), 0o600))
	return dir
}

func tree(t *testing.T, dir string) map[string]any {
	t.Helper()
	b, err := Load(dir)
	require.NoError(t, err)
	tree, err := b.Tree()
	require.NoError(t, err)
	return tree
}

func TestLoadJoinsTheFiles(t *testing.T) {
	b, err := Load(sample)
	require.NoError(t, err)
	require.Equal(t, "schemas/flow.yaml#/Flow", b.Sources["schemas/Flow"])
	require.Equal(t, "paths/flow.yaml#/~1v1~1flows", b.Sources["paths//v1/flows"])

	joined, err := b.Tree()
	require.NoError(t, err)
	Walk(joined, func(pointer string, object map[string]any) {
		if ref, is := object["$ref"].(string); is {
			require.True(t, strings.HasPrefix(ref, "#/components/"), "%s: %s", pointer, ref)
		}
	})
	offer := joined["components"].(map[string]any)["schemas"].(map[string]any)["StepOffer"].(map[string]any)
	require.Equal(t, map[string]any{
		"password":   "#/components/schemas/PasswordOffer",
		"identifier": "#/components/schemas/IdentifierOffer",
	}, offer["discriminator"].(map[string]any)["mapping"])
}

func TestLoadIsDeterministic(t *testing.T) {
	first, err := JSON(tree(t, sample))
	require.NoError(t, err)
	for range 5 {
		again, err := JSON(tree(t, sample))
		require.NoError(t, err)
		require.Equal(t, string(first), string(again))
	}
}

func TestLoadInjectsTheCodes(t *testing.T) {
	b, err := Load(sample)
	require.NoError(t, err)
	code := b.Doc.Components.Schemas["Problem"].Value.Properties["code"].Value
	require.Equal(t, []any{"body_invalid", "not_found"}, code.Extensions[ExtensibleEnum])
	require.Equal(t, "body_invalid", b.Problems[0].Code)
	require.Equal(t, 422, b.Problems[0].Status)
}

func TestLoadReadsTheEvents(t *testing.T) {
	dir := edited(t, "events/session.yaml", "- type: session.ended\n  version: 1", "- type: session.created\n  version: 2")
	b, err := Load(dir)
	require.NoError(t, err)
	require.Len(t, b.Events, 2)
	require.Equal(t, 1, b.Events[0].Version)
	require.Equal(t, "events/session.yaml#/0", b.Events[0].Source)
	require.Equal(t, 2, b.Events[1].Version, "an earlier version stays described beside the later one")
	require.Nil(t, b.Events[1].Personal)
}

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, old, changed, says string }{
		"a status that is no error":  {"problems.yaml", "status: 404", "status: 200", "200 is not the status of an error"},
		"an unknown status":          {"problems.yaml", "status: 404", "status: 499", "499 is not the status of an error"},
		"a missing status":           {"problems.yaml", "status: 404, ", "", "0 is not the status of an error"},
		"a missing description":      {"problems.yaml", "description: There is", "title2: There is", "title2"},
		"a code in another form":     {"problems.yaml", "not_found:", "notFound:", "snake_case"},
		"codes listed a second time": {"schemas/problem.yaml", "code: {type: string,", "code: {type: string, x-extensible-enum: [a],", "problems.yaml"},
		"no place for the codes":     {"schemas/problem.yaml", "code: {type: string, description: Stable.}\nVal", "kode: {type: string, description: Stable.}\nVal", "Problem needs"},
		"an event of another noun":   {"events/session.yaml", "session.ended", "flow.ended", `"flow.ended" is not an event of session`},
		"a version of nothing":       {"events/session.yaml", "version: 1", "version: 0", "versions count from 1"},
		"an event described twice":   {"events/session.yaml", "session.ended", "session.created", "events/session.yaml#/1: version 1 of session.created is described twice"},
		"an event without data":      {"events/session.yaml", "    data: {count: 1}\n", "", "data and an example"},
		"no personal example":        {"events/session.yaml", "    personal: {device: A phone, traits: {mood: good}}\n", "", "go together"},
		"a misspelt member":          {"events/session.yaml", "personal:\n    type", "personnel:\n    type", "personnel"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(edited(t, c.file, c.old, c.changed))
			require.ErrorContains(t, err, c.says)
		})
	}
}

// The same last segment in two files would let one schema silently stand for another.
func TestLoadRefusesAClash(t *testing.T) {
	dir := edited(t, "schemas/session.yaml", "user: {type: string, description: The user.}", `user: {$ref: "#/FlowId"}`)
	path := filepath.Join(dir, "schemas", "session.yaml")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	data = append(data, "FlowId: {type: string, description: Not the one in flow.yaml.}\n"...)
	require.NoError(t, os.WriteFile(path, data, 0o600))

	_, err = Load(dir)
	require.ErrorContains(t, err, "two schemas are called FlowId")
	require.ErrorContains(t, err, "schemas/flow.yaml#/FlowId")
	require.ErrorContains(t, err, "schemas/session.yaml#/FlowId")
}

func TestLoadJoinsWebhooks(t *testing.T) {
	dir := edited(t, "openapi.yaml", "components:\n", `webhooks:
  stepSubmitted: {$ref: "paths/flow.yaml#/~1v1~1flows~1{flow_id}~1steps"}
components:
`)
	joined := tree(t, dir)
	hook := joined["webhooks"].(map[string]any)["stepSubmitted"].(map[string]any)
	require.Contains(t, hook, "post")
	require.Len(t, joined["paths"], 5)
}

func TestOlderIsValid(t *testing.T) {
	older, err := Older(tree(t, sample))
	require.NoError(t, err)
	data, err := json.Marshal(older)
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(data)
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
	require.Equal(t, "3.0.3", doc.OpenAPI)
	require.True(t, doc.Components.Schemas["Flow"].Value.Properties["error"].Value.Nullable)
}

func TestOlder(t *testing.T) {
	schema := func(s map[string]any) map[string]any {
		return map[string]any{"components": map[string]any{"schemas": map[string]any{"S": s}}}
	}
	for name, c := range map[string]struct{ from, to map[string]any }{
		"null in the type":     {map[string]any{"type": []any{"string", "null"}}, map[string]any{"type": "string", "nullable": true}},
		"null beside an enum":  {map[string]any{"type": []any{"string", "null"}, "enum": []any{"a"}}, map[string]any{"type": "string", "nullable": true, "enum": []any{"a", nil}}},
		"one type in a list":   {map[string]any{"type": []any{"string"}}, map[string]any{"type": "string"}},
		"examples":             {map[string]any{"examples": []any{"a", "b"}}, map[string]any{"example": "a"}},
		"const":                {map[string]any{"const": "a"}, map[string]any{"enum": []any{"a"}}},
		"base64":               {map[string]any{"contentEncoding": "base64"}, map[string]any{"format": "byte"}},
		"exclusive bound":      {map[string]any{"exclusiveMinimum": 1}, map[string]any{"minimum": 1, "exclusiveMinimum": true}},
		"beside a reference":   {map[string]any{"$ref": "#/x", "description": "d"}, map[string]any{"$ref": "#/x"}},
		"a value is untouched": {map[string]any{"example": map[string]any{"type": []any{"string", "null"}}}, map[string]any{"example": map[string]any{"type": []any{"string", "null"}}}},
		"so is a name": {
			map[string]any{"properties": map[string]any{"examples": map[string]any{"type": []any{"string", "null"}}}},
			map[string]any{"properties": map[string]any{"examples": map[string]any{"type": "string", "nullable": true}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			from := schema(maps.Clone(c.from))
			older, err := Older(from)
			require.NoError(t, err)
			require.Equal(t, schema(c.to)["components"], older["components"])
			require.Equal(t, schema(c.from), from, "the newer document is untouched")
		})
	}
	_, err := Older(schema(map[string]any{"type": []any{"string", "integer"}}))
	require.ErrorContains(t, err, "#/components/schemas/S: type [string integer] has no equal")
}

func TestSecretFields(t *testing.T) {
	require.Equal(t, []string{
		"Authorization", "Cookie", "Lintel-Flow", "Set-Cookie", "__Host-session", "flow_token", "password",
	}, SecretFields(tree(t, sample)))
}

// A secret that is marked where its schema stands is one wherever the schema is used.
func TestSecretFieldsFollowReferences(t *testing.T) {
	fields := SecretFields(map[string]any{"components": map[string]any{
		"schemas": map[string]any{
			"Code":  map[string]any{"type": "string", "x-secret": true},
			"Proof": map[string]any{"properties": map[string]any{"code": map[string]any{"$ref": "#/components/schemas/Code"}}},
		},
		"parameters": map[string]any{
			"Ticket": map[string]any{"name": "ticket", "in": "query", "schema": map[string]any{"$ref": "#/components/schemas/Code"}},
		},
		"headers": map[string]any{"Grant": map[string]any{"x-secret": true}},
	}})
	require.Equal(t, []string{"Grant", "code", "ticket"}, fields)
}

func TestYAMLKeepsNumbers(t *testing.T) {
	out, err := YAML(map[string]any{"whole": json.Number("20"), "half": json.Number("0.5"), "text": "20"})
	require.NoError(t, err)
	require.Equal(t, "half: 0.5\ntext: \"20\"\nwhole: 20\n", string(out))
}

func TestLocales(t *testing.T) {
	b, err := Load(sample)
	require.NoError(t, err)
	require.Len(t, b.Locales, 2)
	german, english := b.Locales[0], b.Locales[1]
	require.Equal(t, "de", german.Tag)
	require.Equal(t, "Deutsch", german.Name)
	require.Equal(t, Text{"other": "Nicht gefunden"}, german.Texts["titles"]["not_found"])
	require.Equal(t, Text{"other": "Not found"}, english.Texts["titles"]["not_found"], "from the list of problems")
	require.Equal(t, Text{"one": "Use at least {count} character.", "other": "Use at least {count} characters."}, english.Texts["fields"]["min_length"])

	for changed, says := range map[string]string{
		"titles: {not_found: Not found}\nname: English": "are in problems.yaml",
		"nam: English":                 "field nam not found",
		"name: English\nname: Anglais": "already defined",
	} {
		_, err := Load(edited(t, "locales/en.yaml", "name: English", changed))
		require.ErrorContains(t, err, says)
	}
}
