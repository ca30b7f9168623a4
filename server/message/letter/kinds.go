package letter

import (
	"slices"

	"github.com/lintel-id/lintel/server/message"
	words "github.com/lintel-id/lintel/server/template"
)

// Kinds are all kinds of messages as words are written for them.
func Kinds() []words.Kind {
	found := make([]words.Kind, 0, len(message.Kinds()))
	for _, kind := range message.Kinds() {
		one := words.Kind{Name: string(kind), Channels: []string{string(message.Email), string(message.SMS)}, Placeholders: []words.Placeholder{
			{Name: "sender", Required: false, Sample: "id.example.com"},
		}}
		for _, name := range uses(kind) {
			one.Placeholders = append(one.Placeholders, placeholder(name))
		}
		found = append(found, one)
	}
	return found
}

// kindOf is a kind by its name; one without placeholders where there is none.
func kindOf(name string) words.Kind {
	all := Kinds()
	if at := slices.IndexFunc(all, func(one words.Kind) bool { return one.Name == name }); at >= 0 {
		return all[at]
	}
	return words.Kind{Name: name, Channels: nil, Placeholders: nil}
}

// uses are the values that the words of a kind may have.
func uses(kind message.Kind) []string {
	switch kind {
	case message.LoginCode, message.RegistrationCode, message.RecoveryCode, message.VerificationCode, message.StepUpCode:
		return []string{message.ValueCode, message.ValueMinutes, message.ValueDevice, message.ValuePlace}
	case message.LoginLink, message.RegistrationLink, message.RecoveryLink, message.VerificationLink, message.StepUpLink:
		return []string{message.ValueLink, message.ValueMinutes, message.ValueDevice, message.ValuePlace}
	case message.NoAccount:
		return []string{message.ValueDevice, message.ValuePlace}
	case message.IdentifierAdded, message.IdentifierRemoved:
		return []string{message.ValueIdentifier}
	case message.PasskeyAdded, message.PasskeyRemoved:
		return []string{message.ValuePasskey, message.ValueDevice, message.ValuePlace}
	case message.IdentifierRemovedUndo:
		return []string{message.ValueLink, message.ValueIdentifier, message.ValueDays}
	case message.RecoveryStarted:
		return []string{message.ValueLink, message.ValueDays}
	case message.Invitation:
		return []string{message.ValueLink, message.ValueInviter, message.ValueDays}
	case message.Test, message.PasswordChanged, message.PasswordReset, message.AccountRecovered:
		return nil
	default:
		return nil
	}
}

// placeholder is a value as words name it. Without the code or the link a message is of no
// use.
func placeholder(name string) words.Placeholder {
	switch name {
	case message.ValueCode:
		return words.Placeholder{Name: name, Required: true, Sample: "482915"}
	case message.ValueLink:
		return words.Placeholder{Name: name, Required: true, Sample: "https://app.example.com/sign-in#Qm7sX2vK9dTfRw4zLhJ8pYcN3bGe6uA1"}
	case message.ValueMinutes:
		return words.Placeholder{Name: name, Required: false, Sample: "10"}
	case message.ValueDays:
		return words.Placeholder{Name: name, Required: false, Sample: "7"}
	case message.ValueDevice:
		return words.Placeholder{Name: name, Required: false, Sample: "Firefox"}
	case message.ValuePlace:
		return words.Placeholder{Name: name, Required: false, Sample: "203.0.113.7"}
	case message.ValueIdentifier:
		return words.Placeholder{Name: name, Required: false, Sample: "ada@example.com"}
	case message.ValuePasskey:
		return words.Placeholder{Name: name, Required: false, Sample: "The phone with the blue cover"}
	default:
		return words.Placeholder{Name: name, Required: false, Sample: "Ada Lovelace"}
	}
}
