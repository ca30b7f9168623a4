package identifier

import (
	"strings"
	"unicode/utf8"
)

// Types are all of them, in the order of their names.
func Types() []Type { return []Type{Email, Phone, Username} }

// Prefixes reads the beginning of an identifier as each type that it can be of, as it is
// compared.
func Prefixes(text string) map[Type]string {
	if text == "" || len(text) > maxBytes || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
		return nil
	}
	folded := foldLocal(text)
	switch Detect(text) {
	case Email:
		return map[Type]string{Email: folded}
	case Phone:
		return map[Type]string{Phone: text}
	default:
		return map[Type]string{Email: folded, Username: skeleton(folded)}
	}
}
