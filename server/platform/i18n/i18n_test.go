package i18n

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
)

// catalogue has a language for each way in which they differ.
const catalogue = `[
	{"tag": "en", "name": "English", "texts": {
		"titles": {"not_found": {"other": "Not found"}},
		"fields": {
			"required": {"other": "This is required."},
			"required.identifier": {"other": "Say who it is for."},
			"min_length": {"one": "Use at least {count} character.", "other": "Use at least {count} characters."},
			"minimum": {"other": "This has to be {limit} or more."}
		}}},
	{"tag": "de", "name": "Deutsch", "texts": {
		"titles": {"not_found": {"other": "Nicht gefunden"}},
		"fields": {
			"required": {"other": "Das ist erforderlich."},
			"required.identifier": {"other": "Es fehlt, für wen das gilt."},
			"min_length": {"other": "Mindestens {count} Zeichen verwenden."},
			"minimum": {"other": "Das muss mindestens {limit} sein."}
		}}},
	{"tag": "ar", "name": "العربية", "texts": {
		"fields": {"min_length": {"zero": "0: {count}", "one": "1", "two": "2", "few": "3-10: {count}", "many": "11-99: {count}", "other": "100: {count}"}}}},
	{"tag": "pt-BR", "name": "Português", "texts": {}},
	{"tag": "zh-Hant", "name": "中文", "texts": {}}
]`

func made(t testing.TB) *Catalogue {
	t.Helper()
	c, err := New([]byte(catalogue))
	require.NoError(t, err)
	return c
}

func TestTextsAreFoundByCodeAndSentence(t *testing.T) {
	c := made(t)
	german := c.Find("de")
	for _, one := range []struct {
		code, english string
		numbers       map[string]float64
		want          string
	}{
		{"required", "This is required.", nil, "Das ist erforderlich."},
		{"required", "Say who it is for.", nil, "Es fehlt, für wen das gilt."},
		{"another_code", "Say who it is for.", nil, "Es fehlt, für wen das gilt."},
		{"minimum", "This has to be {limit} or more.", map[string]float64{"limit": 0.5}, "Das muss mindestens 0.5 sein."},
		{"min_length", "Use at least {count} characters.", map[string]float64{"count": 8}, "Mindestens 8 Zeichen verwenden."},
		{"min_length", "Use at least {count} characters.", map[string]float64{"count": 1}, "Mindestens 1 Zeichen verwenden."},
		{"required", "Nobody has translated the {count} of these.", map[string]float64{"count": 3}, "Nobody has translated the 3 of these."},
	} {
		require.Equal(t, one.want, german.Say(Fields, one.code, one.english, one.numbers), one.english)
	}
	require.Equal(t, "Nicht gefunden", german.Word(Titles, "not_found"))
	require.Equal(t, "Not found", c.Find("pt-BR").Word(Titles, "not_found"), "what a language lacks is said in English")
	require.Empty(t, german.Word(Titles, "nothing"))
}

func TestPluralForms(t *testing.T) {
	c := made(t)
	say := func(tag string, count float64) string {
		return c.Find(tag).Say(Fields, "min_length", "Use at least {count} characters.", map[string]float64{"count": count})
	}
	require.Equal(t, "Use at least 1 character.", say("en", 1))
	require.Equal(t, "Use at least 12 characters.", say("en", 12))
	for count, want := range map[float64]string{
		0: "0: \u20680\u2069", 1: "1", 2: "2", 7: "3-10: \u20687\u2069", 40: "11-99: \u206840\u2069", 300: "100: \u2068300\u2069",
	} {
		require.Equal(t, want, say("ar", count))
	}
}

func TestDirection(t *testing.T) {
	for tag, want := range map[string]Direction{
		"ar": RightToLeft, "he": RightToLeft, "fa": RightToLeft, "ur": RightToLeft, "ps": RightToLeft, "ckb": RightToLeft,
		"dv": RightToLeft, "yi": RightToLeft, "ks": RightToLeft, "az-Arab": RightToLeft, "pa-PK": RightToLeft, "ug": RightToLeft,
		"ff-Adlm": RightToLeft, "nqo": RightToLeft, "syr": RightToLeft, "rhg": RightToLeft, "sd": RightToLeft, "ar-EG": RightToLeft,
		"en": LeftToRight, "de": LeftToRight, "az": LeftToRight, "ks-Deva": LeftToRight, "pa": LeftToRight, "ar-Latn": LeftToRight,
		"ff": LeftToRight, "ja": LeftToRight, "sr-Cyrl": LeftToRight, "und": LeftToRight,
	} {
		require.Equal(t, want, directionOf(language.MustParse(tag)), tag)
	}
	require.Equal(t, RightToLeft, made(t).Find("ar").Direction)
}

func TestFind(t *testing.T) {
	c := made(t)
	for tag, want := range map[string]string{
		"de": "de", "DE": "de", "de-AT": "de", "de-Latn-CH-1996": "de", "gsw": "de", "en-GB": "en", "pt": "pt-BR", "zh-TW": "zh-Hant",
		"ar-EG": "ar", "fr": "", "nl": "", "": "", "*": "", "de_": "", "x": "", "../../etc/passwd": "", strings.Repeat("de-", 20) + "de": "",
		"de\r\nSet-Cookie: a=b": "", "<script>": "", "und": "", "x-klingon": "", "de\x00": "",
	} {
		require.Equal(t, want, tagOf(c.Find(tag)), "%q", tag)
	}
}

func tagOf(l *Language) string {
	if l == nil {
		return ""
	}
	return l.Tag
}

func TestAccept(t *testing.T) {
	c := made(t)
	for header, want := range map[string]string{
		"de-AT,de;q=0.9,en;q=0.8":            "de",
		"en;q=0.8, de":                       "de",
		"fr, ar;q=0.1":                       "ar",
		"fr-FR, fr;q=0.9":                    "",
		"de;q=0":                             "",
		"de;q=0, en;q=0.001":                 "en",
		"de ; q=0.5 ,\ten;q=0.4":             "de",
		"de;Q=0.5":                           "de",
		"*":                                  "",
		"*;q=0.5, de;q=0.1":                  "de",
		"":                                   "",
		",,,,de":                             "de",
		";;q=1;,de":                          "de",
		"de;q=2, en;q=0.1":                   "en",
		"de;q=-1, en":                        "en",
		"de;q=1e0, en":                       "en",
		"de;q=NaN, en":                       "en",
		"de;level=1, en":                     "en",
		"\xff\xfe, de":                       "de",
		"de\r\nX: y":                         "",
		strings.Repeat("fr,", 10) + "de":     "", // the eleventh
		strings.Repeat("fr,", 9) + "de":      "de",
		strings.Repeat("a", 500) + ",de":     "",
		"de," + strings.Repeat("a", 500):     "de",
		"de," + strings.Repeat("fr-FR,", 90): "de",
	} {
		require.Equal(t, want, tagOf(c.Accept(header)), "%q", header)
	}
}

func TestRangesAreTheMostWantedFirst(t *testing.T) {
	require.Equal(t, []string{"ko-KR", "ko", "en"}, Ranges("ko;q=0.9, ko-KR, *, en;q=0.1, fr;q=0"))
	require.Empty(t, Ranges(""))
}

func TestLanguages(t *testing.T) {
	c := made(t)
	tags := []string{}
	for _, l := range c.Languages() {
		tags = append(tags, l.Tag)
	}
	require.Equal(t, []string{"ar", "de", "en", "pt-BR", "zh-Hant"}, tags)
	require.Equal(t, "en", c.Source().Tag)
}

func TestNewRefuses(t *testing.T) {
	for text, says := range map[string]string{
		`{`:                            "unexpected end",
		`[{"tag": "de"}]`:              "has no en",
		`[{"tag": "en"},{"tag": "-"}]`: "i18n: -: ",
		`[{"tag":"en"},{"tag":"qaa"}]`: "plural",
	} {
		_, err := New([]byte(text))
		require.ErrorContains(t, err, says, text)
	}
}

// Whatever somebody sends, a language of ours comes of it or none, soon, and nothing of
// what was sent.
func FuzzChoose(f *testing.F) {
	for _, seed := range []string{"de-AT,de;q=0.9,en;q=0.8", "*", "en;q=", "x-a-b, i-klingon", "zh-Hant-TW-u-co-pinyin", "\u202ede", strings.Repeat("-", 100)} {
		f.Add(seed)
	}
	c := made(f)
	f.Fuzz(func(t *testing.T, sent string) {
		for _, found := range []*Language{c.Find(sent), c.Accept(sent)} {
			if found != nil {
				require.Contains(t, c.Languages(), found)
			}
		}
		require.LessOrEqual(t, len(ranges(sent)), maxRanges)
	})
}

func BenchmarkAccept(b *testing.B) {
	c := made(b)
	for b.Loop() {
		c.Accept("de-AT,de;q=0.9,en-US;q=0.8,en;q=0.7")
	}
}

func BenchmarkSay(b *testing.B) {
	german := made(b).Find("de")
	for b.Loop() {
		german.Say(Fields, "min_length", "Use at least {count} characters.", map[string]float64{"count": 8})
	}
}
