package notice

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Class injection: whoever is in an account names a passkey, and what they call it is read by
// its owner in a message of the tenant's. It is a name there, or nothing.
func TestClass_Injection_TheNameOfAPasskeyIsNoMessage(t *testing.T) {
	for _, name := range []string{
		"The phone with the blue cover", "iPhone 15 Pro", "YubiKey 5C (work)", "Ada's laptop", "Adas Schlüssel", "携帯電話", "مفتاح العمل", "Dr. No", "é", "Galaxy S24",
	} {
		require.Equal(t, name, called(name))
	}
	for _, name := range []string{
		"", "evil.com", "see https://evil.example", "mail eve@example.com", "call +49 30 123456", "call 0301 23456", " padded", "two  spaces",
		"a\nline", "<b>bold</b>", "{sender}", "{link}", strings.Repeat("a", 41), "a\u202eb", "Z\u0301\u0301\u0301", "\u0301", "half \xff", "a, b", "stop!", "١٢٣٤٥٦٧", "۱۲۳۴۵۶",
	} {
		require.Empty(t, called(name), "%q", name)
	}
}
