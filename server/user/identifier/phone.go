package identifier

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// normalisePhone reads an international number and gives E.164. Without the + the
// country would be a guess. Spec: E.164 §6.
func normalisePhone(text string) (Read, error) {
	if !strings.HasPrefix(text, "+") {
		return Read{}, refused("format", "A phone number begins with + and the country code.")
	}
	// Letters, extensions and parameters are left to no parser to explain away.
	if strings.ContainsFunc(text[1:], notInNumber) {
		return Read{}, refused("characters", "A phone number has digits, spaces, dots, dashes and brackets only.")
	}
	number, err := phonenumbers.Parse(text, phonenumbers.UNKNOWN_REGION)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return Read{}, refused("format", "There is no such phone number.")
	}
	e164 := phonenumbers.Format(number, phonenumbers.E164)
	again, err := phonenumbers.Parse(e164, phonenumbers.UNKNOWN_REGION)
	if err != nil || !phonenumbers.IsValidNumber(again) || phonenumbers.Format(again, phonenumbers.E164) != e164 {
		return Read{}, refused("format", "There is no such phone number.")
	}
	return Read{Type: Phone, Value: e164, Lookup: e164}, nil
}

func notInNumber(r rune) bool { return !strings.ContainsRune("0123456789 .-()/", r) }
