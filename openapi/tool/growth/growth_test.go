package growth

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

// before is a catalogue of one event with one member of each kind.
const before = `{"events": [{"type": "thing.happened", "version": 1, "description": "It happened.",
	"data": {"type": "object", "additionalProperties": false, "required": ["id", "reason"], "properties": {
		"id": {"type": "string", "pattern": "^a$", "maxLength": 9, "minLength": 1},
		"reason": {"type": "string", "x-extensible-enum": ["a", "b"]},
		"at": {"type": ["string", "null"], "format": "date-time"},
		"count": {"type": "integer", "minimum": 1, "maximum": 5},
		"list": {"type": "array", "minItems": 1, "items": {"type": "object", "additionalProperties": false, "properties": {"x": {"type": "boolean"}}}},
		"free": {"type": "object", "additionalProperties": true}
	}},
	"personal": {"type": "object", "additionalProperties": false, "properties": {"name": {"type": "string"}}},
	"example": {"data": {}, "personal": {}}}]}`

const (
	happened = "thing.happened version 1: "
	member   = happened + "/data/properties/"
)

func TestBreaks(t *testing.T) {
	for name, c := range map[string]struct {
		old, changed string
		says         []string
	}{
		"nothing":                    {"", "", nil},
		"another sentence":           {"It happened.", "It came to pass.", nil},
		"a new optional member":      {`"count": {`, `"more": {"type": "string"}, "count": {`, nil},
		"a new required member":      {`["id", "reason"], "properties": {`, `["id", "reason", "more"], "properties": {"more": {"type": "string"},`, nil},
		"a promise of presence":      {`["id", "reason"]`, `["id", "reason", "count"]`, nil},
		"a new value":                {`["a", "b"]`, `["a", "b", "c"]`, nil},
		"never null":                 {`["string", "null"]`, `"string"`, nil},
		"a tighter bound":            {`"maximum": 5`, `"maximum": 4`, nil},
		"a tighter lower bound":      {`"minItems": 1`, `"minItems": 2`, nil},
		"a new bound":                {`"boolean"`, `"boolean", "maxLength": 4`, nil},
		"a new format":               {`"name": {"type": "string"`, `"name": {"type": "string", "format": "email"`, nil},
		"a map that is always empty": {`"additionalProperties": true`, `"additionalProperties": false`, nil},
		"another event":              {`{"events": [`, `{"events": [{"type": "thing.ended", "version": 1, "data": {}, "example": {"data": {}}},`, nil},
		"a further version":          {`{"events": [`, `{"events": [{"type": "thing.happened", "version": 2, "data": {}, "example": {"data": {}}},`, nil},

		"the event is gone":         {"thing.happened", "thing.occurred", []string{happened + "it is no longer described"}},
		"the version is gone":       {`"version": 1`, `"version": 2`, []string{happened + "it is no longer described"}},
		"a member is gone":          {`"at": {"type"`, `"when": {"type"`, []string{member + "at: it is gone"}},
		"a member may be missing":   {`["id", "reason"]`, `["id"]`, []string{member + "reason: it was always there and may now be missing"}},
		"another type":              {`"id": {"type": "string"`, `"id": {"type": "integer"`, []string{member + "id: it may be integer and was always [string]"}},
		"null":                      {`"type": "integer"`, `"type": ["integer", "null"]`, []string{member + "count: it may be null and was always [integer]"}},
		"inside a list":             {`"x": {"type": "boolean"}`, `"y": {"type": "boolean"}`, []string{member + "list/items/properties/x: it is gone"}},
		"a value is gone":           {`["a", "b"]`, `["a", "c"]`, []string{member + "reason: b is no longer among its values"}},
		"the set is gone":           {`, "x-extensible-enum": ["a", "b"]`, ``, []string{member + "reason: a is no longer among its values", member + "reason: b is no longer among its values"}},
		"another format":            {`"format": "date-time"`, `"format": "date"`, []string{member + "at: its format was date-time and is date"}},
		"the format is gone":        {`, "format": "date-time"`, ``, []string{member + "at: its format was date-time and is <nil>"}},
		"another pattern":           {`"^a$"`, `"^b$"`, []string{member + "id: its pattern was ^a$ and is ^b$"}},
		"a wider bound":             {`"maximum": 5`, `"maximum": 6`, []string{member + "count: its maximum was 5 and is 6"}},
		"a wider lower bound":       {`"minimum": 1`, `"minimum": 0`, []string{member + "count: its minimum was 1 and is 0"}},
		"the bound is gone":         {`, "maxLength": 9`, ``, []string{member + "id: its maxLength was 9 and is <nil>"}},
		"the lower bound is gone":   {`, "minItems": 1`, ``, []string{member + "list: its minItems was 1 and is <nil>"}},
		"a map gets members":        {`"additionalProperties": true`, `"additionalProperties": false, "properties": {"a": {"type": "string"}}`, []string{member + "free: it was an open map and has members of its own"}},
		"a personal member is gone": {`"name": {`, `"alias": {`, []string{happened + "/personal/properties/name: it is gone"}},
		"all personal is gone":      {`"personal": {"type"`, `"private": {"type"`, []string{happened + "/personal: it is gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, before, c.old)
			earlier, err := parse([]byte(before))
			require.NoError(t, err)
			current, err := parse([]byte(strings.Replace(before, c.old, c.changed, 1)))
			require.NoError(t, err)
			require.Equal(t, c.says, Breaks(earlier, current))
		})
	}
}

func TestTheCatalogueOnlyGrows(t *testing.T) {
	contract, err := bundle.Load("../..")
	require.NoError(t, err)
	found, err := Check("../../released", contract)
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestCheckNamesTheRelease(t *testing.T) {
	contract, err := bundle.Load("../testdata/sample")
	require.NoError(t, err)
	dir := t.TempDir()
	_, err = Check(dir, contract)
	require.ErrorIs(t, err, errNothing)
	release := filepath.Join(dir, "events-0.1.0.json")
	require.NoError(t, os.WriteFile(release, []byte(before), 0o600))
	found, err := Check(dir, contract)
	require.NoError(t, err)
	require.Equal(t, []string{"events-0.1.0.json: " + happened + "it is no longer described"}, found)
	require.NoError(t, os.WriteFile(release, []byte("{"), 0o600))
	_, err = Check(dir, contract)
	require.ErrorContains(t, err, release)
}
