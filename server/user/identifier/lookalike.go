package identifier

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks one letter may carry. Spec: UTS #39 §5.4.
const maxMarks = 4

// isWordRune tells whether a character outside ASCII is a visible letter, mark or
// digit. Everything else (controls, bidirectional and zero-width characters, tags,
// spaces, symbols, unassigned and private code points) has no place in an
// identifier. Spec: RFC 8264 §9.11, §9.13, §9.14.
func isWordRune(r rune) bool {
	return r >= utf8.RuneSelf && r != utf8.RuneError &&
		unicode.In(r, unicode.L, unicode.M, unicode.Nd) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// company are the scripts that are written together.
// Spec: UTS #39 §5.2 (highly restrictive).
func company() [][]string {
	return [][]string{
		{"Latin", "Han", "Hiragana", "Katakana"},
		{"Latin", "Han", "Bopomofo"},
		{"Latin", "Han", "Hangul"},
	}
}

// checkScripts refuses a text that mixes scripts or number systems, or piles up
// marks: the ways to write one name so that it looks like another.
// Spec: UTS #39 §5.2, §5.3, §5.4.
func checkScripts(text string) error {
	scripts := map[string]bool{}
	var table *unicode.RangeTable // of the script seen last, which is most often the next
	var zero, last rune
	marks := 0
	for i, r := range text {
		switch {
		case !unicode.Is(unicode.Mn, r):
			marks = 0
		case i == 0 || r == last || marks == maxMarks:
			return refused("characters", "This has more marks than a letter can carry.")
		default:
			marks++
		}
		last = r
		if digits, ok := numberSystem(r); ok && zero != 0 && digits != zero {
			return refused("mixed_scripts", "This mixes digits of several scripts.")
		} else if ok {
			zero = digits
		}
		if table != nil && unicode.Is(table, r) {
			continue
		}
		if name, found := scriptOf(r); found != nil {
			scripts[name], table = true, found
		}
	}
	if len(scripts) > 1 && !together(scripts) {
		return refused("mixed_scripts", "This mixes letters of several scripts.")
	}
	return nil
}

// scriptOf is nil for what all scripts share.
func scriptOf(r rune) (string, *unicode.RangeTable) {
	if unicode.In(r, unicode.Common, unicode.Inherited) {
		return "", nil
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name, table
		}
	}
	return "", nil
}

func together(scripts map[string]bool) bool {
	for _, group := range company() {
		n := 0
		for _, name := range group {
			if scripts[name] {
				n++
			}
		}
		if n == len(scripts) {
			return true
		}
	}
	return false
}

// numberSystem names a decimal digit's system by its zero: digits come in tens.
func numberSystem(r rune) (zero rune, ok bool) {
	if '0' <= r && r <= '9' {
		return '0', true
	}
	for _, run := range unicode.Nd.R16 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return r - (r-rune(run.Lo))%10, true
		}
	}
	for _, run := range unicode.Nd.R32 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return r - (r-rune(run.Lo))%10, true
		}
	}
	return 0, false
}

// skeleton is the text with every imitation replaced by what it imitates, so that
// two usernames that look the same are the same to the unique index. Marks are
// taken off first and put back on, so that an accented imitation is one too. A
// skeleton is itself a username, and its own skeleton. Spec: UTS #39 §4.
func skeleton(text string) string {
	if isASCII(text) {
		return text
	}
	plain := strings.Map(func(r rune) rune { return imitated(r, rare()) }, norm.NFD.String(text))
	// A word of another script imitates Latin only if every letter of it does.
	latin := strings.Map(func(r rune) rune { return imitated(r, alphabets()) }, plain)
	if !strings.ContainsFunc(latin, func(r rune) bool { return r >= utf8.RuneSelf && !unicode.Is(unicode.Inherited, r) }) {
		plain = latin
	}
	return norm.NFC.String(plain)
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// resemblance pairs letters with those they pass for in most typefaces, by place.
// They are spelled as code points, since on paper the two sides are the same.
type resemblance struct{ imitators, originals string }

// rare are letters that pass for others of the scripts they are written with.
func rare() []resemblance {
	return []resemblance{
		{"\u0131\u0269\u0251\u0261\u01c0", "iiagl"}, // Latin
		// Han and Hiragana beside Katakana
		{"\u4e8c\u53e3\u529b\u5de5\u5915\u535c\u516b\u3078\u3079\u307a", "\u30cb\u30ed\u30ab\u30a8\u30bf\u30c8\u30cf\u30d8\u30d9\u30da"},
	}
}

// alphabets are the letters of other scripts that pass for Latin ones.
func alphabets() []resemblance {
	return []resemblance{
		// Cyrillic
		{"\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u043a\u04cf\u043e\u0440", "acdehijklop"},
		{"\u051b\u0455\u051d\u0445\u0443\u04af\u0475\u0461", "qswxyyvw"},
		// Greek
		{"\u03b1\u03b3\u03b7\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9", "aynikvoptuxw"},
		// Armenian
		{"\u0570\u0581\u0575\u0585\u0578\u0566\u057d", "hgjonqu"},
	}
}

func imitated(r rune, by []resemblance) rune {
	for _, row := range by {
		for i, imitator := range []rune(row.imitators) {
			if imitator == r {
				return []rune(row.originals)[i]
			}
		}
	}
	return r
}
