package user_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user"
)

func TestDetect(t *testing.T) {
	for text, want := range map[string]user.IdentifierType{
		"ada@example.com": user.Email, "@": user.Email, " +a@b.c": user.Email,
		"+44 20 7946 0000": user.Phone, " +1": user.Phone,
		"ada": user.Username, "": user.Username, "442079460000": user.Username,
	} {
		require.Equal(t, want, user.Detect(text), text)
	}
}

func TestNormaliseAccepts(t *testing.T) {
	for _, c := range []struct {
		kind                user.IdentifierType
		text, value, lookup string
	}{
		{user.Email, "Ada@Example.COM", "Ada@example.com", "ada@example.com"},
		{user.Email, "  ada@example.com ", "ada@example.com", "ada@example.com"},
		{user.Email, "ada+news/x='y'@sub.example.co.uk", "ada+news/x='y'@sub.example.co.uk", "ada+news/x='y'@sub.example.co.uk"},
		{user.Email, "ada@M\u00dcNCHEN.example", "ada@m\u00fcnchen.example", "ada@xn--mnchen-3ya.example"},
		{user.Email, "ada@xn--mnchen-3ya.example", "ada@m\u00fcnchen.example", "ada@xn--mnchen-3ya.example"},
		{user.Email, "Jo\u0301@example.com", "J\u00f3@example.com", "j\u00f3@example.com"},
		{user.Email, "STRASSE@example.com", "STRASSE@example.com", "strasse@example.com"},
		{user.Email, "Stra\u00dfe@example.com", "Stra\u00dfe@example.com", "strasse@example.com"},
		{user.Email, "\u7528\u6237@\u4f8b\u5b50.example", "\u7528\u6237@\u4f8b\u5b50.example", "\u7528\u6237@xn--fsqu00a.example"},
		{user.Email, strings.Repeat("a", 64) + "@example.com", strings.Repeat("a", 64) + "@example.com", strings.Repeat("a", 64) + "@example.com"},

		{user.Phone, "+44 20 7946 0000", "+442079460000", "+442079460000"},
		{user.Phone, "+1 (202) 555-0123", "+12025550123", "+12025550123"},
		{user.Phone, "+49.30/901820", "+4930901820", "+4930901820"},
		{user.Phone, "+39 06 6982", "+39066982", "+39066982"},

		{user.Username, "Ada", "ada", "ada"},
		{user.Username, "ada.lovelace_1815-x", "ada.lovelace_1815-x", "ada.lovelace_1815-x"},
		{user.Username, "20301234", "20301234", "20301234"},
		{user.Username, "J\u00d6RG", "j\u00f6rg", "j\u00f6rg"},
		{user.Username, "Jo\u0308rg", "j\u00f6rg", "j\u00f6rg"},
		{user.Username, "\u6771\u4eac\u30bf\u30ef\u30fcx", "\u6771\u4eac\u30bf\u30ef\u30fcx", "\u6771\u4eac\u30bf\u30ef\u30fcx"},
		{user.Username, "\uae40\ucca0\uc218a", "\uae40\ucca0\uc218a", "\uae40\ucca0\uc218a"},
		{user.Username, "\u0634\u0645\u0633_\u0661\u0662", "\u0634\u0645\u0633_\u0661\u0662", "\u0634\u0645\u0633_\u0661\u0662"},
		// A name in one other script is a name, and shares its key with what it imitates.
		{user.Username, "\u0441\u0430\u0445\u0430\u0440", "\u0441\u0430\u0445\u0430\u0440", "caxap"},
		{user.Username, "\u043f\u0440\u0438\u0432\u0435\u0442", "\u043f\u0440\u0438\u0432\u0435\u0442", "\u043f\u0440\u0438\u0432\u0435\u0442"},
		{user.Username, "caxap", "caxap", "caxap"},
		{user.Username, "\u5de5\u85e4x", "\u5de5\u85e4x", "\u30a8\u85e4x"},
		{user.Username, "a\u0131da", "a\u0131da", "aida"},
		{user.Username, "\u0456\u0308\u0445\u0456\u0445", "\u0457\u0445\u0456\u0445", "\u00efxix"},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := user.Normalise(c.kind, c.text)
			require.NoError(t, err)
			require.Equal(t, user.Identifier{Type: c.kind, Value: c.value, Lookup: c.lookup}, got)
		})
	}
}

func TestNormaliseRefuses(t *testing.T) {
	for _, c := range []struct {
		kind       user.IdentifierType
		code, text string
	}{
		{user.Email, "required", "  "},
		{user.Email, "format", "ada"},
		{user.Email, "format", "@example.com"},
		{user.Email, "format", "ada@"},
		{user.Email, "format", "a@b@example.com"},
		{user.Email, "characters", "Ada <ada@example.com>"},
		{user.Email, "format", "ada@example.com (Ada)"},
		{user.Email, "characters", "\"ada lovelace\"@example.com"},
		{user.Email, "format", "ada@[192.0.2.1]"},
		{user.Email, "format", "ada@192.0.2.1"},
		{user.Email, "format", "ada@[IPv6:2001:db8::1]"},
		{user.Email, "format", "ada@localhost"},
		{user.Email, "format", "ada@example.com."},
		{user.Email, "format", "ada@example..com"},
		{user.Email, "format", "ada@-example.com"},
		{user.Email, "format", "ada@ex_ample.com"},
		{user.Email, "format", "ada@xn--a.example"},
		{user.Email, "format", ".ada@example.com"},
		{user.Email, "format", "ada.@example.com"},
		{user.Email, "format", "ada..l@example.com"},
		{user.Email, "characters", "ada\x00@example.com"},
		{user.Email, "characters", "ada\r\nBcc:x@example.com"},
		{user.Email, "characters", "ada\u200b@example.com"},
		{user.Email, "characters", "ada\u202e@example.com"},
		{user.Email, "characters", "a\u00a0da@example.com"},
		{user.Email, "characters", "\uff41da@example.com"},
		{user.Email, "characters", "a\xffda@example.com"},
		{user.Email, "mixed_scripts", "\u0430da@example.com"},
		{user.Email, "mixed_scripts", "ada@ex\u0430mple.com"},
		{user.Email, "characters", "ada@\u2764.example"},
		{user.Email, "format", strings.Repeat("a", 65) + "@example.com"},
		{user.Email, "format", "ada@" + strings.Repeat("a", 64) + ".com"},
		{user.Email, "max_length", strings.Repeat("a", 64) + "@" + strings.Repeat("a.", 96) + "aa"},
		{user.Email, "max_length", "ada@" + strings.Repeat("a", 10000)},

		{user.Phone, "format", "020 7946 0000"},
		{user.Phone, "format", "0044 20 7946 0000"},
		{user.Phone, "format", "+1"},
		{user.Phone, "format", "+"},
		{user.Phone, "format", "+1 202 555 01234567"},
		{user.Phone, "format", "+999 1234567"},
		{user.Phone, "characters", "+1 202 555 0123 ext. 5"},
		{user.Phone, "characters", "+1 202 555 0123;phone-context=x"},
		{user.Phone, "characters", "+1 800 FLOWERS"},
		{user.Phone, "characters", "+\u0661\u0662\u0663"},
		{user.Phone, "characters", "+1 202\u200b555 0123"},
		{user.Phone, "characters", "++12025550123"},

		{user.Username, "length", "ad"},
		{user.Username, "length", "\u0430\u0300\u0430"},
		{user.Username, "length", strings.Repeat("a", 65)},
		{user.Username, "characters", "ada@example"},
		{user.Username, "characters", "+12025550123"},
		{user.Username, "characters", "ada lovelace"},
		{user.Username, "characters", "ada/../x"},
		{user.Username, "characters", "<ada>"},
		{user.Username, "format", "..."},
		{user.Username, "format", "-ada"},
		{user.Username, "characters", "a\u0000da"},
		{user.Username, "characters", "ad\u200da"},
		{user.Username, "characters", "ad\u00ada"},
		{user.Username, "characters", "ada\ufe0f"},
		{user.Username, "characters", "ada\u034f"},
		{user.Username, "characters", "ada\u3164"},
		{user.Username, "characters", "ada\u2800"},
		{user.Username, "characters", "ada\U000e0041"},
		{user.Username, "characters", "ada\ue000"},
		{user.Username, "characters", "ada\u0378"}, // unassigned
		{user.Username, "characters", "\ufb01nn"},
		{user.Username, "characters", "\U0001d41a\U0001d41b\U0001d41c"},
		{user.Username, "characters", "a\u0300\u0301\u0302\u0303\u0304\u0305da"},
		{user.Username, "characters", "\u05d0\u05d1x\u05d2" + "1"}, // breaks the bidi rule first
		{user.Username, "mixed_scripts", "p\u0430ypal"},
		{user.Username, "mixed_scripts", "\u03b1da"},
		{user.Username, "mixed_scripts", "\u0e1a\u0e1a1\u0e52"},
		{"shoe_size", "type", "44x"},
	} {
		t.Run(string(c.kind)+" "+c.text[:min(len(c.text), 40)], func(t *testing.T) {
			_, err := user.Normalise(c.kind, c.text)
			require.ErrorIs(t, err, user.ErrIdentifierInvalid)
			fields := fault.As(err).Fields
			require.Len(t, fields, 1)
			require.Equal(t, "/identifier", fields[0].Pointer)
			require.Equal(t, c.code, fields[0].Code)
		})
	}
}

// Protects: one person, one key. What is shown is read again (a login form filled
// from the account page), so it must lead to the same key, and so must the key.
func FuzzNormalise(f *testing.F) {
	for _, text := range []string{
		"Ada@Example.com", "a@b.c\u00d6m", "\u0130@x.example", "+44 20 7946 0000", "\u1e9ea\u0345b", "+39 06 6982",
		"\u03a3\u03c3\u03c2", "a\u0345\u0301b", "\u0e33abc", "x@\u3002.a", "\u0390\u03b0\u1fd3@x.yz", "a@xn--zca.example", "\ufb1d\u05d1\u05d2", "\u0430\u0300\u0430", "\u0430\u0483\u0430\u0430",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []user.IdentifierType{user.Email, user.Phone, user.Username} {
			once, err := user.Normalise(kind, text)
			if err != nil {
				require.ErrorIs(t, err, user.ErrIdentifierInvalid)
				continue
			}
			again, err := user.Normalise(kind, once.Value)
			require.NoError(t, err)
			require.Equal(t, once, again)
			key, err := user.Normalise(kind, once.Lookup)
			require.NoError(t, err)
			require.Equal(t, once.Lookup, key.Lookup)
			require.NotContains(t, once.Value+once.Lookup, "\x00")
			require.LessOrEqual(t, len(once.Value), 2*320)
			require.Equal(t, kind, user.Detect(once.Value))
		}
	})
}
