package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/schema"
)

// staff is a schema with a claim of every sort.
func staff() string {
	return with(`"name":{"type":"string","maxLength":20},"grade":{"type":"integer","x-user-access":"read","x-searchable":true,"$comment":"ours"},`+
		`"score":{"type":"object","x-user-access":"none","properties":{"risk":{"$ref":"#/$defs/risk"}}},`+
		`"notes":{"$ref":"#/$defs/notes","x-user-access":"none","x-searchable":true},"city":{"type":"string","x-searchable":true}`,
		`"$defs":{"risk":{"type":"number"},"notes":{"type":"string"}}`, `"required":["name"]`)
}

func TestDocumentHidesWhatIsNotTheirs(t *testing.T) {
	require.JSONEq(t, with(`"name":{"type":"string","maxLength":20},"grade":{"type":"integer","readOnly":true},"city":{"type":"string"}`, `"required":["name"]`),
		string(of(t, staff()).Document()))
	shared := with(`"a":{"$ref":"#/$defs/x"},"b":{"$ref":"#/$defs/y","x-user-access":"none"}`, `"$defs":{"x":{"items":{"$ref":"#/$defs/z"}},"y":{},"z":{"$comment":"ours"}}`)
	require.JSONEq(t, with(`"a":{"$ref":"#/$defs/x"}`, `"$defs":{"x":{"items":{"$ref":"#/$defs/z"}},"z":{}}`), string(of(t, shared).Document()))
	require.Equal(t, []string{"city", "name"}, of(t, staff()).Writable())
	require.Equal(t, []string{"city", "name"}, of(t, staff()).Asked([]string{"city", "grade", "notes", "gone", "city"}))
}

// A claim that a person may not see answers in every way as one that does not exist.
func TestClass_Enumeration_HiddenClaims(t *testing.T) {
	made := of(t, staff())
	stored := json.RawMessage(`{"city":"Paris","grade":3,"name":"Ada","notes":"` + strings.Repeat("n", 16000) + `","score":{"risk":1}}`)
	shown, err := made.Shown(stored)
	require.NoError(t, err)
	require.JSONEq(t, `{"city":"Paris","grade":3,"name":"Ada"}`, string(shown))
	for _, value := range []string{`null`, `1`, `"x"`, `{"risk":1}`, `{}`, `{"risk":null}`, `{"risk":"x"}`, `"` + strings.Repeat("n", 16000) + `"`} {
		answers := map[string]string{}
		for _, name := range []string{"score", "notes", "absent"} {
			after, changed, err := made.MergePatch(stored, json.RawMessage(`{"`+name+`":`+value+`}`), schema.Person)
			checked, failed := made.Check(json.RawMessage(`{"`+name+`":`+value+`}`), schema.Person)
			require.Empty(t, checked)
			said := strings.Join(append(places(err), places(failed)...), "|") + string(after) + strings.Join(changed, ",")
			answers[strings.ReplaceAll(said, "/"+name+" ", "/NAME ")] = name
		}
		require.Len(t, answers, 1, "%.20s", value)
	}
	// Nor does what they hold show in how much else fits.
	after, _, err := made.MergePatch(stored, json.RawMessage(`{"city":"`+strings.Repeat("c", 200)+`"}`), schema.Person)
	require.NoError(t, err)
	require.Contains(t, string(after), `"score":{"risk":1}`)
}

func TestReadOnlyClaims(t *testing.T) {
	made := of(t, staff())
	stored := json.RawMessage(`{"grade":3,"name":"Ada"}`)
	for patch, want := range map[string]string{
		`{"grade":4}`: "/profile/grade read_only", `{"grade":null}`: "/profile/grade read_only", `{"grade":"x"}`: "/profile/grade read_only",
		`{"grade":{"a":1},"name":1}`: "/profile/grade read_only|/profile/name type", `{"name":null}`: "/profile/name required",
	} {
		_, _, err := made.MergePatch(stored, json.RawMessage(patch), schema.Person)
		require.ErrorIs(t, err, schema.ErrProfileInvalid)
		require.Equal(t, want, strings.Join(places(err), "|"))
	}
	_, err := made.Check(json.RawMessage(`{"grade":4}`), schema.Person)
	require.Equal(t, []string{"/profile/grade read_only"}, places(err))
	_, changed, err := made.MergePatch(stored, json.RawMessage(`{"grade":3}`), schema.Person)
	require.NoError(t, err, "who sends it back as it is changes nothing")
	require.Empty(t, changed)
	after, changed, err := made.MergePatch(stored, json.RawMessage(`{"grade":4,"score":{"risk":0.5}}`), schema.Operator)
	require.NoError(t, err)
	require.JSONEq(t, `{"grade":4,"name":"Ada","score":{"risk":0.5}}`, string(after))
	require.Equal(t, []string{"grade", "score"}, changed)
	_, _, err = made.MergePatch(stored, json.RawMessage(`{"score":{"risk":"high"},"absent":1}`), schema.Operator)
	require.Equal(t, []string{"/profile/absent unknown", "/profile/score/risk type"}, places(err))
}

// What was stored under an earlier version stays, is seen as it was last, and troubles
// nobody who touches something else.
func TestPromise_ProfilesEvolve_OldProfilesAndNewVersions(t *testing.T) {
	first := with(`"name":{"type":"string"},"nick":{"type":"string"},"fax":{"type":"string"},"score":{"type":"number","x-user-access":"none"},"badge":{"type":"string"}`)
	second := with(`"name":{"type":"string"},"nick":{"type":"string"},"badge":{"type":"string","x-user-access":"none"}`)
	third := with(`"name":{"type":"string","maxLength":3},"nick":{"type":"string"},"email2":{"type":"string"}`, `"required":["email2"]`)
	made := of(t, first, second, third)
	require.Equal(t, 3, made.Version())
	stored := json.RawMessage(`{"badge":"b","fax":"1","name":"Adelaide","nick":"A","score":1,"stray":true}`)
	shown, err := made.Shown(stored)
	require.NoError(t, err)
	require.JSONEq(t, `{"fax":"1","name":"Adelaide","nick":"A"}`, string(shown))
	for _, c := range []struct{ patch, after, refused string }{
		{`{"nick":"B"}`, `{"badge":"b","fax":"1","name":"Adelaide","nick":"B","score":1,"stray":true}`, ""},
		{`{"fax":null}`, `{"badge":"b","name":"Adelaide","nick":"A","score":1,"stray":true}`, ""},
		{`{"fax":"1","nick":null}`, `{"badge":"b","fax":"1","name":"Adelaide","score":1,"stray":true}`, ""},
		{`{"badge":null,"score":null,"stray":null}`, string(stored), ""},
		{`{"fax":"2"}`, "", "/profile/fax unknown"},
		{`{"badge":"b"}`, "", "/profile/badge unknown"},
		{`{"stray":true}`, "", "/profile/stray unknown"},
		{`{"name":"Adela"}`, "", "/profile/name max_length"},
		{`{"email2":"e","name":"Ada"}`, `{"badge":"b","email2":"e","fax":"1","name":"Ada","nick":"A","score":1,"stray":true}`, ""},
	} {
		after, _, err := made.MergePatch(stored, json.RawMessage(c.patch), schema.Person)
		require.Equal(t, c.refused, strings.Join(places(err), "|"), c.patch)
		require.Equal(t, c.after, string(after), c.patch)
	}
	require.Equal(t, []string{"email2"}, made.Asked(nil), "a registration asks for what is required")
}

func TestAttributes(t *testing.T) {
	made := of(t, with(`"text":{"type":"string","x-searchable":true},"count":{"type":"integer","x-searchable":true},"yes":{"$ref":"#/$defs/flag","x-searchable":true},"other":{"type":"string"}`,
		`"$defs":{"flag":{"type":"boolean"}}`))
	found, err := made.Attributes(json.RawMessage(`{"count":1.20e1,"other":"o","text":"ZOE\u0308 Stra\u00dfe","yes":true}`))
	require.NoError(t, err)
	require.Equal(t, []schema.Attribute{{Name: "count", Value: "12"}, {Name: "text", Value: "zo\u00eb strasse"}, {Name: "yes", Value: "true"}}, found)
	for _, one := range []struct{ name, text string }{{"count", "12"}, {"count", "12.0"}, {"text", "Zo\u00cb STRASSE"}, {"yes", "true"}} {
		wanted, possible, err := made.Wanted(one.name, one.text)
		require.NoError(t, err)
		require.True(t, possible)
		require.Contains(t, found, wanted, one.text)
	}
	for _, one := range []struct{ name, text string }{{"count", "many"}, {"count", "1.5"}, {"count", ""}, {"count", "1e999999999"}, {"text", strings.Repeat("x", 257)}, {"text", "\x00"}} {
		_, possible, err := made.Wanted(one.name, one.text)
		require.NoError(t, err)
		require.False(t, possible, one.text)
	}
	for _, name := range []string{"other", "absent", ""} {
		_, _, err := made.Wanted(name, "x")
		require.ErrorIs(t, err, schema.ErrNotIndexed)
	}
	_, err = made.Check(json.RawMessage(`{"text":"`+strings.Repeat("x", 257)+`"}`), schema.Person)
	require.Equal(t, []string{"/profile/text max_length"}, places(err))
	left, err := made.Attributes(json.RawMessage(`{"count":1.5,"text":"` + strings.Repeat("x", 257) + `","yes":"no"}`))
	require.NoError(t, err)
	require.Equal(t, []schema.Attribute{{Name: "yes", Value: "no"}}, left)
}

func TestIndexedSince(t *testing.T) {
	plain, found := with(`"a":{"type":"string"}`), with(`"a":{"type":"string","x-searchable":true}`)
	titled := with(`"a":{"type":"string","x-searchable":true,"title":"A"}`)
	for want, versions := range map[int][]string{0: {plain}, 1: {found}, 2: {plain, found, titled}, 3: {plain, found, plain}} {
		require.Equal(t, want, of(t, versions...).IndexedSince())
	}
}

// Protects: a version that hides or shows what people have keeps nobody from changing
// something else, and lets nobody have more than before.
func TestPromise_ProfilesEvolve_AMovedClaimLocksNobodyOut(t *testing.T) {
	const hidden = `,"x-user-access":"none"`
	claims := func(a, b string) string {
		return with(`"nick":{"type":"string"},"a":{"type":"string"` + a + `},"b":{"type":"string"` + b + `}`)
	}
	long := strings.Repeat("x", 10000)
	first := claims("", hidden)
	stored, _, err := of(t, first).MergePatch(nil, json.RawMessage(`{"b":"`+long+`"}`), schema.Operator)
	require.NoError(t, err)
	stored, _, err = of(t, first).MergePatch(stored, json.RawMessage(`{"a":"`+long+`","nick":"Ada"}`), schema.Person)
	require.NoError(t, err)

	allHidden, allShown := of(t, first, claims(hidden, hidden)), of(t, first, claims("", `,"x-user-access":"read"`))
	for _, made := range []*schema.Schema{allHidden, allShown} {
		for _, by := range []schema.Writer{schema.Person, schema.Operator} {
			_, _, err := made.MergePatch(stored, json.RawMessage(`{"nick":"Bob"}`), by)
			require.NoError(t, err, by)
		}
	}
	// The hidden part may be of any size: they write up to their own bound beside it.
	more, _, err := allHidden.MergePatch(stored, json.RawMessage(`{"nick":"`+long+`"}`), schema.Person)
	require.NoError(t, err)
	_, _, err = allHidden.MergePatch(more, json.RawMessage(`{"nick":"Ada"}`), schema.Person)
	require.NoError(t, err)
	_, _, err = allShown.MergePatch(stored, json.RawMessage(`{"nick":"Adas"}`), schema.Person)
	require.Equal(t, []string{"/profile max_length"}, places(err), "what is too large does not grow")
	_, _, err = allHidden.MergePatch(stored, json.RawMessage(`{"a":"`+long+`x"}`), schema.Operator)
	require.Equal(t, []string{"/profile max_length"}, places(err))
}
