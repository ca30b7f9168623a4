package message

// Kind is what a message is about; its words stand under the same name.
type Kind string

// What messages are about. A code is typed where it was asked for, a link is opened; both
// prove that somebody reads what is sent to an address. The others tell what happened.
const (
	Test             Kind = "test" // that it is a test
	LoginCode        Kind = "login_code"
	LoginLink        Kind = "login_link"
	RegistrationCode Kind = "registration_code"
	RegistrationLink Kind = "registration_link"
	RecoveryCode     Kind = "recovery_code"
	RecoveryLink     Kind = "recovery_link"
	VerificationCode Kind = "verification_code"
	VerificationLink Kind = "verification_link"
	StepUpCode       Kind = "step_up_code"
	StepUpLink       Kind = "step_up_link"
	NoAccount        Kind = "no_account"       // somebody asked to sign in, and there is no account
	PasswordChanged  Kind = "password_changed" // by somebody who was signed in
	PasswordReset    Kind = "password_reset"   // after a recovery
	IdentifierAdded  Kind = "identifier_added"
	// IdentifierRemoved tells it without a way back, IdentifierRemovedUndo with one.
	IdentifierRemoved     Kind = "identifier_removed"
	IdentifierRemovedUndo Kind = "identifier_removed_undo"
	RecoveryStarted       Kind = "recovery_started"  // every factor was lost, it is said: it can be stopped
	AccountRecovered      Kind = "account_recovered" // after every factor was lost
	PasskeyAdded          Kind = "passkey_added"
	PasskeyRemoved        Kind = "passkey_removed"
	Invitation            Kind = "invitation"
)

// The values that go into the words. One that a kind has no use for is passed over.
const (
	ValueCode       = "code"
	ValueLink       = "link"       // https, http on the loopback, or an app's own scheme
	ValueMinutes    = "minutes"    // how long a code or a link is good
	ValueDays       = "days"       // the same of an invitation, and of a way back
	ValueDevice     = "device"     // what it was asked for with; empty where nobody knows
	ValueSystem     = "system"     // what that ran on; words have both as {device}, in their language
	ValuePlace      = "place"      // the address that it was asked for from; empty where nobody knows
	ValueIdentifier = "identifier" // which was added or removed
	ValueInviter    = "inviter"
	ValuePasskey    = "passkey" // what it is called; empty where that cannot be told
	// ValueHost is where a code is entered. With it a code by SMS has a last line by which
	// browsers fill it in there and nowhere else.
	ValueHost = "host"
)

// Kinds are all there are; each has its words in every language.
func Kinds() []Kind {
	return []Kind{
		Test, LoginCode, LoginLink, RegistrationCode, RegistrationLink, RecoveryCode, RecoveryLink, VerificationCode, VerificationLink,
		StepUpCode, StepUpLink, NoAccount, PasswordChanged, PasswordReset, IdentifierAdded, IdentifierRemoved, IdentifierRemovedUndo,
		RecoveryStarted, AccountRecovered, PasskeyAdded, PasskeyRemoved, Invitation,
	}
}

// notice tells which budget of its reader a message has that tells what happened; empty for
// what somebody asked for. That which brings a way back has one of its own: whoever takes an
// account over cannot spend it with changes of it.
func (k Kind) notice() string {
	switch k {
	case PasswordChanged, PasswordReset, IdentifierAdded, IdentifierRemoved, AccountRecovered, PasskeyAdded, PasskeyRemoved:
		return "told"
	case IdentifierRemovedUndo, RecoveryStarted:
		return "undo"
	default:
		return ""
	}
}

// notices are the kinds that tell what happened.
func notices() (names []string) {
	for _, kind := range Kinds() {
		if kind.notice() != "" {
			names = append(names, string(kind))
		}
	}
	return names
}
