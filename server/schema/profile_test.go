package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/schema"
)

func of(t testing.TB, texts ...string) *schema.Schema {
	t.Helper()
	made, err := schema.Of(texts...)
	require.NoError(t, err)
	return made
}

func TestClaims(t *testing.T) {
	require.Equal(t, []string{
		"address", "birthdate", "family_name", "gender", "given_name", "locale", "middle_name",
		"name", "nickname", "picture", "profile", "website", "zoneinfo",
	}, of(t).Writable())
	require.True(t, json.Valid(of(t).Document()))
}

func TestCheckAccepts(t *testing.T) {
	for in, want := range map[string]string{
		``:                         `{}`,
		`{}`:                       `{}`,
		`{"name":"Ada Lovelace" }`: `{"name":"Ada Lovelace"}`,
		`{"name":"<b>&\"x\""}`:     `{"name":"<b>&\"x\""}`,
		`{"nickname":"\u0646\u0627\u0645\u0647\u200c\u0627\u06cc"}`:                      "{\"nickname\":\"\u0646\u0627\u0645\u0647\u200c\u0627\u06cc\"}",
		`{"birthdate":"1815-12-10"}`:                                                     `{"birthdate":"1815-12-10"}`,
		`{"birthdate":"0000-02-29"}`:                                                     `{"birthdate":"0000-02-29"}`,
		`{"birthdate":"1815"}`:                                                           `{"birthdate":"1815"}`,
		`{"locale":"en-GB","zoneinfo":"Europe/London"}`:                                  `{"locale":"en-GB","zoneinfo":"Europe/London"}`,
		`{"locale":"zh-Hant-TW","zoneinfo":"America/Indiana/Knox"}`:                      `{"locale":"zh-Hant-TW","zoneinfo":"America/Indiana/Knox"}`,
		`{"picture":"https://cdn.example/a.png?x=1#y","gender":"f"}`:                     `{"gender":"f","picture":"https://cdn.example/a.png?x=1#y"}`,
		`{"address":{"street_address":"1 High St\r\nFlat 2\n","postal_code":"AB1 2CD"}}`: `{"address":{"postal_code":"AB1 2CD","street_address":"1 High St\r\nFlat 2\n"}}`,
	} {
		got, err := of(t).Check(json.RawMessage(in), schema.Person)
		require.NoError(t, err, in)
		require.Equal(t, want, string(got))
	}
}

// Protects: no value a person typed is in an error, whatever is wrong with it.
func TestClass_Secrets_ProfileFaultsHoldNoValue(t *testing.T) {
	const typed = "ZQXJ"
	for in, want := range map[string]string{
		`["ZQXJ"]`: "/profile type", `"ZQXJ"`: "/profile type", `null`: "/profile type",
		`{"name":"ZQXJ"`: "/profile format", `{} {"name":"ZQXJ"}`: "/profile format", "{\"name\":\"ZQXJ\xff\"}": "/profile format",
		`{"name":12}`: "/profile/name type", `{"name":""}`: "/profile/name min_length", `{"name":null}`: "/profile/name type",
		`{"name":"` + strings.Repeat("ZQXJ", 65) + `"}`:  "/profile/name max_length",
		`{"name":"` + strings.Repeat("ZQXJ", 5e3) + `"}`: "/profile max_length",
		`{"name":"ZQXJ\u0000"}`:                          "/profile/name format", `{"name":"ZQXJ\u202e"}`: "/profile/name format",
		`{"name":"ZQXJ\nB"}`: "/profile/name format", `{"name":"\u2800\u2800"}`: "/profile/name format", `{"name":"  "}`: "/profile/name format",
		`{"name":"ZQ\u200dXJ"}`:         "/profile/name format",
		`{"email":"ZQXJ@x.example"}`:    "/profile/email unknown",
		`{"a/b~c":"ZQXJ"}`:              "/profile/a~1b~0c unknown",
		`{"address":{"planet":"ZQXJ"}}`: "/profile/address/planet unknown", `{"address":"ZQXJ"}`: "/profile/address type",
		`{"address":{"region":["ZQXJ"]}}`: "/profile/address/region type",
		`{"picture":"javascript:ZQXJ"}`:   "/profile/picture format", `{"website":"https://u:ZQXJ@x.example"}`: "/profile/website format",
		`{"profile":"//ZQXJ.example"}`: "/profile/profile format", `{"profile":"https:///ZQXJ"}`: "/profile/profile format",
		`{"profile":"https://x.example\\ZQXJ"}`: "/profile/profile format", `{"profile":"HTTP"}`: "/profile/profile format",
		`{"birthdate":"1815-02-30"}`: "/profile/birthdate format", `{"birthdate":"10.12.1815"}`: "/profile/birthdate format",
		`{"birthdate":"0000"}`: "/profile/birthdate format", `{"birthdate":"1815-12"}`: "/profile/birthdate format",
		`{"zoneinfo":"Local"}`: "/profile/zoneinfo format", `{"zoneinfo":"../../etc/ZQXJ"}`: "/profile/zoneinfo format",
		`{"zoneinfo":"Europe/ZQXJ"}`: "/profile/zoneinfo format", `{"locale":"en_GB"}`: "/profile/locale format",
		`{"locale":"ZQXJ-!!"}`:           "/profile/locale format",
		`{"name":1,"nickname":"","x":2}`: "/profile/name type /profile/nickname min_length /profile/x unknown",
	} {
		_, err := of(t).Check(json.RawMessage(in), schema.Person)
		require.ErrorIs(t, err, schema.ErrProfileInvalid, in)
		var got []string
		for _, field := range fault.As(err).Fields {
			got = append(got, field.Pointer+" "+field.Code)
			require.NotEmpty(t, field.Detail)
		}
		require.Equal(t, want, strings.Join(got, " "), in)
		require.NotContains(t, fmt.Sprintf("%v %+v", err, fault.As(err).Fields), typed)
	}
}

func TestTooManyFaultsAreCut(t *testing.T) {
	many := map[string]string{}
	for i := range 90 {
		many[fmt.Sprintf("x%d", i)] = "y"
	}
	many[strings.Repeat("n", 500)] = "y"
	text, err := json.Marshal(many)
	require.NoError(t, err)
	_, err = of(t).Check(text, schema.Person)
	require.Len(t, fault.As(err).Fields, 20)
	require.Equal(t, "/profile", fault.As(err).Fields[0].Pointer)
}

// The examples are those of RFC 7396 Appendix A that stay within the schema.
// A claim is put whole in the place of another, by an operator, and only where it fits.
func TestPut(t *testing.T) {
	for _, c := range []struct{ before, name, value, after string }{
		{`{}`, "name", `"A"`, `{"name":"A"}`},
		{``, "name", `"A"`, `{"name":"A"}`},
		{`{"name":"B","x":1}`, "name", `"<A>"`, `{"name":"<A>","x":1}`},
		{`{"address":{"locality":"A","country":"B"}}`, "address", `{"locality":"C"}`, `{"address":{"locality":"C"}}`},
	} {
		after, err := of(t).Put(json.RawMessage(c.before), c.name, json.RawMessage(c.value))
		require.NoError(t, err)
		require.Equal(t, c.after, string(after))
	}
	for _, c := range [][3]string{
		{`{}`, "x", `1`}, {`{}`, "name", `1`}, {`{}`, "name", `{`}, {`[]`, "name", `"A"`}, {`{}`, "name", `"` + strings.Repeat("A", 20<<10) + `"`},
	} {
		_, err := of(t).Put(json.RawMessage(c[0]), c[1], json.RawMessage(c[2]))
		require.ErrorIs(t, err, schema.ErrProfileInvalid, c)
	}
}

func TestMergePatch(t *testing.T) {
	for _, c := range []struct {
		before, patch, after string
		changed              []string
	}{
		{`{"name":"b"}`, `{"name":"c"}`, `{"name":"c"}`, []string{"name"}},
		{`{"name":"b"}`, `{"nickname":"c"}`, `{"name":"b","nickname":"c"}`, []string{"nickname"}},
		{`{"name":"b"}`, `{"name":null}`, `{}`, []string{"name"}},
		{`{"name":"b","nickname":"c"}`, `{"name":null}`, `{"nickname":"c"}`, []string{"name"}},
		{`{"name":"b"}`, `{"name":"b","gender":null}`, `{"name":"b"}`, []string{}},
		{`{"address":{"region":"b"}}`, `{"address":{"region":"d","country":null}}`, `{"address":{"region":"d"}}`, []string{"address"}},
		{`{"address":{"region":"b"}}`, `{"address":{"country":"c"}}`, `{"address":{"country":"c","region":"b"}}`, []string{"address"}},
		{`{"address":{"region":"b"}}`, `{"address":null}`, `{}`, []string{"address"}},
		{`{}`, `{"address":{"region":null}}`, `{"address":{}}`, []string{"address"}},
	} {
		after, changed, err := of(t).MergePatch(json.RawMessage(c.before), json.RawMessage(c.patch), schema.Person)
		require.NoError(t, err, c.patch)
		require.Equal(t, c.after, string(after))
		require.Equal(t, c.changed, changed)
	}
}

func TestMergePatchRefuses(t *testing.T) {
	for patch, want := range map[string]string{
		`["c"]`: "/profile", `null`: "/profile", `{"name":{"a":{}}}`: "/profile/name", `{"unknown":{"a":null}}`: "/profile/unknown",
	} {
		_, _, err := of(t).MergePatch(json.RawMessage(`{"name":"b"}`), json.RawMessage(patch), schema.Person)
		require.ErrorIs(t, err, schema.ErrProfileInvalid, patch)
		require.Equal(t, want, fault.As(err).Fields[0].Pointer)
	}
}

// Protects: patches that fit one by one cannot grow a profile past its bound.
func TestMergePatchBoundsTheWhole(t *testing.T) {
	const wide = "\U00010380"
	text := func(n int) string { return strings.Repeat(wide, n) }
	address := "https://x.example/" + strings.Repeat("a", 2000)
	one, err := json.Marshal(map[string]string{
		"name": text(256), "given_name": text(128), "family_name": text(128), "middle_name": text(128), "website": address,
	})
	require.NoError(t, err)
	two, err := json.Marshal(map[string]any{"profile": address, "picture": address, "address": map[string]string{
		"formatted": text(1024), "street_address": text(512), "locality": text(128), "region": text(128), "country": text(128),
	}})
	require.NoError(t, err)
	first, _, err := of(t).MergePatch(nil, one, schema.Person)
	require.NoError(t, err)
	_, _, err = of(t).MergePatch(nil, two, schema.Person)
	require.NoError(t, err)
	_, _, err = of(t).MergePatch(first, two, schema.Person)
	require.ErrorIs(t, err, schema.ErrProfileInvalid)
	require.Equal(t, "max_length", fault.As(err).Fields[0].Code)
}

// Protects: a patch that was taken can be taken again and changes nothing more, and
// what is stored always fits the schema.
func FuzzMergePatch(f *testing.F) {
	f.Add(`{"name":"b"}`, `{"name":null,"address":{"region":"x"}}`)
	f.Add(`{"address":{"region":"b"}}`, `{"address":{"region":{"x":null}}}`)
	f.Add(`{}`, `{"locale":"en-GB-oed","zoneinfo":"Etc/GMT+1","website":"http://[::1]:80/%41"}`)
	f.Fuzz(func(t *testing.T, before, patch string) {
		compiled := of(t)
		profile, err := compiled.Check(json.RawMessage(before), schema.Person)
		if err != nil {
			profile = nil
		}
		after, _, err := compiled.MergePatch(profile, json.RawMessage(patch), schema.Person)
		if err != nil {
			require.ErrorIs(t, err, schema.ErrProfileInvalid)
			return
		}
		again, changed, err := compiled.MergePatch(after, json.RawMessage(patch), schema.Person)
		require.NoError(t, err)
		require.Equal(t, string(after), string(again))
		require.Empty(t, changed)
		checked, err := compiled.Check(after, schema.Person)
		require.NoError(t, err)
		require.Equal(t, string(after), string(checked))
	})
}
