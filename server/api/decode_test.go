package api

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
)

func TestReadJSONTakesWhatItShould(t *testing.T) {
	for text, want := range map[string]any{
		`{"a":1,"A":2}`:          map[string]any{"a": json.Number("1"), "A": json.Number("2")},
		"\t[true,false,null]\n":  []any{true, false, nil},
		`"\u00e9\ud83d\ude00\n"`: "é😀\n",
		`-0.5e+10`:               json.Number("-0.5e+10"),
		`{"n":12345678901234567890123456789.00000000000000000001}`:    map[string]any{"n": json.Number("12345678901234567890123456789.00000000000000000001")},
		strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth): nil,
	} {
		got, err := readJSON([]byte(text))
		require.NoError(t, err, text)
		if want != nil {
			require.Equal(t, want, got)
		}
	}
}

// What two readers could read in two ways is read by none.
func TestReadJSONRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":              ``,
		"space":                "  ",
		"duplicate":            `{"a":1,"a":2}`,
		"duplicate, escaped":   `{"password":"x","p\u0061ssword":"y"}`,
		"duplicate, inside":    `{"a":[{"b":1,"b":1}]}`,
		"trailing value":       `{} {}`,
		"trailing brace":       `{}}`,
		"trailing text":        `{}x`,
		"byte order mark":      "\ufeff{}",
		"not UTF-8":            "{\"a\":\"\xff\"}",
		"overlong":             "{\"a\":\"\xc0\x80\"}",
		"surrogate in UTF-8":   "\"\xed\xa0\x80\"",
		"lone high surrogate":  `"\ud83d"`,
		"lone low surrogate":   `"\ude00"`,
		"surrogates turned":    `"\ude00\ud83d"`,
		"high and no low":      `"\ud83d\u0041"`,
		"NUL escaped":          `"a\u0000b"`,
		"NUL raw":              "\"a\x00b\"",
		"NUL behind":           "{}\x00",
		"newline in text":      "\"a\nb\"",
		"bad escape":           `"\x41"`,
		"short escape":         `"\u00"`,
		"not hex":              `"\u00g1"`,
		"open text":            `"abc`,
		"open escape":          `"abc\`,
		"single quotes":        `{'a':1}`,
		"no quotes":            `{a:1}`,
		"comment":              `{/**/}`,
		"comma at the end":     `{"a":1,}`,
		"comma in list":        `[1,]`,
		"no colon":             `{"a" 1}`,
		"leading zero":         `01`,
		"plus":                 `+1`,
		"bare minus":           `-`,
		"no digits behind dot": `1.`,
		"no digits before dot": `.5`,
		"no exponent":          `1e`,
		"hex":                  `0x10`,
		"NaN":                  `NaN`,
		"half a word":          `tru`,
		"capital word":         `True`,
		"open object":          `{"a":1`,
		"one too deep":         strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1),
	} {
		_, err := readJSON([]byte(text))
		require.ErrorIs(t, err, ErrMalformed, name)
	}
}

// A nest of ten thousand costs as much as the first few dozen bytes of it.
func TestClass_Exhaustion_DeepNesting(t *testing.T) {
	deep := []byte(strings.Repeat(`{"a":[`, 5_000))
	allocations := testing.AllocsPerRun(10, func() {
		_, err := readJSON(deep)
		require.ErrorIs(t, err, ErrMalformed)
	})
	require.Less(t, allocations, 300.0)
}

// Nothing that was sent is repeated in what is said about it.
func TestClass_Secrets_MalformedBodiesAreNotRepeated(t *testing.T) {
	_, err := readJSON([]byte(`{"password":"hunter2 "hunter2"}`))
	found := fault.As(err)
	require.NotNil(t, found)
	shown, marshalled := json.Marshal(found.Fields)
	require.NoError(t, marshalled)
	require.NotContains(t, string(shown)+err.Error(), "hunter2")
}

func FuzzReadJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2,{"b":null}]}`, `"\ud83d\ude00"`, `-1.5e9`, `[[[]]]`, `{"a":1,"a":2}`, "\"\xff\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := readJSON(text)
		if err != nil {
			require.ErrorIs(t, err, ErrMalformed)
			return
		}
		// Whatever is taken is JSON for the library too, and means the same.
		require.True(t, utf8.Valid(text))
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var want any
		require.NoError(t, decoder.Decode(&want))
		require.Equal(t, want, got)
		_, err = decoder.Token()
		require.ErrorIs(t, err, io.EOF)
	})
}
