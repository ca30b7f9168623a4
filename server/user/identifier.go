package user

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// maxIdentifierBytes bounds the text before any work is done with it: 64 octets of
// local part, an @ and 255 of domain, which is also room for 64 characters of
// username.
const maxIdentifierBytes = 320

// Detect tells which sort of identifier a text is meant to be. Every text is meant
// to be one of them; whether it is a usable one is for Normalise to say.
func Detect(text string) IdentifierType {
	text = strings.Trim(text, " ")
	switch {
	case strings.Contains(text, "@"):
		return Email
	case strings.HasPrefix(text, "+"):
		return Phone
	default:
		return Username
	}
}

// Normalise reads an identifier and gives the form that is shown and the form that
// is compared; ErrIdentifierInvalid with the reason at /identifier. Normalising what
// is shown changes nothing any more.
func Normalise(kind IdentifierType, text string) (Identifier, error) {
	if len(text) > maxIdentifierBytes {
		return Identifier{}, refused("max_length", "This is longer than any identifier.")
	}
	if !utf8.ValidString(text) {
		return Identifier{}, refused("characters", "This is not readable text.")
	}
	text = strings.Trim(text, " ") // what keyboards add after a suggestion
	if text == "" {
		return Identifier{}, refused("required", "This must not be empty.")
	}
	// A compatibility form (ﬁ, ａ, ①) is one letter dressed up as another.
	// Spec: UAX #15 §1.3.
	if norm.NFC.String(text) != norm.NFKC.String(text) {
		return Identifier{}, refused("characters", "This has characters that imitate others.")
	}
	switch kind {
	case Email:
		return normaliseEmail(text)
	case Phone:
		return normalisePhone(text)
	case Username:
		return normaliseUsername(text)
	default:
		return Identifier{}, refused("type", "There is no such sort of identifier.")
	}
}

func refused(code, detail string) error {
	return ErrIdentifierInvalid.At(fault.Field{Pointer: "/identifier", Code: code, Detail: detail})
}
