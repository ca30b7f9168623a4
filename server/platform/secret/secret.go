package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"log/slog"
	"strings"
)

// Redacted is what stands for a secret wherever it is printed.
const Redacted = "[redacted]"

// Text is something a person typed that must not be seen, such as a password.
type Text struct {
	_     [0]func() // not comparable: == would tell in its time how much is right
	value string
}

// NewText wraps a typed secret.
func NewText(value string) Text { return Text{value: value} }

// Reveal is the value, for the one place that needs it.
func (t Text) Reveal() string { return t.value }

// IsZero tells whether nothing was typed.
func (t Text) IsZero() bool { return t.value == "" }

// String redacts.
func (Text) String() string { return Redacted }

// GoString redacts, for %#v.
func (Text) GoString() string { return Redacted }

// LogValue redacts in structured logs.
func (Text) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalText redacts in JSON, so that a forgotten field leaks nothing.
func (Text) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

const tokenBytes = 32

// Digest is what is stored of a token.
type Digest [sha256.Size]byte

// Token is an opaque bearer secret of 256 random bits with a prefix that secret
// scanners recognise.
type Token struct{ Text }

// NewToken mints a token: prefix, underscore, 43 characters of base64url.
func NewToken(prefix string) Token {
	var raw [tokenBytes]byte
	_, _ = rand.Read(raw[:]) // crypto/rand.Read never fails: it ends the program instead
	return Token{Text{value: prefix + "_" + base64.RawURLEncoding.EncodeToString(raw[:])}}
}

// ParseToken accepts only the exact shape NewToken makes, so that nothing else
// costs a look-up.
func ParseToken(prefix, value string) (Token, bool) {
	rest, ok := strings.CutPrefix(value, prefix+"_")
	if !ok || len(rest) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return Token{}, false
	}
	if _, err := base64.RawURLEncoding.Strict().DecodeString(rest); err != nil {
		return Token{}, false
	}
	return Token{Text{value: value}}, true
}

// Digest is the SHA-256 of the token; 256 random bits need no slow hash.
func (t Token) Digest() Digest { return sha256.Sum256([]byte(t.value)) }

// Equal compares two digests in constant time.
func (d Digest) Equal(other Digest) bool {
	return subtle.ConstantTimeCompare(d[:], other[:]) == 1
}
