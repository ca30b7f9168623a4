package password

import (
	"context"
	"fmt"

	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// Notices tell users what happened to their accounts; notice fills it in.
type Notices interface {
	// PasswordChanged tells the owner, within the unit of work in ctx; whatever is wrong with
	// that is no fault.
	PasswordChanged(ctx context.Context, owner user.ID, application string) error
}

// ChangerDeps are what a Changer needs.
type ChangerDeps struct {
	Passwords *Service
	Users     *user.Service
	Sessions  *session.Service
	Guesses   *risk.Guesses
	Notices   Notices
	Tx        tx.Runner
}

// Changer is the use case of a signed-in user who sets a new password.
type Changer struct{ deps ChangerDeps }

// NewChanger makes a Changer.
func NewChanger(deps ChangerDeps) *Changer { return &Changer{deps: deps} }

// Change sets the password and ends every other session of the user in the same
// unit of work: whoever knew the old one is out. The caller has made sure that the
// authentication is fresh. The user is told of it.
func (c *Changer) Change(ctx context.Context, by session.Session, text secret.Text) error {
	userID, keep := by.UserID, by.ID
	if err := c.deps.Guesses.Submission(ctx); err != nil {
		return err
	}
	who, err := c.deps.Users.ByID(ctx, userID)
	if err != nil {
		return err
	}
	own, err := c.deps.Users.Own(ctx, who) // nobody finds out by trying what they do not see
	if err != nil {
		return err
	}
	prepared, err := c.deps.Passwords.Prepare(ctx, text, own.Words())
	if err != nil {
		return err
	}
	return c.deps.Tx.Run(ctx, func(ctx context.Context) error {
		// It may have been ended while the hash was made: written again here, a thief's
		// session that its owner has just ended changes nothing.
		if _, err := c.deps.Sessions.Raise(ctx, keep, nil); err != nil {
			return err
		}
		if err := c.deps.Passwords.Set(ctx, userID, prepared); err != nil {
			return err
		}
		if _, err := c.deps.Sessions.EndOthers(ctx, userID, keep, session.PasswordChanged); err != nil {
			return fmt.Errorf("change password: %w", err)
		}
		return c.deps.Notices.PasswordChanged(ctx, userID, by.ApplicationID.String())
	})
}
