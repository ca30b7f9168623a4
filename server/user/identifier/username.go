package identifier

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

const (
	minUsername = 3
	maxUsername = 64
)

// normaliseUsername reads a username: letters and digits of one script, with dots,
// dashes and underscores between them. It is shown in lower case, since a capital I
// looks like a small l. Spec: RFC 8265 §3.3.
func normaliseUsername(text string) (Read, error) {
	for _, r := range text {
		if !isASCIIAlnum(r) && !strings.ContainsRune("._-", r) && !isWordRune(r) {
			return Read{}, refused("characters", "A username has letters, digits, dots, dashes and underscores only.")
		}
	}
	value, err := precis.UsernameCaseMapped.String(text)
	if err != nil {
		return Read{}, refused("characters", "This has characters that a username cannot have.")
	}
	// "an entity SHOULD apply the rules repeatedly until the output string is stable";
	// what is not stable at once is not a name anybody needs. Spec: RFC 8264 §7.
	if again, err := precis.UsernameCaseMapped.String(value); err != nil || again != value {
		return Read{}, refused("characters", "This has characters that a username cannot have.")
	}
	if utf8.RuneCountInString(value) > maxUsername || withoutMarks(value) < minUsername {
		return Read{}, refused("length", "A username has 3 to 64 characters.")
	}
	if first, _ := utf8.DecodeRuneInString(value); !unicode.IsLetter(first) && !unicode.IsDigit(first) {
		return Read{}, refused("format", "A username begins with a letter or a digit.")
	}
	if err := checkScripts(value); err != nil {
		return Read{}, err
	}
	return Read{Type: Username, Value: value, Lookup: skeleton(value)}, nil
}

// withoutMarks counts what stands on its own, so that the skeleton, in which a mark
// may have joined its letter, is not too short where the name is long enough.
func withoutMarks(text string) (n int) {
	for _, r := range text {
		if !unicode.Is(unicode.M, r) {
			n++
		}
	}
	return n
}
