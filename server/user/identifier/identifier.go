package identifier

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// maxBytes bounds the text before any work is done with it: 64 octets of
// local part, an @ and 255 of domain, which is also room for 64 characters of
// username.
const maxBytes = 320

// Type is what sort of identifier it is.
type Type string

// The sorts of identifier.
const (
	Email    Type = "email"
	Phone    Type = "phone"
	Username Type = "username"
)

// Read is an identifier that was read.
type Read struct {
	Type   Type
	Value  string // as it is shown
	Lookup string // as it is compared
}

// Detect tells which sort of identifier a text is meant to be. Every text is meant
// to be one of them; whether it is a usable one is for Normalise to say.
func Detect(text string) Type {
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
// is compared; ErrInvalid with the reason at /identifier. Normalising what
// is shown changes nothing any more.
func Normalise(kind Type, text string) (Read, error) {
	if len(text) > maxBytes {
		return Read{}, refused("max_length", "This is longer than any identifier.")
	}
	if !utf8.ValidString(text) {
		return Read{}, refused("characters", "This is not readable text.")
	}
	text = strings.Trim(text, " ") // what keyboards add after a suggestion
	if text == "" {
		return Read{}, refused("required", "This must not be empty.")
	}
	// A compatibility form (ﬁ, ａ, ①) is one letter dressed up as another.
	// Spec: UAX #15 §1.3.
	if norm.NFC.String(text) != norm.NFKC.String(text) {
		return Read{}, refused("characters", "This has characters that imitate others.")
	}
	switch kind {
	case Email:
		return normaliseEmail(text)
	case Phone:
		return normalisePhone(text)
	case Username:
		return normaliseUsername(text)
	default:
		return Read{}, refused("type", "There is no such sort of identifier.")
	}
}

func refused(code, detail string) error {
	return ErrInvalid.At(fault.Field{Pointer: "/identifier", Code: code, Detail: detail})
}
