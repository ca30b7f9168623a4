package step

import (
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/user"
)

// Deps are what the handlers need.
type Deps struct {
	Users     *user.Service
	Mailboxes *mailbox.Policy
	Passwords *password.Service
	Guesses   *risk.Guesses
}

// Table is every type of step with its handler; a new type is one line here and
// one file beside it.
type Table map[journey.Step]Handler

// NewTable makes the table.
func NewTable(deps Deps) Table {
	return Table{
		journey.Identifier:  identifierStep{newcomers{users: deps.Users, mailboxes: deps.Mailboxes}},
		journey.Password:    passwordStep{users: deps.Users, passwords: deps.Passwords, guesses: deps.Guesses},
		journey.NewPassword: newPasswordStep{newcomers: newcomers{users: deps.Users, mailboxes: deps.Mailboxes}, passwords: deps.Passwords},
		journey.Profile:     profileStep{users: deps.Users},
		journey.Consent:     consentStep{},
		journey.Acknowledge: acknowledgeStep{},
	}
}
