package tenant

import (
	"golang.org/x/text/language"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The bounds of a password's least length. Spec: NIST SP 800-63B-4 §3.1.1.2.
const (
	leastPassword = 8
	mostPassword  = 64
)

// Settings are what a tenant has otherwise than its server; a zero value is the
// server's own.
type Settings struct {
	// Locale is the language of who has not said theirs.
	Locale string `json:"locale,omitempty"`
	// PasswordMinLength is how many characters a new password has at least.
	PasswordMinLength int `json:"password_min_length,omitempty"`
}

// validate names the setting that cannot be used.
func (s Settings) validate() error {
	if _, err := language.Parse(s.Locale); s.Locale != "" && err != nil {
		return ErrInvalid.At(fault.Field{Pointer: "/locale", Code: "format", Detail: "This is not a language tag."})
	}
	if s.PasswordMinLength != 0 && (s.PasswordMinLength < leastPassword || s.PasswordMinLength > mostPassword) {
		return ErrInvalid.At(fault.Field{
			Pointer: "/password_min_length", Code: "range", Detail: "A password has at least 8 characters, and nobody has to give more than 64.",
		})
	}
	return nil
}
