package invitation

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/user"
)

const (
	maxName  = 40 // in characters
	maxMarks = 2  // that stand on one letter
)

// nameOf is what the invited are told of the user who invites them: a name and little of an
// address that they have proven, as far as there are such. Whoever signs up chooses their name,
// and a message in the tenant's name must not carry what they would like to say. A text message
// has no room for more than the name.
func nameOf(by user.Own, channel message.Channel, otherwise string) string {
	var claims struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(by.Profile, &claims) != nil || !isName(claims.Name) {
		claims.Name = ""
	}
	known := ""
	for _, held := range by.Identifiers {
		if held.Type == user.Email && held.VerifiedAt != nil && (known == "" || held.Primary) {
			known = code.Address{Type: held.Type, Value: held.Value, Lookup: held.Lookup}.Masked()
		}
	}
	switch {
	case channel == message.SMS && claims.Name == "", claims.Name == "" && known == "":
		return otherwise
	case channel == message.SMS, known == "":
		return claims.Name
	case claims.Name == "":
		return known
	}
	return claims.Name + " (" + known + ")"
}

// isName tells whether a text can be nothing but somebody's name: no address, no number, no
// sentence, and nothing that a mail client would make a link of.
func isName(text string) bool {
	if !utf8.ValidString(text) || strings.TrimSpace(text) != text || text == "" || utf8.RuneCountInString(text) > maxName {
		return false
	}
	marks, before := 0, ' '
	for _, r := range text {
		switch {
		case unicode.Is(unicode.M, r):
			marks++
		case before == '.' && r != ' ', r == ' ' && before == ' ':
			return false
		case unicode.IsLetter(r), strings.ContainsRune(" .-'’", r):
			marks = 0
		default:
			return false
		}
		if marks > maxMarks || marks > 0 && !unicode.In(before, unicode.L, unicode.M) {
			return false
		}
		before = r
	}
	return true
}
