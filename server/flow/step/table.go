package step

import (
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/user"
)

// Deps are what the handlers need.
type Deps struct {
	Users     *user.Service
	Mailboxes *mailbox.Policy
	Passwords *password.Service
	Guesses   *risk.Guesses
	Codes     *code.Service
	Opens     *recovery.Finder
	Passkeys  *passkey.Service
}

func (d Deps) newcomers() newcomers {
	return newcomers{users: d.Users, mailboxes: d.Mailboxes, codes: d.Codes, opens: d.Opens}
}

// Table is every type of step with its handler; a new type is one line here and
// one file beside it.
type Table map[journey.Step]Handler

// NewTable makes the table.
func NewTable(deps Deps) Table {
	people := deps.newcomers()
	return Table{
		journey.Identifier:  identifierStep{people},
		journey.Password:    passwordStep{users: deps.Users, passwords: deps.Passwords, guesses: deps.Guesses},
		journey.NewPassword: newPasswordStep{newcomers: people, passwords: deps.Passwords},
		journey.Profile:     profileStep{users: deps.Users},
		journey.Consent:     consentStep{},
		journey.Acknowledge: acknowledgeStep{},
		journey.Code:        codeStep{address{newcomers: people}},
		journey.Link:        linkStep{address{newcomers: people}},
		journey.Guest:       guestStep{guesses: deps.Guesses},
		journey.Passkey:     passkeyStep{users: deps.Users, passkeys: deps.Passkeys},
		journey.NewPasskey:  newPasskeyStep{newcomers: people, passkeys: deps.Passkeys},
		journey.Skip:        skipStep{},
	}
}
